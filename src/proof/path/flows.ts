/**
 * OpenFlow rules as chains of nftables: which of them lets a frame out of the port that is asked about. So both the
 * evaluator and the sets follow them as they follow any rules.
 */
import { formatAddress } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import type { Action } from '../../openflow/action.ts';
import { readAction } from '../../openflow/action.ts';
import { type Condition, readWord } from '../../openflow/match.ts';
import { type Flow, type FlowGroup, flowText, type OpenFlow } from '../../resource/openflow.ts';
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Match, match, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Value } from '../../resource/ruleset/value.ts';
import type { Table } from '../../resource/table.ts';
import { type Decision, TableEvaluator } from '../evaluate.ts';

/** Something that the proof has no words for: whatever hangs on it is not known, and not guessed. */
export class NotFollowed extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotFollowed';
  }
}

/** What the flows of a switch do with frames. */
export interface Program {
  readonly table: Table;
  readonly evaluator: TableEvaluator;
  /** Where every frame begins. */
  readonly begin: Chain;
  /** The flow that a rule comes from. */
  readonly flowOf: ReadonlyMap<Rule, Flow>;
}

/** Whether a frame leaves by a port, as it came in by another, as if it had been switched there. */
export type Switches = (inPort: string, outPort: string) => boolean;

/** @throws NotFollowed for what changes frames, or leaves it to the switch where they go */
export function programOf(
  { origin, namespace, switch: bridge, flows, groups }: OpenFlow,
  ports: readonly string[],
  switches: Switches,
): Program {
  const flowOf = new Map<Rule, Flow>();
  const byTable = new Map<number, Flow[]>([[0, []]]);
  for (const flow of flows) byTable.set(flow.table, [...(byTable.get(flow.table) ?? []), flow]);
  const chainOf = (table: number): Chain => {
    const sorted = (byTable.get(table) ?? []).toSorted((one, other) => other.priority - one.priority);
    const rules = sorted.flatMap((flow, index) => {
      if (sorted[index + 1]?.priority === flow.priority)
        checkApart(
          bridge,
          flow,
          sorted.filter((other) => other.priority === flow.priority),
        );
      const made = rulesOf(bridge, flow, groups, ports, switches, new Set(byTable.keys()));
      for (const rule of made) flowOf.set(rule, flow);
      return made;
    });
    const hook = { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' } as const;
    return { name: chainName(table), rules, ...(table === 0 && { hook }) };
  };
  const chains = [...byTable.keys()].map(chainOf);
  const table: Table = { kind: 'table', origin, namespace, family: 'bridge', name: `openflow ${bridge}`, chains, sets: [] };
  const [begin] = chains;
  if (begin === undefined) throw new Error(`${bridge} has no table 0`);
  return { table, evaluator: new TableEvaluator(table), begin, flowOf };
}

const chainName = (table: number): string => `table ${table}`;

/** Which flow has let the frame on or dropped it; its table where none did. */
export function decisiveFlow({ flowOf }: Program, { by, chain }: Decision): { readonly table: number; readonly flow?: Flow } {
  const flow = by === undefined ? undefined : flowOf.get(by.rule);
  return flow === undefined ? { table: Number((by?.chain ?? chain).slice(chainName(0).length - 1)) } : { table: flow.table, flow };
}

/** Of flows with one priority that both match, Open vSwitch takes any: no frame may match two, unless they do the same. */
function checkApart(bridge: string, flow: Flow, others: readonly Flow[]): void {
  const own = conditionsOf(bridge, flow);
  for (const other of others) {
    if (other === flow || other.actions.join() === flow.actions.join()) continue;
    const apart = conditionsOf(bridge, other).some((theirs) => own.some((mine) => excludes(mine, theirs)));
    if (!apart)
      throw new NotFollowed(
        `two flows of ${bridge} with priority ${flow.priority} may match the same frame: ${flowText(flow)} and ${flowText(other)}`,
      );
  }
}

function excludes(one: Condition, other: Condition): boolean {
  if (one.field !== other.field) return false;
  if ('port' in one || 'port' in other) return 'port' in one && 'port' in other && one.port !== other.port;
  const both = one.mask & other.mask;
  return (one.value & both) !== (other.value & both);
}

function conditionsOf(bridge: string, flow: Flow): readonly Condition[] {
  return Object.entries(flow.match).flatMap(([name, value]) => {
    const word = readWord(value === '' ? name : `${name}=${value}`);
    if (!word.ok) throw new NotFollowed(`a flow of ${bridge} matches what is not followed: ${flowText(flow)}`);
    return word.conditions;
  });
}

function rulesOf(
  bridge: string,
  flow: Flow,
  groups: readonly FlowGroup[],
  ports: readonly string[],
  switches: Switches,
  tables: ReadonlySet<number>,
): readonly Rule[] {
  const not = (what: string): NotFollowed =>
    new NotFollowed(`a flow of ${bridge} ${what}, which the proof does not follow: ${flowText(flow)}`);
  const conditions = conditionsOf(bridge, flow);
  const matches = conditions.map((one) => matchOf(one) ?? not(`asks for ${one.field}`));
  const wrong = matches.find((one) => one instanceof NotFollowed);
  if (wrong instanceof NotFollowed) throw wrong;
  const asked = matches.filter((one): one is Match => !(one instanceof NotFollowed));
  const comment = commentOf(flow.origin ?? []);
  const rule = (...end: readonly Statement[]): Rule => ({ statements: [...asked, ...end], comment });
  const from = conditions.flatMap((one) => ('port' in one ? [one.port] : []));
  const checkRaw = (out: string): void => {
    for (const inPort of from.length > 0 ? from : ports)
      if (inPort !== out && !switches(inPort, out)) throw not(`sends frames from ${inPort} out of ${out} without regard to their VLANs`);
  };
  let last = rule(verdict('drop'));
  const outs: Rule[] = [];
  const act = (action: Action, inGroup: boolean): void => {
    switch (action.kind) {
      case 'drop':
        return;
      case 'normal':
        outs.push(rule(verdict('accept')));
        return;
      case 'flood':
      case 'all':
        for (const port of ports) checkRaw(port);
        outs.push(rule(verdict('accept')));
        return;
      case 'output':
        checkRaw(action.port);
        outs.push(rule(match('oifname', action.port), verdict('accept')));
        return;
      case 'goto_table':
        if (tables.has(action.table)) last = rule(verdict({ goto: chainName(action.table) }));
        return;
      case 'group': {
        const group = groups.find(({ id }) => id === action.group);
        if (group === undefined || inGroup) throw not(`leads to group ${action.group}`);
        // One without weight is never chosen.
        const buckets = group.type === 'select' ? group.buckets.filter(({ weight }) => weight !== 0) : group.buckets;
        if (buckets.length > 1 && group.type !== 'all') throw not(`lets a group choose`);
        if (buckets.some(({ watchPort }) => watchPort !== undefined)) throw not('lets a group watch a port');
        for (const bucket of buckets) {
          const actions = readAll(bucket.actions, not);
          if (actions.filter(({ kind }) => kind !== 'drop').length > 1)
            throw not('leads to a group that does several things in one bucket');
          for (const one of actions) act(one, true);
        }
        return;
      }
      default:
        throw not(action.kind === 'in_port' ? 'sends frames back to where they came from' : 'changes frames');
    }
  };
  for (const action of readAll(flow.actions, not)) act(action, false);
  return [...outs, last];
}

function readAll(words: readonly string[], not: (what: string) => NotFollowed): readonly Action[] {
  return words.map((word) => {
    const read = readAction(word);
    if (!read.ok) throw not(`does ${word}`);
    return read.action;
  });
}

/** Undefined for fields that neither the evaluator nor the sets know. */
function matchOf(condition: Condition): Match | undefined {
  if ('port' in condition) return match('iifname', condition.port);
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
const asMac = (value: bigint): string => (value.toString(16).padStart(12, '0').match(/../g) ?? []).join(':');

const nftFields: Readonly<Record<string, { readonly field: Field; readonly write: (value: bigint) => Extract<Value, string | number> }>> = {
  eth_src: { field: 'ether saddr', write: asMac },
  eth_dst: { field: 'ether daddr', write: asMac },
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
  arp_sha: { field: 'arp saddr ether', write: asMac },
};
