/**
 * OpenFlow rules as chains of nftables: which of them lets a frame out of the port that is asked about. So both the
 * evaluator and the sets follow them as they follow any rules. What a rule has no words for is a chain of its own, which
 * frames are sent to that meet it.
 */
import { groupBy } from '../../../collection/group-by.ts';
import type { Condition } from '../../../openflow/match.ts';
import { type Flow, flowText, type OpenFlow } from '../../../resource/openflow.ts';
import type { Chain, Rule } from '../../../resource/ruleset/chain.ts';
import { commentOf } from '../../../resource/ruleset/comment.ts';
import { type Match, match, type Statement, verdict } from '../../../resource/ruleset/statement.ts';
import type { Table } from '../../../resource/table.ts';
import { type Decision, type PacketView, TableEvaluator } from '../../evaluate.ts';
import { NotFollowed } from '../not-followed.ts';
import { changesBy, copiesOf, type Effect, effectOf, type Surroundings } from './effects.ts';
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
  /** Why what becomes of frames is not known that come to a chain, by its name. */
  readonly unknown: ReadonlyMap<string, string>;
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

/** What the flows do with a frame. @throws NotFollowed */
export function decideFrame({ evaluator, begin, unknown }: Program, view: PacketView): Decision {
  const decision = evaluator.decide(begin, view);
  const why = unknown.get(decision.by?.chain ?? '');
  if (why !== undefined) throw new NotFollowed(why);
  return decision;
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
  readonly #unknown = new Map<string, string>();
  readonly #chains: Chain[] = [];
  readonly #byTable: ReadonlyMap<number, readonly Flow[]>;

  constructor(resource: OpenFlow, around: Switch) {
    this.#resource = resource;
    this.#around = around;
    this.#byTable = new Map([[0, []], ...groupBy(resource.flows, ({ table }) => table)]);
  }

  program(): Program {
    const { origin, namespace, switch: bridge } = this.#resource;
    const tables = [...this.#byTable].map(([number, flows]): Chain => {
      const hook = { type: 'filter', hook: 'forward', priority: 0, policy: 'drop' } as const;
      return { name: chainName(number), rules: this.#rulesOf(flows), ...(number === 0 && { hook }) };
    });
    const [begin] = tables;
    if (begin === undefined) throw new Error(`${bridge} has no table 0`);
    const chains = [...tables, ...this.#chains];
    const table: Table = { kind: 'table', origin, namespace, family: 'bridge', name: `openflow ${bridge}`, chains, sets: [] };
    return { table, evaluator: new TableEvaluator(table), begin, flowOf: this.#flowOf, unknown: this.#unknown };
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
      return this.#led(one.flow, [...one.matches, ...other.matches], why);
    });
  }

  #rulesFor({ flow, conditions, matches }: ReadFlow): readonly Rule[] {
    const not = (what: string): NotFollowed =>
      new NotFollowed(`a flow of ${this.#resource.switch} ${what}, which the proof does not follow: ${flowText(flow)}`);
    const wrong = misleading(flow, conditions, { ...this.#around, groups: this.#resource.groups });
    if (wrong !== undefined) throw not(wrong);
    const effect = effectOf(flow, { ...this.#around, groups: this.#resource.groups, not });
    const unknown = conditions.find((one) => matchOf(one, this.#around.deviceOf) === undefined);
    this.#refuseStrays(effect, conditions, not);
    if (unknown !== undefined) return [this.#led(flow, matches, not(`asks for ${unknown.field}`).message)];
    const rule = (...end: readonly Statement[]): Rule => this.#ruled(flow, [...matches, ...end]);
    const next = effect.next !== undefined && this.#byTable.has(effect.next.table) ? effect.next : undefined;
    const named = new Set(copiesOf(effect).flatMap(({ out }) => (typeof out === 'string' ? [] : [out.port])));
    const sent = [...[...named].map((device) => [device, [match('oifname', device)]] as const), ['', []] as const].flatMap(
      ([device, by]): readonly Rule[] => {
        const changes = changesBy(effect, device);
        // Behind those of ports that a group may choose, nothing is left out.
        if (changes === 'stays') return [];
        if (changes?.length === 0) return [rule(...by, verdict('accept'))];
        return [this.#led(flow, [...matches, ...by], not(changes === undefined ? 'lets a group choose' : 'changes frames').message)];
      },
    );
    if (next !== undefined && next.changes.length > 0) return [...sent, this.#led(flow, matches, not('changes frames').message)];
    return [...sent, rule(verdict(next === undefined ? 'drop' : { goto: chainName(next.table) }))];
  }

  /** A rule that leads to a chain of its own. */
  #led(flow: Flow, matches: readonly Match[], why: string): Rule {
    const name = `flow ${this.#chains.length}`;
    this.#unknown.set(name, why);
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
