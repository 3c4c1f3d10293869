/** Sets of packets from what rules say of fields. */
import type { Field } from '../../resource/ruleset/field.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import type { Table } from '../../resource/table.ts';
import type { Context } from './context.ts';
import { countOf } from './counting.ts';
import type { Diagram, Node } from './diagram.ts';
import type { Layout } from './layout.ts';
import { amongListed, relevantOf } from './listed-keys.ts';
import { EMPTY } from './node-table.ts';
import type { Place } from './places.ts';
import { productOf } from './product.ts';
import { among, intersection, union } from './stretches.ts';
import { bitsOf } from './universe.ts';
import { baseOf, View } from './view.ts';

/** What a ruleset and all views of it share. */
interface Shared {
  /** That of which nothing is known. */
  readonly whole: PacketSets;
  /** All bits of slots: kept, because they are asked for again and again. */
  readonly cubes: Map<string, Node>;
  canonical?: Node;
}

export class PacketSets {
  readonly layout: Layout;
  readonly #view: View;
  readonly #shared: Shared;

  constructor(layout: Layout, family: Table['family'], of?: { readonly shared: Shared; readonly view: View }) {
    this.layout = layout;
    this.#view = of?.view ?? new View(baseOf(layout, family));
    this.#shared = of?.shared ?? { whole: this, cubes: new Map() };
  }

  get diagram(): Diagram {
    return this.#view.diagram;
  }

  /** The same for packets of which something is known: what it says is right of these, and of no others. */
  knowing(context: Context): PacketSets {
    return new PacketSets(this.layout, 'inet', { shared: this.#shared, view: new View(this.#view.base, context) });
  }

  /** The same for packets of which nothing is known. */
  get whole(): PacketSets {
    return this.#shared.whole;
  }

  /** Every packet that there can be. */
  get all(): Node {
    return this.#view.all;
  }

  /** Each packet once, whatever is in bits that it does not have. */
  canonical(packets: Node): Node {
    this.#shared.canonical ??= this.diagram.keep(this.#view.base.universe.canonical());
    return this.diagram.and(packets, this.#shared.canonical);
  }

  /** Packets that differ in something that rules look at. */
  count(packets: Node): bigint {
    return countOf(this.diagram, this.canonical(packets), this.layout.variables);
  }

  /** Those that have the fields: of others no match on them holds, not even `!=`. */
  having(fields: readonly Field[]): Node {
    const view = this.#view;
    if (view.isAbsent(fields)) return EMPTY;
    return intersection(this.diagram, [this.all, ...fields.flatMap((field) => (view.knows(field) ? [] : [view.having(field)]))]);
  }

  /** Those that have the fields, and in them one of the keys. @throws Error for what a field cannot be */
  among(fields: readonly Field[], keys: readonly Key[]): Node {
    if (this.#view.isAbsent(fields)) return EMPTY;
    return this.diagram.and(this.having(fields), amongListed(this.#view, fields, keys));
  }

  /** The same, if it is known that all of the keys can matter. */
  amongRelevant(fields: readonly Field[], keys: readonly Key[]): Node {
    if (this.#view.isAbsent(fields)) return EMPTY;
    return this.diagram.and(this.having(fields), productOf(this.#view, fields, this.#view.asked(fields), keys));
  }

  /** Of a list, in its order, what can be about packets of which something is known. */
  relevant<T>(fields: readonly Field[], list: readonly T[], keyOf: (one: T) => Key): readonly T[] {
    return relevantOf(this.#view, fields, list, keyOf);
  }

  /** Those that have in the field, which is flags, one of the bits. */
  withFlags(field: Field, values: readonly Value[]): Node {
    const view = this.#view;
    const masks = values.map((value) => view.interval(field, value).from);
    const mask = masks.reduce((all, one) => all | one, 0n);
    if (view.knows(field)) return ((view.context?.known.get(field) ?? 0n) & mask) !== 0n ? this.all : EMPTY;
    const place = view.placeOf(field);
    if (place.kind === 'list') {
      const numbers = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((bit) => 1n << bit).filter((bit) => (bit & mask) !== 0n);
      return this.among(
        [field],
        numbers.map((number) => [Number(number)]),
      );
    }
    const [{ bits } = { bits: [] }] = place.variants;
    const set = bits.filter((_, index) => ((mask >> BigInt(bits.length - 1 - index)) & 1n) === 1n);
    return this.diagram.and(
      this.having([field]),
      union(
        this.diagram,
        set.map((bit) => this.diagram.variable(bit)),
      ),
    );
  }

  /** Of a slot of the layout, whatever has it. */
  inSlot(name: string, from: bigint, to: bigint): Node {
    return among(this.diagram, bitsOf(this.layout.slot(name)), [{ from, to }]);
  }

  /** All bits of slots, as what `exists` wants. */
  bitsOfSlots(...names: readonly string[]): Node {
    const { cubes } = this.#shared;
    const key = names.join(' ');
    const known =
      cubes.get(key) ??
      this.diagram.keep(
        intersection(
          this.diagram,
          names.flatMap((name) => bitsOf(this.layout.slot(name)).map((bit) => this.diagram.variable(bit))),
        ),
      );
    cubes.set(key, known);
    return known;
  }

  /** Frees all that is not kept. */
  collect(): void {
    this.diagram.collect();
  }

  /** @throws Error where no rule looks at the field */
  placeOf(field: Field): Place {
    return this.#view.placeOf(field);
  }
}
