/**
 * What chains of a table do to sets of packets: the same as to each packet, for all of them at once.
 *
 * A packet of which rules cannot tell whether they match it (limits) goes both ways, and may be in several sets.
 * Nodes that come out of it are not kept: that is for whoever goes on with them.
 */
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import type { Nat, Statement, VerdictMap } from '../../resource/ruleset/statement.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import type { Table } from '../../resource/table.ts';
import { conditionsOf } from './conditions.ts';
import type { Node } from './diagram.ts';
import { entriesOf, groupsOf, type SetOf, setsOf } from './lookups.ts';
import { marked, untracked } from './marks.ts';
import { EMPTY } from './node-table.ts';
import type { PacketSets } from './packet-sets.ts';
import { decided, type Fate, isIdle, plainFrom } from './plain-rules.ts';
import { intersection, union } from './stretches.ts';

/** Once through a rule; a chain that several rules lead to is gone through several times. */
interface Visit {
  readonly chain: string;
  readonly rule: Rule;
  /** Packets that all its matches let on, if they come to it; without any, no packet is like that. */
  readonly wanted: Node;
  /** Those of them that come to it; without any, rules before it leave nothing to it. */
  readonly matched: Node;
}

/** Packets that a NAT statement is to translate, as they come to it. */
export interface Translated {
  readonly chain: string;
  readonly rule: Rule;
  readonly nat: Nat | { readonly kind: 'masquerade' };
  readonly packets: Node;
}

/** Packets are as they are when it is decided: marks that rules set are set. */
export interface Decisions {
  /** Those to be translated are among them. */
  readonly accepted: Node;
  readonly dropped: Node;
  readonly rejected: Node;
  readonly translated: readonly Translated[];
  readonly visits: readonly Visit[];
}

/** Told of the packets with which a chain is jumped or gone to. */
export type Entered = (chain: string, packets: Node) => void;

/** nf_tables.h: NFT_JUMP_STACK_SIZE. */
const DEEPEST_JUMP = 16;

type Fates = { readonly [F in Fate]: Node[] } & {
  readonly translated: Translated[];
  readonly visits: Visit[];
};

/**
 * @param asks `outcome` leaves `visits` empty, which takes most of the time
 * @throws Error for what it does not understand: a guess would be no proof
 */
export function decide(
  sets: PacketSets,
  table: Pick<Table, 'name' | 'chains' | 'sets' | 'unknown'>,
  chain: Chain,
  packets: Node,
  asks: 'outcome' | 'visits' = 'visits',
  entered?: Entered,
): Decisions {
  if ((table.unknown ?? []).length > 0) throw new Error(`table ${table.name} has what there are no words for: ${table.unknown?.[0]}`);
  const fates: Fates = { accept: [], drop: [], reject: [], translated: [], visits: [] };
  const walk = new Walk(sets, table, fates, asks === 'visits', entered);
  fates[chain.hook?.policy ?? 'accept'].push(walk.run(chain, packets, 0));
  return {
    accepted: union(sets.diagram, fates.accept),
    dropped: union(sets.diagram, fates.drop),
    rejected: union(sets.diagram, fates.reject),
    translated: fates.translated,
    visits: fates.visits,
  };
}

/** Where the packets are that came to a rule. */
interface Under {
  readonly chain: string;
  readonly rule: Rule;
  readonly depth: number;
  /** Still in the rule. */
  on: Node;
  /** On their way to the next rule. */
  readonly next: Node[];
  /** Back to whoever jumped here. */
  readonly returned: Node[];
}

class Walk {
  readonly #sets: PacketSets;
  readonly #fates: Fates;
  readonly #chains: ReadonlyMap<string, Chain>;
  readonly #setOf: SetOf;
  readonly #table: string;
  readonly #tells: boolean;
  readonly #entered: Entered | undefined;

  constructor(sets: PacketSets, table: Pick<Table, 'name' | 'chains' | 'sets'>, fates: Fates, tells: boolean, entered?: Entered) {
    this.#sets = sets;
    this.#entered = entered;
    this.#tells = tells;
    this.#fates = fates;
    this.#chains = new Map(table.chains.map((chain) => [chain.name, chain]));
    this.#setOf = setsOf(table);
    this.#table = table.name;
  }

