/** What flows change, done to sets of packets. */
import type { Family } from '../../address/ip.ts';
import { fields } from '../../openflow/field.ts';
import { applies } from '../path/flows/changes.ts';
import type { Change } from '../path/flows/effects.ts';
import { NotFollowed } from '../path/not-followed.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { image, type Rewriting } from '../sets/rewriting.ts';
import { intersection } from '../sets/stretches.ts';
import type { End, Space } from './space.ts';

export interface Frames {
  readonly family: Family;
  /** They are answers, and kept as what they answer. */
  readonly turned: boolean;
  readonly hops: number;
  readonly packets: Node;
}

export interface Changed {
  readonly packets: Node;
  readonly hops: number;
  /** In the order in which they were made: each gives a slot one value. */
  readonly rewritings: readonly Rewriting[];
}

type Setting = Extract<Change, { kind: 'set' }>;

/** MAC addresses are in no set. Undefined where the last hop was counted. @throws NotFollowed */
export function changedFrames(space: Space, changes: readonly Change[], { family, turned, hops, packets }: Frames): Changed | undefined {
  let now: Changed = { packets, hops, rewritings: [] };
  for (const change of changes) {
    if (change.kind !== 'set') {
      if (now.hops <= 1) return undefined;
      now = { ...now, hops: now.hops - 1 };
    } else if (change.field === 'nw_ttl') now = { ...now, hops: Number(change.value) };
    else if (!change.field.startsWith('eth_')) {
      const rewriting = rewritingOf(space, change, family, turned, now.packets);
      if (rewriting === undefined) continue;
      const after = space.diagram.and(image(space.sets, rewriting, now.packets), space.plain(family));
      now = { ...now, packets: after, rewritings: [...now.rewritings, rewriting] };
    }
  }
  return now;
}

/** Undefined for packets that have no such field. */
function rewritingOf(space: Space, change: Setting, family: Family, turned: boolean, packets: Node): Rewriting | undefined {
  const { field, value } = change;
  const end: End = field.endsWith('_src') !== turned ? 'source' : 'destination';
  if (!field.startsWith('tp_')) {
    if ((field.startsWith('ipv6_') ? 6 : 4) !== family) return undefined;
    return { packets, slots: [end], to: space.addresses(end, family, [{ family, value }]) };
  }
  const { diagram, sets } = space;
  const protocols = (fields[change.name]?.of ?? []).flatMap(({ ipProtocol = 0 }) =>
    applies(change, family, ipProtocol) ? [ipProtocol] : [],
  );
  const having = intersection(diagram, [
    packets,
    sets.among(
      ['meta l4proto'],
      protocols.map((protocol) => [protocol]),
    ),
    sets.having(['th sport']),
  ]);
  if (having === EMPTY) return undefined;
  if (having !== packets) throw new NotFollowed(`a flow sets ${change.name} of frames that may have none, which the proof does not follow`);
  const slot = end === 'source' ? 'sport' : 'dport';
  return { packets, slots: [slot], to: sets.inSlot(slot, value, value) };
}

/** Packets that are themselves after all of it. */
export function unchanged(space: Space, rewritings: readonly Rewriting[]): Node {
  const last = new Map(rewritings.flatMap(({ slots, to }) => slots.map((slot) => [slot, to] as const)));
  return intersection(space.diagram, [space.sets.all, ...last.values()]);
}
