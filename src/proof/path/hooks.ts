/** The hooks of netfilter in one namespace, chains in the order of their priorities. */
import type { Family } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import type { Chain, Hook } from '../../resource/ruleset/chain.ts';
import type { Decision } from '../evaluate.ts';
import { type Packet, viewOf } from '../packet.ts';
import type { RuledTable, Station } from './model.ts';
import type { Step } from './step.ts';

export interface Hooked {
  readonly ruled: RuledTable;
  readonly chain: Chain & { readonly hook: Hook };
}

/** Tables whose chains a packet of the family comes through. */
export const families: { readonly [F in Family]: readonly string[] } = { 4: ['inet', 'ip'], 6: ['inet', 'ip6'] };

const isBase = (chain: Chain): chain is Chain & { readonly hook: Hook } => chain.hook !== undefined;

export const hooked = ({ tables }: Station, hook: Hook['hook'], tableFamilies: readonly string[]): readonly Hooked[] =>
  tables
    .filter(({ table }) => tableFamilies.includes(table.family))
    .flatMap((ruled) => ruled.table.chains.filter(isBase).map((chain) => ({ ruled, chain })))
    .filter(({ chain }) => chain.hook.hook === hook)
    // Of the same priority the one that was registered last comes first (nf_hook_entries_grow).
    .toReversed()
    .toSorted((one, other) => one.chain.hook.priority - other.chain.hook.priority);

/** NF_IP_PRI_CONNTRACK: what is asked earlier knows no state. */
export const CONNTRACK = -200;

/** Filters of a hook with a priority in a range, until one does not let the packet on. */
export function filter(
  station: Station,
  hook: Hook['hook'],
  packet: Packet,
  steps: Step[],
  { bridge = false, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = {},
): Decision | undefined {
  const wanted = bridge ? ['bridge'] : families[packet.family];
  for (const { ruled, chain } of hooked(station, hook, wanted)) {
    const { type, priority } = chain.hook;
    if (type === 'nat' || priority < from || priority >= to) continue;
    const decision = ruled.evaluator.decide(chain, viewOf(packet));
    const { table } = ruled;
    const { inDevice, outDevice } = packet;
    steps.push({ kind: 'filtered', at: station.namespace, hook, table: `${table.family} ${table.name}`, decision, inDevice, outDevice });
    if (decision.verdict !== 'accept') return decision;
  }
  return undefined;
}

export interface Translation {
  readonly decision: Decision;
  /** Undefined for masquerade. */
  readonly address?: Packet['destination'];
  readonly port?: number;
}

/** What the NAT chains of a hook ask for, for the first packet of a flow. */
export function translation(station: Station, hook: Hook['hook'], packet: Packet): Translation | undefined {
  for (const { ruled, chain } of hooked(station, hook, families[packet.family])) {
    if (chain.hook.type !== 'nat') continue;
    const view = viewOf(packet);
    const decision = ruled.evaluator.decide(chain, view);
    if (decision.nat === undefined) continue;
    if (decision.nat.kind === 'masquerade') return { decision };
    const { to } = decision.nat;
    const [text, port] = 'map' in to ? (ruled.evaluator.dataOf(to.fields, to.map, view) ?? []) : [to.address, to.port];
    if (typeof port === 'object') throw new Error('NAT to a range of ports is not followed');
    const address = text === undefined ? undefined : parseAddress(String(text));
    return {
      decision,
      ...(address?.ok === true && { address: address.value }),
      ...(port !== undefined && { port: Number(port) }),
    };
  }
  return undefined;
}