  /** What is left undecided. */
  run(chain: Chain, packets: Node, depth: number): Node {
    if (depth > DEEPEST_JUMP) throw new Error(`chains of table ${this.#table} jump deeper than ${DEEPEST_JUMP}`);
    const returned: Node[] = [];
    let coming = packets;
    for (let index = 0; index < chain.rules.length && (this.#tells || coming !== EMPTY); ) {
      const rules = plainFrom(chain.rules, index);
      const rule = chain.rules[index];
      if (rules.length > 1) coming = this.#followPlain(chain.name, rules, coming);
      else if (rule !== undefined) coming = this.#follow({ chain: chain.name, rule, depth, on: coming, next: [], returned });
      index += Math.max(1, rules.length);
    }
    return union(this.#sets.diagram, [...returned, coming]);
  }

  /** What comes to the rule behind them. */
  #followPlain(chain: string, rules: readonly (readonly [Rule, Fate])[], packets: Node): Node {
    const { diagram } = this.#sets;
    const plain = rules.map(([rule, fate]) => ({ rule, fate, wanted: this.#wanted(rule) }));
    const { block, matched } = decided(diagram, plain, packets, this.#tells);
    if (this.#tells)
      for (const [index, { rule, wanted }] of plain.entries())
        this.#fates.visits.push({ chain, rule, wanted, matched: matched[index] ?? EMPTY });
    for (const fate of ['accept', 'drop', 'reject'] as const) this.#fates[fate].push(block[fate]);
    return diagram.diff(packets, block.all);
  }

  #wanted({ statements }: Rule): Node {
    return intersection(this.#sets.diagram, [
      this.#sets.all,
      ...statements.flatMap((statement) => conditionsOf(this.#sets, statement, this.#setOf)),
    ]);
  }

  /** What comes to the next rule. */
  #follow(under: Under): Node {
    const { diagram } = this.#sets;
    const { chain, rule } = under;
    if (rule.unknown !== undefined) throw new Error(`a rule of chain ${chain} is not understood: ${rule.unknown}`);
    let conditions: Node[] = [];
    const wanted: Node[] = [this.#sets.all];
    let matched: Node | undefined;
    const letOn = (): void => {
      if (conditions.length === 0) return;
      const all = intersection(diagram, conditions);
      if (this.#tells && matched === undefined) wanted.push(all);
      const on = diagram.and(under.on, all);
      if (on !== under.on) under.next.push(diagram.diff(under.on, all));
      under.on = on;
      conditions = [];
    };
    // Before those of chains that it leads to.
    const visit = this.#fates.visits.length;
    if (this.#tells) this.#fates.visits.push({ chain, rule, wanted: EMPTY, matched: EMPTY });
    for (const statement of rule.statements) {
      conditions.push(...conditionsOf(this.#sets, statement, this.#setOf));
      if (isIdle(statement)) continue;
      letOn();
      if (statement.kind !== 'set' && statement.kind !== 'notrack') matched ??= under.on;
      this.#carryOut(statement, under);
    }
    letOn();
    matched ??= under.on;
    if (this.#tells) this.#fates.visits[visit] = { chain, rule, wanted: intersection(diagram, wanted), matched };
    return union(diagram, [under.on, ...under.next]);
  }

  #carryOut(statement: Statement, under: Under): void {
    switch (statement.kind) {
      case 'verdict':
        this.#act(statement.verdict, under.on, under);
        under.on = EMPTY;
        return;
      case 'vmap':
        this.#lookUp(statement, under);
        return;
      case 'reject':
        this.#fates.reject.push(under.on);
        under.on = EMPTY;
        return;
      case 'snat':
      case 'dnat':
      case 'masquerade':
        this.#fates.translated.push({ chain: under.chain, rule: under.rule, nat: statement, packets: under.on });
        this.#fates.accept.push(under.on);
        under.on = EMPTY;
        return;
      case 'limit':
        under.next.push(under.on);
        return;
      case 'set':
        under.on = marked(this.#sets, statement, under.on);
        return;
      case 'notrack':
        under.on = untracked(this.#sets, under.on);
        return;
      case 'match':
      case 'counter':
      case 'log':
      case 'maxseg':
        return;
    }
  }

  #lookUp({ fields, map }: VerdictMap, under: Under): void {
    const { diagram } = this.#sets;
    for (const { to, packets } of groupsOf(this.#sets, fields, entriesOf(map, this.#setOf))) {
      const led = diagram.and(under.on, packets);
      this.#act(to, led, under);
      // Often all are led on, or none.
      if (led !== EMPTY) under.on = led === under.on ? EMPTY : diagram.diff(under.on, packets);
    }
  }

  #act(verdict: Verdict, packets: Node, under: Under): void {
    if (packets === EMPTY) return;
    if (verdict === 'accept' || verdict === 'drop') this.#fates[verdict].push(packets);
    else if (verdict === 'continue') under.next.push(packets);
    else if (verdict === 'return') under.returned.push(packets);
    else {
      const name = 'jump' in verdict ? verdict.jump : verdict.goto;
      const target = this.#chains.get(name);
      if (target === undefined) throw new Error(`table ${this.#table} has no chain ${name}`);
      this.#entered?.(name, packets);
      const undecided = this.run(target, packets, under.depth + 1);
      // What a chain entered by goto leaves open, the chain of whoever jumped here goes on with.
      ('jump' in verdict ? under.next : under.returned).push(undecided);
    }
  }
}
