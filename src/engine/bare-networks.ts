import { hasSwitch } from '../compile/placement.ts';
import type { Network, Segment } from '../network/network.ts';
import type { Plan } from '../plan/plan.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { NetworkSpec } from '../spec/schema/network.ts';

/** A plan with the networks that come or go without any device of their own, which none of its changes speaks of. */
export function withBareNetworks(plan: Plan, { segments }: Network, earlier: BottleFile | undefined): Plan {
  if (plan.changes.length === 0) return plan;
  const before = earlier?.networks ?? {};
  const coming = segments.filter((one) => isBare(one) && before[one.name] === undefined).map(({ name }) => name);
  const there = new Set(segments.map(({ name }) => name));
  const going = Object.entries(before).flatMap(([name, spec]) => (wasBare(spec) && !there.has(name) ? [name] : []));
  return { ...plan, bareNetworks: { coming, going } };
}

/** On switches that it shares with others, carried by others, or on an interface of the host. */
const isBare = (segment: Segment): boolean => segment.kind === 'network' && (segment.vlan !== undefined || !hasSwitch(segment));

const wasBare = (spec: NetworkSpec): boolean =>
  spec.switch !== undefined || spec.overlay !== undefined || (spec.attach?.interface !== undefined && spec.attach.by !== 'veth');
