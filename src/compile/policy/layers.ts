/**
 * Boxes in as few layers as are needed for none to overlap another in its layer.
 *
 * The kernel's interval sets of several fields (pipapo) take no element whose corner lies in another one. Ends nest or
 * are apart, so taking wide sources first leaves few places to look at.
 */
import { type Box, type BoxEnd, type BoxService, type Ends, meet } from './box.ts';
import { isExact } from './dispatch.ts';

export interface Layers {
  /** Single addresses and ports: for a hash table, where nothing overlaps. */
  readonly exact: readonly Box[];
  readonly layers: readonly (readonly Box[])[];
}

/** @param boxes of one shape and verdict, without those that others cover */
export function layersOf(boxes: readonly Box[], ends: Ends): Layers {
  const exact = boxes.filter(isExact);
  const wide = boxes.filter((box) => !isExact(box));
  const order = new Map(wide.map((box, index) => [box, index]));
  const layers: Layer[] = [];
  for (const box of wide.toSorted((one, other) => lengthOf(one.from) - lengthOf(other.from))) {
    const layer = layers.find((one) => !one.overlaps(box)) ?? new Layer(ends);
    if (layer.boxes.length === 0) layers.push(layer);
    layer.add(box);
  }
  return {
    exact,
    layers: layers.map(({ boxes: placed }) => placed.toSorted((one, other) => (order.get(one) ?? 0) - (order.get(other) ?? 0))),
  };
}

const lengthOf = (end: BoxEnd): number => (typeof end === 'string' ? 0 : end.length);

class Layer {
  readonly boxes: Box[] = [];
  readonly #ends: Ends;
  /** By source and destination: the services of the boxes exactly there. */
  readonly #at = new Map<number, BoxService[]>();
  /** The same for boxes with destinations inside of this one. */
  readonly #within = new Map<number, BoxService[]>();

  constructor(ends: Ends) {
    this.#ends = ends;
  }

  /** All boxes that are in have a source as wide as this one's or wider. */
  overlaps({ from, to, service }: Box): boolean {
    const target = this.#ends.numberOf(to);
    const targets = this.#ends.around(target);
    const meets = (services: readonly BoxService[] | undefined): boolean => services?.some((one) => meet(one, service)) === true;
    return this.#ends
      .around(this.#ends.numberOf(from))
      .some(
        (source) =>
          meets(this.#within.get(this.#key(source, target))) || targets.some((outer) => meets(this.#at.get(this.#key(source, outer)))),
      );
  }

  add(box: Box): void {
    this.boxes.push(box);
    const source = this.#ends.numberOf(box.from);
    const target = this.#ends.numberOf(box.to);
    append(this.#at, this.#key(source, target), box.service);
    for (const outer of this.#ends.around(target)) if (outer !== target) append(this.#within, this.#key(source, outer), box.service);
  }

  #key(source: number, target: number): number {
    return source * this.#ends.size + target;
  }
}

function append<T>(lists: Map<number, T[]>, key: number, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
