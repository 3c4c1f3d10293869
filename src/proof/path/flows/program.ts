/**
 * OpenFlow rules as chains of nftables: which of them lets a frame out of the port that is asked about. So both the
 * evaluator and the sets follow them as they follow any rules. What a rule has no words for is a chain of its own, which
 * frames are sent to that meet it.
 */
import type { Address } from '../../../address/ip.ts';
import { groupBy } from '../../../collection/group-by.ts';
import type { Condition } from '../../../openflow/match.ts';
import { type Flow, flowText, type OpenFlow } from '../../../resource/openflow.ts';
import type { Chain, Rule } from '../../../resource/ruleset/chain.ts';
import { commentOf } from '../../../resource/ruleset/comment.ts';
import { type Match, match, type Statement, verdict } from '../../../resource/ruleset/statement.ts';
import type { Table } from '../../../resource/table.ts';
import { type Decision, type PacketView, TableEvaluator } from '../../evaluate.ts';
import { NotFollowed } from '../not-followed.ts';
import { addressesIn, isFollowed, macsAfter } from './changes.ts';
import { type Change, changesBy, copiesOf, type Effect, effectOf, type Surroundings } from './effects.ts';
import { areApart, conditionsOf, matchOf } from './matches.ts';
import { misleading, type Shores } from './misleading.ts';

/** What the flows of a switch do with frames. */
export interface Program {
  readonly table: Table;
  readonly evaluator: TableEvaluator;
  /** Where every frame begins. */
  readonly begin: Chain;
  /** The flow that a rule comes from. */
  readonly flowOf: ReadonlyMap<Rule, Flow>;
  /** What becomes of frames that come to a chain of a flow, by its name. */
  readonly special: ReadonlyMap<string, Special>;
  /** Addresses that frames get. */
  readonly addresses: readonly Address[];
}

/** What flows do with frames that no rule of nftables has words for. */
export interface Special {
  /** The MAC address that frames are for from there on: it is asked whether they leave by a device behind which that is. */
  readonly receiver?: string;
  /** What becomes of those of which it is asked whether they leave by a device. @throws NotFollowed */
  readonly onward: (device: string) => Onward | 'stays';
}

interface Onward {
  readonly changes: readonly Change[];
  /** What goes on with them; they leave where nothing does. */
  readonly chain?: Chain;
}

/** What is around the flows of a switch. */
export interface Switch extends Omit<Surroundings, 'groups' | 'not'>, Omit<Shores, 'groups'> {
  /** What its ports are called. */
  readonly devices: readonly string[];
  /** Whether a frame leaves by a device, as it came in by another, as if it had been switched there. */
  readonly switches: (from: string, to: string) => boolean;
}

/** @throws NotFollowed for what cannot be read, and for what may change where frames go that it has nothing to do with */
export function programOf(resource: OpenFlow, around: Switch): Program {
  return new Builder(resource, around).program();
}

/** What the flows do with a frame of ARP or neighbour discovery. @throws NotFollowed where they change it */
export function decideFrame({ evaluator, begin, special, table }: Program, view: PacketView, device: string): Decision {
  const decision = evaluator.decide(begin, view);
  const onward = special.get(decision.by?.chain ?? '')?.onward(device);
  if (onward === undefined || onward === 'stays') return decision;
  throw new NotFollowed(`flows change frames by which neighbours find each other (${table.name}), and what they find then is not followed`);
}

/** Which flow has let the frame on or dropped it; its table where none did. */
export function decisiveFlow({ flowOf }: Program, { by, chain }: Decision): { readonly table: number; readonly flow?: Flow } {
  const flow = by === undefined ? undefined : flowOf.get(by.rule);
  return flow === undefined ? { table: Number((by?.chain ?? chain).slice(chainName(0).length - 1)) } : { table: flow.table, flow };
}

const chainName = (table: number): string => `table ${table}`;

/** Pairs of flows in a table. */
const MOST_DISPUTED = 100;

interface ReadFlow {
  readonly flow: Flow;
  readonly conditions: readonly Condition[];
  /** Those of its matches that there are words for. */
  readonly matches: readonly Match[];
}

