/** What rules set of packets. */
import type { Statement } from '../../resource/ruleset/statement.ts';
import type { Node } from './diagram.ts';
import { states } from './layout.ts';
import type { PacketSets } from './packet-sets.ts';
import { overwritten } from './rewriting.ts';

const UNTRACKED = BigInt(states.indexOf('untracked'));

/** Marks that nothing looks at make no difference; packets of no connection have no mark of it. */
export function marked(sets: PacketSets, { field, value }: Extract<Statement, { readonly kind: 'set' }>, packets: Node): Node {
  if (field === 'meta nftrace' || !sets.layout.has(field)) return packets;
  const { diagram } = sets;
  const having = sets.having([field]);
  const after = overwritten(sets, diagram.and(packets, having), [field], sets.inSlot(field, BigInt(value), BigInt(value)));
  return diagram.or(after, diagram.diff(packets, having));
}

/** No connection is kept of them. */
export function untracked(sets: PacketSets, packets: Node): Node {
  const slots = ['state', 'ct status', 'ct direction', 'ct mark'].filter((slot) => sets.layout.has(slot));
  return overwritten(sets, packets, slots, sets.inSlot('state', UNTRACKED, UNTRACKED));
}
