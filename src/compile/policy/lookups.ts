/** Boxes of one verdict as maps, and the rules that look packets up in them. */
import type { Family, Prefix } from '../../address/ip.ts';
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import type { VerdictSet } from '../../resource/ruleset/named-set.ts';
import { counter, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import { type Box, type Ends, endsOf, withoutCovered } from './box.ts';
import { type Dimension, type Dispatch, dimensions, dispatchesOn, hasEnds, without } from './dispatch.ts';
import { layersOf } from './layers.ts';
import { fieldsOf, guardsOf, keyOf, type Shape, shapeOf, stemOf, typesOf } from './shape.ts';

/** What a line says of its packets, and how it is called. */
export interface LineVerdict {
  readonly verdict: Verdict;
  readonly comment: string;
}

export interface Lookups {
  readonly rules: readonly Rule[];
  readonly chains: readonly Chain[];
  readonly sets: readonly VerdictSet[];
}

/**
 * More than these with prefixes or ranges are not looked up all at once: the kernel's sets for that (pipapo) take longer
 * the more is in them. Measured here: 0.01 us an element and packet, against nothing at all for hash tables.
 */
const MOST_WIDE = 16;

/**
 * @param name what the names of its maps begin with
 * @param inside what is not outside
 * @param comment of the rules, each of which speaks for many lines
 */
export function lookupsOf(
  name: string,
  boxes: readonly Box[],
  inside: readonly Prefix[],
  lines: (line: number) => LineVerdict,
  comment: string,
): Lookups {
  const writer = new Writer(lines, comment);
  const rules = ([4, 6] as const).flatMap((family) => {
    const own = boxes.filter((box) => box.family === family);
    const ends = endsOf(own, inside);
    const shapes = byShape(withoutCovered(own, ends));
    return shapes.flatMap(([shape, alike]) => writer.rulesFor(`${name}-${wordOf(family)}-${stemOf(shape)}`, alike, ends, guardsOf(shape)));
  });
  return { rules, chains: writer.chains, sets: writer.sets };
}

const wordOf = (family: Family): string => (family === 4 ? 'ip' : 'ip6');

/** In the order of their names, whatever the order of the lines. */
function byShape(boxes: readonly Box[]): readonly (readonly [Shape, readonly Box[]])[] {
  const shapes = new Map<string, { readonly shape: Shape; readonly boxes: Box[] }>();
  for (const box of boxes) {
    const shape = shapeOf(box);
    const key = stemOf(shape);
    const group = shapes.get(key) ?? { shape, boxes: [] };
    group.boxes.push(box);
    shapes.set(key, group);
  }
  return [...shapes].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, { shape, boxes: alike }]) => [shape, alike]);
}

class Writer {
  readonly chains: Chain[] = [];
  readonly sets: VerdictSet[] = [];
  readonly #lines: (line: number) => LineVerdict;
  readonly #comment: string;

  constructor(lines: (line: number) => LineVerdict, comment: string) {
    this.#lines = lines;
    this.#comment = comment;
  }

  /** For boxes of one shape. @param stem what the names of their maps and chains begin with */
  rulesFor(stem: string, boxes: readonly Box[], ends: Ends, guards: readonly Statement[]): readonly Rule[] {
    const [first] = boxes;
    if (first === undefined) return [];
    if (fieldsOf(shapeOf(first)).length === 0) return boxes.map(({ line }) => this.#plain(guards, this.#lines(line)));
    const { exact, layers } = layersOf(boxes, ends);
    const wide = layers.flat();
    const found = this.#look(stem, exact, guards, false);
    if (wide.length <= MOST_WIDE || !hasEnds(first))
      return [...found, ...layers.flatMap((layer, at) => this.#look(`${stem}-${at + 1}`, layer, guards, true))];
    return [...found, ...dimensions.flatMap((dimension) => this.#dispatch(stem, dimension, wide, ends, guards))];
  }

  #plain(guards: readonly Statement[], { verdict: outcome, comment }: LineVerdict): Rule {
    return { statements: [...guards, counter, verdict(outcome)], comment };
  }

  #look(map: string, boxes: readonly Box[], guards: readonly Statement[], interval: boolean): readonly Rule[] {
    return this.#map(
      map,
      boxes.map((box) => ({ box, ...this.#lines(box.line) })),
      guards,
      interval,
    );
  }

  #map(name: string, entries: readonly (LineVerdict & { readonly box: Box })[], guards: readonly Statement[], interval: boolean) {
    const [first] = entries;
    if (first === undefined) return [];
    const shape = shapeOf(first.box);
    const elements = entries.map(({ box, verdict: outcome, comment }) => ({ key: keyOf(box), verdict: outcome, comment }));
    this.sets.push({ kind: 'verdict-map', name, types: typesOf(shape), interval, counter: true, elements });
    return [{ statements: [...guards, { kind: 'vmap', fields: fieldsOf(shape), map: { name } } as const], comment: this.#comment }];
  }

  /** One dimension is looked up by itself, and leads to a chain for the others. */
  #dispatch(stem: string, dimension: Dimension, wide: readonly Box[], ends: Ends, guards: readonly Statement[]): readonly Rule[] {
    const groups = dispatchesOn(dimension, wide);
    const keys = groups.map(({ key }, line): Box => ({ ...key, line }));
    const { exact, layers } = layersOf(keys, ends);
    return [exact, ...layers].flatMap((layer, at) => {
      const entries = layer.map((box) => ({ box, ...this.#behind(stem, dimension, groups[box.line], ends) }));
      return this.#map(`${stem}-by-${dimension}${at < 2 ? '' : `-${at}`}`, entries, guards, at > 0);
    });
  }

  /** What a dimension leads to: a chain, or the verdict where nothing else is asked. */
  #behind(stem: string, dimension: Dimension, group: Dispatch | undefined, ends: Ends): LineVerdict {
    const boxes = group?.boxes.map((box) => without(dimension, box)) ?? [];
    const [first] = boxes;
    if (first !== undefined && fieldsOf(shapeOf(first)).length === 0) return this.#lines(first.line);
    const name = `${stem}-${group?.name}`;
    this.chains.push({ name, rules: this.rulesFor(name, boxes, ends, []) });
    return { verdict: { jump: name }, comment: this.#comment };
  }
}