class Builder {
  readonly #resource: OpenFlow;
  readonly #around: Switch;
  readonly #flowOf = new Map<Rule, Flow>();
  readonly #special = new Map<string, Special>();
  readonly #addresses: Address[] = [];
  readonly #tables = new Map<number, Chain>();
  readonly #chains: Chain[] = [];
  readonly #byTable: ReadonlyMap<number, readonly Flow[]>;

  constructor(resource: OpenFlow, around: Switch) {
    this.#resource = resource;
    this.#around = around;
    this.#byTable = new Map([[0, []], ...groupBy(resource.flows, ({ table }) => table)]);
  }

  program(): Program {
    const { origin, namespace, switch: bridge } = this.#resource;
    for (const [number, flows] of this.#byTable) {
      const hook = { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' } as const;
      this.#tables.set(number, { name: chainName(number), rules: this.#rulesOf(flows), hook });
    }
    const begin = this.#tables.get(0);
    if (begin === undefined) throw new Error(`${bridge} has no table 0`);
    const later = [...this.#tables.values()].filter((chain) => chain !== begin).map(({ name, rules }): Chain => ({ name, rules }));
    const chains = [begin, ...later, ...this.#chains];
    const table: Table = { kind: 'table', origin, namespace, family: 'bridge', name: `openflow ${bridge}`, chains, sets: [] };
    const evaluator = new TableEvaluator(table);
    return { table, evaluator, begin, flowOf: this.#flowOf, special: this.#special, addresses: this.#addresses };
  }

  #rulesOf(flows: readonly Flow[]): readonly Rule[] {
    const read = flows.map((flow): ReadFlow => {
      const conditions = conditionsOf(this.#resource.switch, flow);
      return { flow, conditions, matches: conditions.flatMap((one) => matchOf(one, this.#around.deviceOf) ?? []) };
    });
    const equals = groupBy(
      read.toSorted((one, other) => other.flow.priority - one.flow.priority),
      ({ flow }) => flow.priority,
    );
    return [...equals.values()].flatMap((own) => [...this.#disputed(own), ...own.flatMap((one) => this.#rulesFor(one))]);
  }

  /** Of flows with one priority that both match, Open vSwitch takes any. @throws NotFollowed where there are too many of them */
  #disputed(flows: readonly ReadFlow[]): readonly Rule[] {
    const disputed = flows.flatMap((one, index) =>
      flows.slice(index + 1).flatMap((other): readonly [ReadFlow, ReadFlow][] => {
        const isSame = one.flow.actions.join() === other.flow.actions.join();
        return isSame || areApart(one.conditions, other.conditions) ? [] : [[one, other]];
      }),
    );
    return disputed.map(([one, other]) => {
      const why = `two flows of ${this.#resource.switch} with priority ${one.flow.priority} may match the same frame: ${flowText(one.flow)} and ${flowText(other.flow)}`;
      if (disputed.length > MOST_DISPUTED) throw new NotFollowed(why);
      return this.#led(one.flow, [...one.matches, ...other.matches], unknown(new NotFollowed(why)));
    });
  }

  #rulesFor({ flow, conditions, matches }: ReadFlow): readonly Rule[] {
    const not = (what: string): NotFollowed =>
      new NotFollowed(`a flow of ${this.#resource.switch} ${what}, which the proof does not follow: ${flowText(flow)}`);
    const wrong = misleading(flow, conditions, { ...this.#around, groups: this.#resource.groups });
    if (wrong !== undefined) throw not(wrong);
    const effect = effectOf(flow, { ...this.#around, groups: this.#resource.groups, not });
    const unasked = conditions.find((one) => matchOf(one, this.#around.deviceOf) === undefined);
    this.#refuseStrays(effect, conditions, not);
    if (unasked !== undefined) return [this.#led(flow, matches, unknown(not(`asks for ${unasked.field}`)))];
    const next = effect.next !== undefined && this.#byTable.has(effect.next.table) ? effect.next : undefined;
    const wrongly = this.#notFollowedIn(effect, next);
    if (wrongly !== undefined) return [this.#led(flow, matches, unknown(not(wrongly)))];
    const done = [...copiesOf(effect), ...(next === undefined ? [] : [next])];
    this.#addresses.push(...done.flatMap(({ changes }) => addressesIn(changes)));
    const onward = (device: string): Onward | 'stays' => {
      const changes = changesBy(effect, device);
      if (changes === undefined) throw not('lets a group choose');
      if (changes !== 'stays') return { changes };
      const chain = next && this.#tables.get(next.table);
      return next === undefined || chain === undefined ? 'stays' : { changes: next.changes, chain };
    };
    const [receiver] = done.flatMap(({ changes }) => macsAfter(changes).etherDestination ?? []);
    if (receiver !== undefined) return [this.#led(flow, matches, { receiver, onward })];
    const rule = (...end: readonly Statement[]): Rule => this.#ruled(flow, [...matches, ...end]);
    const named = new Set(copiesOf(effect).flatMap(({ out }) => (typeof out === 'string' ? [] : [out.port])));
    const sent = [...[...named].map((device) => [device, [match('oifname', device)]] as const), ['', []] as const].flatMap(
      ([device, by]): readonly Rule[] => {
        const changes = changesBy(effect, device);
        // Behind those of ports that a group may choose, nothing is left out.
        if (changes === 'stays') return [];
        return [changes?.length === 0 ? rule(...by, verdict('accept')) : this.#led(flow, [...matches, ...by], { onward })];
      },
    );
    if (next !== undefined && next.changes.length > 0) return [...sent, this.#led(flow, matches, { onward })];
    return [...sent, rule(verdict(next === undefined ? 'drop' : { goto: chainName(next.table) }))];
  }

  /** In words. */
  #notFollowedIn(effect: Effect, next: Effect['next']): string | undefined {
    const copies = copiesOf(effect);
    const done = [...copies, ...(next === undefined ? [] : [next])];
    if (!done.every(({ changes }) => changes.every(isFollowed))) return 'changes frames';
    if (new Set(done.map(({ changes }) => macsAfter(changes).etherDestination)).size > 1) return 'sends frames to several receivers';
    // One frame becomes several that differ.
    if (next === undefined || copies.length === 0) return undefined;
    const isChanged = done.some(({ changes }) => changes.length > 0) || this.#changesFrom(next.table);
    return isChanged ? 'sends frames on and lets another table change them' : undefined;
  }

  #changesFrom(first: number): boolean {
    const { flows, groups } = this.#resource;
    const words = [
      ...flows.filter(({ table }) => table >= first).flatMap(({ actions }) => actions),
      ...groups.flatMap(({ buckets }) => buckets.flatMap(({ actions }) => actions)),
    ];
    return words.some((word) => ['set_field', 'dec_ttl', 'push_vlan', 'pop_vlan'].some((change) => word.startsWith(change)));
  }

  /** A rule that leads to a chain of its own. */
  #led(flow: Flow, matches: readonly Match[], special: Special): Rule {
    const name = `flow ${this.#chains.length}`;
    this.#special.set(name, special);
    this.#chains.push({ name, rules: [this.#ruled(flow, [verdict('drop')])] });
    return this.#ruled(flow, [...matches, verdict({ goto: name })]);
  }

  #ruled(flow: Flow, statements: readonly Statement[]): Rule {
    const rule = { statements, comment: commentOf(flow.origin ?? []) };
    this.#flowOf.set(rule, flow);
    return rule;
  }

  /** @throws NotFollowed where frames come in by a port that would leave by another otherwise than the switch has it */
  #refuseStrays(effect: Effect, conditions: readonly Condition[], not: (what: string) => NotFollowed): void {
    const { devices, switches, deviceOf } = this.#around;
    const from = conditions.flatMap((one) => ('port' in one ? [deviceOf(one.port)] : []));
    const outs = new Set(copiesOf(effect).flatMap(({ out }) => (out === 'switched' ? [] : out === 'everywhere' ? devices : [out.port])));
    for (const inPort of from.length > 0 ? from : devices)
      for (const out of outs)
        if (inPort !== out && !switches(inPort, out)) throw not(`sends frames from ${inPort} out of ${out} without regard to their VLANs`);
  }
}

const unknown = (error: NotFollowed): Special => ({
  onward: () => {
    throw error;
  },
});
