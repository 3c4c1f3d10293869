/** Fields as rules see them, of packets of which something is known: where each is, and what its values are as numbers. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import type { Table } from '../../resource/table.ts';
import { intervalOf } from '../field-codes.ts';
import type { Context } from './context.ts';
import { Diagram, type Node } from './diagram.ts';
import type { Layout } from './layout.ts';
import { type Condition, type Place, placeIn } from './places.ts';
import { intersection, union } from './stretches.ts';
import { turnedPlace } from './turned-place.ts';
import { condition, type Universe, universeOf } from './universe.ts';

/** What a ruleset and all views of it share. */
export interface Base {
  readonly layout: Layout;
  readonly diagram: Diagram;
  readonly universe: Universe;
  readonly places: Map<Field, Place>;
  /** As they are in answers. */
  readonly turned: Map<Field, Place>;
  /** Packets that have a field: kept, because they are asked for again and again. */
  readonly having: Map<string, Node>;
  /** Addresses and other words as numbers. */
  readonly intervals: Map<string, Interval>;
  /** What is found out of lists of keys, which are looked through again and again. */
  readonly lists: WeakMap<readonly unknown[], Map<string, unknown>>;
}

export function baseOf(layout: Layout, family: Table['family']): Base {
  const diagram = new Diagram();
  const universe = universeOf(diagram, layout, family);
  diagram.keep(universe.packets);
  return {
    layout,
    diagram,
    universe,
    places: new Map(),
    turned: new Map(),
    having: new Map(),
    intervals: new Map(),
    lists: new WeakMap(),
  };
}

export class View {
  readonly base: Base;
  readonly context: Context | undefined;

  constructor(base: Base, context?: Context) {
    this.base = base;
    this.context = context;
  }

  get diagram(): Diagram {
    return this.base.diagram;
  }

  /** Every packet that there can be. */
  get all(): Node {
    return this.base.universe.packets;
  }

  get isTurned(): boolean {
    return this.context?.turned === true;
  }

  knows(field: Field | undefined): boolean {
    return field !== undefined && this.context?.known.has(field) === true;
  }

  /** Whether it is known that packets lack one of the fields. */
  isAbsent(fields: readonly Field[]): boolean {
    return fields.some((field) => this.knows(field) && this.context?.known.get(field) === undefined);
  }

  /** Packets that have the field. */
  having(field: Field): Node {
    const { having } = this.base;
    const key = this.isTurned ? `turned ${field}` : field;
    const known = having.get(key);
    if (known !== undefined) return known;
    const place = this.placeOf(field);
    const variants = place.kind === 'list' ? [place] : place.variants;
    const own = union(
      this.diagram,
      variants.map(({ when }) => this.when(when, this.all)),
    );
    having.set(key, this.diagram.keep(own));
    return own;
  }

  when(conditions: readonly Condition[], set: Node): Node {
    return intersection(this.diagram, [set, ...conditions.map((one) => condition(this.diagram, this.base.layout, one))]);
  }

  /** @throws Error where no rule looks at the field */
  placeOf(field: Field): Place {
    const { places, turned, layout } = this.base;
    if (this.isTurned) {
      const known = turned.get(field) ?? turnedPlace(layout, placeIn(layout, field));
      turned.set(field, known);
      return known;
    }
    const known = places.get(field) ?? placeIn(layout, field);
    places.set(field, known);
    return known;
  }

  /** Places of fields of which something is asked: what stands first in the diagram is built last. */
  asked(fields: readonly Field[]): readonly number[] {
    return fields
      .map((_, place) => place)
      .filter((place) => !this.knows(fields[place]))
      .toSorted((one, other) => this.#first(fields[one]) - this.#first(fields[other]));
  }

  #first(field: Field | undefined): number {
    const place = field === undefined ? undefined : this.placeOf(field);
    if (place === undefined) return 0;
    return place.kind === 'list' ? place.slot.first : Math.min(...place.variants.flatMap(({ bits }) => bits));
  }

  /** @throws Error for what the field cannot be */
  interval(field: Field, value: Value): Interval {
    const { intervals } = this.base;
    if (typeof value !== 'string') return intervalOf(field, value);
    const key = `${typeOf(field)} ${value}`;
    const interval = intervals.get(key) ?? intervalOf(field, value);
    intervals.set(key, interval);
    return interval;
  }

  /** What is found out of a list, once for each name. */
  once<T>(list: readonly unknown[], name: string, find: () => T): T {
    const { lists } = this.base;
    const byName = lists.get(list) ?? new Map<string, unknown>();
    lists.set(list, byName);
    if (!byName.has(name)) byName.set(name, find());
    return byName.get(name) as T;
  }
}

export function valueAt(key: Key, place: number, field: Field): Value {
  const value = key[place];
  if (value === undefined) throw new Error(`a key has nothing for ${field}`);
  return value;
}
