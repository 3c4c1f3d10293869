import type { Leg } from '../legs.ts';
import type { Names } from '../names.ts';
import type { NodeDraft } from '../nodes.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import { checkSwitch } from './check-switch.ts';
import type { Switching } from './switches.ts';

/** Whether each network holds together, without going round in a circle, and everybody is plugged in where it is. */
export function checkSwitching(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  switching: Switching,
  names: Names,
  report: Report,
): void {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  for (const segment of segments) checkWhole(segment, switching, report);
  for (const node of nodes) {
    for (const leg of node.legs) {
      const segment = byName.get(leg.segment);
      if (segment !== undefined) checkPlug(leg, segment, names, report);
    }
    checkUntagged(node, byName, report);
  }
}

function checkWhole({ name, switches, origin }: SegmentDraft, { switches: known, trunks, vlans }: Switching, report: Report): void {
  if (!vlans.has(name)) return;
  const carrying = trunks.filter(({ carries }) => carries.some(({ segment }) => segment === name));
  const speaking = new Set(known.flatMap((one) => (one.stp ? [one.name] : [])));
  const tree = new Map<string, string[]>();
  for (const { ends, origin: place } of carrying) {
    const [one, other] = ends;
    const ring = wayBetween(tree, one, other);
    if (ring === undefined) {
      tree.set(one, [...(tree.get(one) ?? []), other]);
      tree.set(other, [...(tree.get(other) ?? []), one]);
      continue;
    }
    // Who does not speak the protocol with several VLANs does not pass its messages on either.
    const silent = ring.filter((each) => !speaking.has(each));
    if (silent.length === 0) continue;
    report.error(
      'trunk-loop',
      place,
      `the trunk between \`${one}\` and \`${other}\` closes a loop for \`${name}\`: frames would go round for ever`,
      {
        at: 'key',
        remedy: `Set \`stp: true\` for ${listed(silent)}, or leave \`${name}\` out of one of the trunks.`,
      },
    );
  }
  const [first = ''] = switches;
  const apart = switches.find((one) => wayBetween(tree, first, one) === undefined);
  if (apart === undefined) return;
  report.error(
    'vlan-apart',
    [...origin, 'switch'],
    `\`${name}\` is on \`${first}\` and \`${apart}\`, and no trunks between them carry it`,
    {
      remedy: `${
        joining(
          name,
          switches.filter((one) => wayBetween(tree, first, one) !== undefined),
          switches,
          trunks,
        ) ?? `Write \`trunks: { ${apart}: {} }\` under \`${first}\``
      }, or make two networks and route between them.`,
    },
  );
}

/** A trunk that only leaves the network out takes it in. */
function joining(network: string, near: readonly string[], switches: readonly string[], trunks: Switching['trunks']): string | undefined {
  const leaves = ([one, other]: readonly [string, string]): boolean =>
    near.includes(one) !== near.includes(other) && switches.includes(one) && switches.includes(other);
  const trunk = trunks.find(({ ends, carries }) => leaves(ends) && !carries.some(({ segment }) => segment === network));
  return trunk && `Add \`${network}\` to \`allow\` of the trunk between \`${trunk.ends[0]}\` and \`${trunk.ends[1]}\``;
}

/** The switches on the only way through a tree, both ends included. */
function wayBetween(tree: ReadonlyMap<string, readonly string[]>, from: string, to: string): readonly string[] | undefined {
  const cameFrom = new Map([[from, from]]);
  for (const at of cameFrom.keys()) {
    if (at === to) break;
    for (const next of tree.get(at) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, at);
  }
  if (!cameFrom.has(to)) return undefined;
  const way = [to];
  for (let at = to; at !== from; way.push(at)) at = cameFrom.get(at) ?? from;
  return way;
}

function checkPlug(leg: Leg, { name, switches, spec, origin }: SegmentDraft, names: Names, report: Report): void {
  const { switch: chosen, tagged } = leg;
  const place = [...leg.origin, 'switch'];
  if (chosen !== undefined && checkSwitch(chosen, place, 'value', names, report) && !switches.includes(chosen)) {
    report.error('plug-where', place, `\`${name}\` is not on the switch \`${chosen}\``, {
      remedy: switches.length === 0 ? 'Leave it out: the network has a switch of its own.' : `It is on ${listed(switches)}.`,
      related: [{ message: `\`${name}\``, origin, at: 'key' }],
    });
  }
  if (chosen === undefined && switches.length > 1) {
    report.error('plug-where', leg.origin, `\`${name}\` is on ${listed(switches)}: into which of them is \`${leg.node}\` plugged?`, {
      ...(leg.role === 'interface' && { at: 'key' as const }),
      remedy:
        leg.role === 'interface'
          ? `Write \`${name}: { switch: ${switches[0]}, address: auto }\`.`
          : 'A bridge joins networks that are on one switch.',
    });
  }
  if (tagged === true && (switches.length === 0 || !('vlan' in spec) || spec.vlan === undefined)) {
    report.error('tag-without-vlan', [...leg.origin, 'tagged'], `\`${name}\` has no \`vlan\`, and so no tag`, {
      remedy: 'Leave it out, or give the network a `switch` and a `vlan`.',
    });
  }
}

/** One cable has one network at most whose frames have no tag. */
function checkUntagged({ name, legs }: NodeDraft, byName: ReadonlyMap<string, SegmentDraft>, report: Report): void {
  const switchAt = (leg: Leg): string | undefined => leg.switch ?? byName.get(leg.segment)?.switches[0];
  for (const where of new Set(legs.filter(({ tagged }) => tagged).map(switchAt))) {
    const [first, second] = legs.filter((leg) => leg.tagged !== true && where !== undefined && switchAt(leg) === where);
    if (first === undefined || second === undefined) continue;
    report.error(
      'two-untagged',
      second.origin,
      `the cable of \`${name}\` to \`${where}\` has tags, and two networks without: \`${first.segment}\` and \`${second.segment}\``,
      {
        at: 'key',
        remedy: `Write \`tagged: true\` for \`${second.segment}\`.`,
        related: [{ message: `\`${first.segment}\``, origin: first.origin, at: 'key' }],
      },
    );
  }
}
