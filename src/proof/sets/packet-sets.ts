/** Sets of packets from what rules say of fields. */
import type { Field } from '../../resource/ruleset/field.ts';
import { type Interval, intervalOf, merged } from '../../resource/ruleset/interval.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import type { Table } from '../../resource/table.ts';
import { intervalOf as codesOf } from '../field-codes.ts';
import { areWithin, type Context, spanOf } from './context.ts';
import { countOf } from './counting.ts';
import { Diagram, type Node } from './diagram.ts';
import { KeyIndex } from './key-index.ts';
import type { Layout } from './layout.ts';
import { EMPTY, FULL } from './node-table.ts';
import { type Condition, type Place, placeIn } from './places.ts';
import { among, intersection, type Stretch, stretched, union } from './stretches.ts';
import { turnedPlace } from './turned-place.ts';
import { bitsOf, condition, type Universe, universeOf } from './universe.ts';

/** What a ruleset and all views of it share. */
interface Base {
  /** That of which nothing is known. */
  readonly whole: PacketSets;
  readonly diagram: Diagram;
  readonly universe: Universe;
  readonly places: Map<Field, Place>;
  /** As they are in answers. */
  readonly turned: Map<Field, Place>;
  /** Packets that have a field, and all bits of slots: kept, because they are asked for again and again. */
  readonly having: Map<string, Node>;
  readonly cubes: Map<string, Node>;
  /** Addresses and other words as numbers. */
  readonly intervals: Map<string, Interval>;
  /** By lists of keys, which are looked through again and again, and the fields that they are asked for. */
  readonly indexes: WeakMap<readonly unknown[], Map<string, KeyIndex>>;
  canonical?: Node;
}

/** Lists that are shorter are looked through from one end to the other. */
const INDEXED = 8;

export class PacketSets {
  readonly layout: Layout;
  readonly #base: Base;
  readonly #context: Context | undefined;

