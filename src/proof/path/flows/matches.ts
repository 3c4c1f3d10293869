/** What flows match, as matches of nftables. */
import { formatAddress } from '../../../address/format.ts';
import type { Family } from '../../../address/ip.ts';
import { type Condition, readWord } from '../../../openflow/match.ts';
import { type Flow, flowText } from '../../../resource/openflow.ts';
import type { Field } from '../../../resource/ruleset/field.ts';
import { type Match, match } from '../../../resource/ruleset/statement.ts';
import type { Value } from '../../../resource/ruleset/value.ts';
import { NotFollowed } from '../not-followed.ts';
import { macText } from './changes.ts';

/** @throws NotFollowed for a word that there is not */
export function conditionsOf(bridge: string, flow: Flow): readonly Condition[] {
  return Object.entries(flow.match).flatMap(([name, value]) => {
    const word = readWord(value === '' ? name : `${name}=${value}`);
    if (!word.ok) throw new NotFollowed(`a flow of ${bridge} matches what is not followed: ${flowText(flow)}`);
    return word.conditions;
  });
}

/** Whether no frame meets both. */
export const areApart = (one: readonly Condition[], other: readonly Condition[]): boolean =>
  other.some((theirs) => one.some((mine) => excludes(mine, theirs)));

function excludes(one: Condition, other: Condition): boolean {
  if (one.field !== other.field) return false;
  if ('port' in one || 'port' in other) return 'port' in one && 'port' in other && one.port !== other.port;
  const both = one.mask & other.mask;
  return (one.value & both) !== (other.value & both);
}

/**
 * Undefined for fields that neither the evaluator nor the sets know.
 *
 * @param deviceOf what a port is called where frames come in by it
 */
export function matchOf(condition: Condition, deviceOf: (port: string) => string): Match | undefined {
  if ('port' in condition) return match('iifname', deviceOf(condition.port));
  const { field, value, mask, bits } = condition;
  const known = nftFields[field];
  const low = ~mask & ((1n << BigInt(bits)) - 1n);
  // A mask of the first bits is a range.
  if (known === undefined || (low & (low + 1n)) !== 0n) return undefined;
  const [from, to] = [known.write(value), known.write(value | low)];
  return match(known.field, low === 0n ? from : { from, to });
}

const asNumber = (value: bigint): number => Number(value);
const asAddress =
  (family: Family) =>
  (value: bigint): string =>
    formatAddress({ family, value });

const nftFields: Readonly<Record<string, { readonly field: Field; readonly write: (value: bigint) => Extract<Value, string | number> }>> = {
  eth_src: { field: 'ether saddr', write: macText },
  eth_dst: { field: 'ether daddr', write: macText },
  eth_type: { field: 'ether type', write: asNumber },
  ip_src: { field: 'ip saddr', write: asAddress(4) },
  ip_dst: { field: 'ip daddr', write: asAddress(4) },
  ipv6_src: { field: 'ip6 saddr', write: asAddress(6) },
  ipv6_dst: { field: 'ip6 daddr', write: asAddress(6) },
  ip_proto: { field: 'meta l4proto', write: asNumber },
  tp_src: { field: 'th sport', write: asNumber },
  tp_dst: { field: 'th dport', write: asNumber },
  icmp_type: { field: 'icmp type', write: asNumber },
  icmpv6_type: { field: 'icmpv6 type', write: asNumber },
  arp_op: { field: 'arp operation', write: asNumber },
  arp_spa: { field: 'arp saddr ip', write: asAddress(4) },
  arp_tpa: { field: 'arp daddr ip', write: asAddress(4) },
  arp_sha: { field: 'arp saddr ether', write: macText },
};
