/** Which rules and elements of maps translate anything. */
import type { DataMap } from '../../resource/ruleset/named-set.ts';
import { groupsOf } from '../sets/lookups.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Ground } from './ground.ts';
import { Hooks, type Witness } from './hooks.ts';

/** Gathers the comments of those that do. */
export class Translators {
  readonly #ground: Ground;
  readonly #hooks: Hooks;
  readonly #found = new Set<string>();

  constructor(ground: Ground) {
    this.#ground = ground;
    this.#hooks = new Hooks(ground);
  }

  get comments(): ReadonlySet<string> {
    return this.#found;
  }

  /** What a station sends itself has the source that it is to have. */
  readonly translated: NonNullable<Witness['translated']> = ({ ruled, situation }, { rule, nat, packets }) => {
    if (nat.kind !== 'dnat' && situation.inDevice === undefined) return;
    if (nat.kind === 'masquerade' || !('map' in nat.to)) {
      if (packets !== EMPTY) this.#found.add(rule.comment);
      return;
    }
    const { fields, map: name } = nat.to;
    const map = ruled.table.sets.find((set): set is DataMap => set.kind === 'map' && set.name === name);
    const comments = new Set(map?.elements.map(({ comment }) => comment));
    if (map === undefined || [...comments].every((comment) => this.#found.has(comment))) return;
    const sets = this.#hooks.viewOf(situation, packets);
    const entries = map.elements.map(({ key, comment }) => ({ key, to: comment }));
    for (const group of groupsOf(sets, fields, entries))
      if (this.#ground.space.diagram.and(packets, group.packets) !== EMPTY) this.#found.add(group.to);
  };
}