  constructor(layout: Layout, family: Table['family'], of?: { readonly base: Base; readonly context: Context }) {
    this.layout = layout;
    this.#context = of?.context;
    if (of !== undefined) this.#base = of.base;
    else {
      const diagram = new Diagram();
      const universe = universeOf(diagram, layout, family);
      this.#base = {
        whole: this,
        diagram,
        universe,
        places: new Map(),
        turned: new Map(),
        having: new Map(),
        cubes: new Map(),
        intervals: new Map(),
        indexes: new WeakMap(),
      };
      diagram.keep(universe.packets);
    }
  }

  get diagram(): Diagram {
    return this.#base.diagram;
  }

  /** The same for packets of which something is known: what it says is right of these, and of no others. */
  knowing(context: Context): PacketSets {
    return new PacketSets(this.layout, 'inet', { base: this.#base, context });
  }

  /** The same for packets of which nothing is known. */
  get whole(): PacketSets {
    return this.#base.whole;
  }

  /** Every packet that there can be. */
  get all(): Node {
    return this.#base.universe.packets;
  }

  /** Each packet once, whatever is in bits that it does not have. */
  canonical(packets: Node): Node {
    this.#base.canonical ??= this.diagram.keep(this.#base.universe.canonical());
    return this.diagram.and(packets, this.#base.canonical);
  }

  /** Packets that differ in something that rules look at. */
  count(packets: Node): bigint {
    return countOf(this.diagram, this.canonical(packets), this.layout.variables);
  }

  /** Those that have the fields: of others no match on them holds, not even `!=`. */
  having(fields: readonly Field[]): Node {
    if (this.#isAbsent(fields)) return EMPTY;
    return intersection(this.diagram, [this.all, ...fields.flatMap((field) => (this.#knows(field) ? [] : [this.#having(field)]))]);
  }

  /** Those that have the fields, and in them one of the keys. @throws Error for what a field cannot be */
  among(fields: readonly Field[], keys: readonly Key[]): Node {
    if (this.#isAbsent(fields)) return EMPTY;
    const relevant = this.relevant(fields, keys, (key) => key);
    // What stands first in the diagram is built last.
    const order = fields
      .map((_, place) => place)
      .filter((place) => !this.#knows(fields[place]))
      .toSorted((one, other) => this.#first(fields[one]) - this.#first(fields[other]));
    return this.diagram.and(this.having(fields), this.#product(fields, order, relevant));
  }

  /** Of a list, in its order, what can be about packets of which something is known. */
  relevant<T>(fields: readonly Field[], list: readonly T[], keyOf: (one: T) => Key): readonly T[] {
    const context = this.#context;
    if (context === undefined) return list;
    if (list.length < INDEXED) return list.filter((one) => isAbout(context, fields, keyOf(one)));
    const { indexes } = this.#base;
    const byFields = indexes.get(list) ?? new Map<string, KeyIndex>();
    indexes.set(list, byFields);
    const name = fields.join(' . ');
    const index = byFields.get(name) ?? new KeyIndex(fields, list.map(keyOf));
    byFields.set(name, index);
    const places = index.relevant(context);
    return places === undefined ? list : places.map((place) => list[place]).filter((one) => one !== undefined);
  }

  #knows(field: Field | undefined): boolean {
    return field !== undefined && this.#context?.known.has(field) === true;
  }

  /** Whether it is known that packets lack one of the fields. */
  #isAbsent(fields: readonly Field[]): boolean {
    return fields.some((field) => this.#knows(field) && this.#context?.known.get(field) === undefined);
  }

  /** Those that have in the field, which is flags, one of the bits. */
  withFlags(field: Field, values: readonly Value[]): Node {
    const masks = values.map((value) => this.#interval(field, value).from);
    const mask = masks.reduce((all, one) => all | one, 0n);
    if (this.#knows(field)) return ((this.#context?.known.get(field) ?? 0n) & mask) !== 0n ? this.all : EMPTY;
    const place = this.placeOf(field);
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
    const { cubes } = this.#base;
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

  #product(fields: readonly Field[], [place, ...rest]: readonly number[], keys: readonly Key[]): Node {
    const field = place === undefined ? undefined : fields[place];
    if (place === undefined || field === undefined) return keys.length > 0 ? this.all : EMPTY;
    const valueIn = (key: Key): Value => {
      const value = key[place];
      if (value === undefined) throw new Error(`a key has nothing for ${field}`);
      return value;
    };
    if (rest.length === 0) return this.#values(field, keys.map(valueIn));
    const groups = new Map<string, { readonly value: Value; readonly keys: Key[] }>();
    for (const key of keys) {
      const value = valueIn(key);
      const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { value, keys: [key] });
      else group.keys.push(key);
    }
    const parts = [...groups.values()].map((group) => ({ value: group.value, below: this.#product(fields, rest, group.keys) }));
    return (
      this.#apart(field, parts) ??
      union(
        this.diagram,
        parts.map(({ value, below }) => this.diagram.and(this.#values(field, [value]), below)),
      )
    );
  }

  /** Of values of which no two overlap, each with what holds behind it, all at once; undefined where some do. */
  #apart(field: Field, parts: readonly { readonly value: Value; readonly below: Node }[]): Node | undefined {
    const place = this.placeOf(field);
    if (place.kind !== 'bits' || parts.length < 2) return undefined;
    const stretches = parts
      .map(({ value, below }): Stretch => ({ ...this.#interval(field, value), below }))
      .sort((one, other) => (one.from < other.from ? -1 : one.from > other.from ? 1 : 0));
    if (stretches.some(({ from }, index) => from <= (stretches[index - 1]?.to ?? -1n))) return undefined;
    return this.#variants(place, (bits) => stretched(this.diagram, bits, stretches));
  }

  /** What is said of the bits of a field, wherever these are. */
  #variants({ variants }: Place & { readonly kind: 'bits' }, setOf: (bits: readonly number[]) => Node): Node {
    const [only, ...others] = variants;
    if (only !== undefined && others.length === 0) return setOf(only.bits);
    return union(
      this.diagram,
      variants.map(({ when, bits }) => this.#when(when, setOf(bits))),
    );
  }

  /** Only what is in the bits of the field. */
  #values(field: Field, values: readonly Value[]): Node {
    const place = this.placeOf(field);
    if (place.kind === 'bits') {
      const intervals = merged(values.map((value) => this.#interval(field, value)));
      // Of no other packets is asked than those that have one of them.
      const within = this.#context?.within.get(field);
      if (within !== undefined && areWithin(within, intervals)) return FULL;
      return this.#variants(place, (bits) => among(this.diagram, bits, intervals));
    }
    const numbers = values.flatMap((value) => this.#numbers(field, place, value).map(BigInt));
    return among(this.diagram, bitsOf(place.slot), merged(numbers.map((number) => ({ from: number, to: number }))));
  }

  #numbers(field: Field, place: Place & { readonly kind: 'list' }, value: Value): readonly number[] {
    const single = typeOf(field) === 'ifname' ? value : this.#interval(field, value);
    const exact = typeof single === 'object' && 'to' in single && single.from === single.to ? single.from : single;
    if (typeof exact === 'object' || typeof exact === 'number' || (typeof exact === 'string' && exact.endsWith('*')))
      throw new Error(`${field} cannot be compared with ${JSON.stringify(value)}`);
    const number = place.values.indexOf(exact);
    if (number < 0 && !place.complete) throw new Error(`${field} is nowhere said to be ${exact}`);
    return number < 0 ? [] : [number];
  }

  #interval(field: Field, value: Value): Interval {
    const { intervals } = this.#base;
    const type = typeOf(field);
    const key = typeof value === 'string' ? `${type} ${value}` : undefined;
    const interval = (key === undefined ? undefined : intervals.get(key)) ?? intervalOf(value, type);
    if (interval === undefined) throw new Error(`${field} cannot be ${JSON.stringify(value)}`);
    if (key !== undefined) intervals.set(key, interval);
    return interval;
  }

  #having(field: Field): Node {
    const { having } = this.#base;
    const key = this.#context?.turned === true ? `turned ${field}` : field;
    const known = having.get(key);
    if (known !== undefined) return known;
    const place = this.placeOf(field);
    const variants = place.kind === 'list' ? [place] : place.variants;
    const own = union(
      this.diagram,
      variants.map(({ when }) => this.#when(when, this.all)),
    );
    having.set(key, this.diagram.keep(own));
    return own;
  }

  #when(when: readonly Condition[], set: Node): Node {
    return intersection(this.diagram, [set, ...when.map((one) => condition(this.diagram, this.layout, one))]);
  }

  #first(field: Field | undefined): number {
    const place = field === undefined ? undefined : this.placeOf(field);
    if (place === undefined) return 0;
    return place.kind === 'list' ? place.slot.first : Math.min(...place.variants.flatMap(({ bits }) => bits));
  }

  /** @throws Error where no rule looks at the field */
  placeOf(field: Field): Place {
    const { places, turned } = this.#base;
    if (this.#context?.turned === true) {
      const known = turned.get(field) ?? turnedPlace(this.layout, placeIn(this.layout, field));
      turned.set(field, known);
      return known;
    }
    const known = places.get(field) ?? placeIn(this.layout, field);
    places.set(field, known);
    return known;
  }
}

const isAbout = (context: Context, fields: readonly Field[], key: Key): boolean =>
  fields.every((field, place) => {
    const value = key[place];
    const wanted = spanOf(context, field);
    if (value === undefined || wanted === undefined) return true;
    const own = codesOf(field, value);
    return own.from <= wanted.to && wanted.from <= own.to;
  });
