/** Which lines make no difference: all that they speak of is decided so by others, wherever it comes by. */
import type { Diagram, Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';

export interface Line {
  /** Lines of a lower rank decide first; those of one rank say the same. */
  readonly rank: number;
  /** Whether what no line speaks of comes to the same end. */
  readonly asOtherwise: boolean;
}

/** Packets that come to one place, by the lines that speak of them; those that speak of none may be left out. */
export type Place = ReadonlyMap<Line, Node>;

export interface Idle {
  readonly line: Line;
  /** Those that decide instead, first those that decide first; none where no packet comes that the line speaks of. */
  readonly by: readonly Line[];
  /** Whether no line needs to: what is left ends so in any case. */
  readonly otherwise: boolean;
}

/**
 * Without all of them together, everything is decided as before.
 *
 * @param lines of lines that say the same, the last ones are idle
 */
export function idleLines(diagram: Diagram, lines: readonly Line[], places: readonly Place[]): readonly Idle[] {
  const needed = new Set(places.flatMap((place) => neededAt(diagram, place)));
  const candidates = lines.filter((line) => !needed.has(line)).toReversed();
  const judge = new Judge(diagram, lines, places);
  const found = new Map<Line, Idle>();
  // Whoever is within a single other one is left out rather than that one.
  for (const look of [judge.bySingle, judge.byAll])
    for (const line of candidates) {
      const idle = found.has(line) ? undefined : look(line, (other) => other !== line && !found.has(other));
      if (idle !== undefined) found.set(line, idle);
    }
  return lines.flatMap((line) => found.get(line) ?? []);
}

/** Lines without which something would be decided otherwise. */
function neededAt(diagram: Diagram, place: Place): readonly Line[] {
  const needed: Line[] = [];
  const spoken = [...place].toSorted(([one], [other]) => one.rank - other.rank);
  /** @param others what all other lines decide that come first or say the same */
  const search = (from: number, to: number, others: Node): void => {
    const [line, packets] = spoken[from] ?? [];
    if (line === undefined || packets === undefined || to <= from) return;
    if (to - from === 1) {
      const rest = diagram.diff(packets, others);
      if (rest !== EMPTY && !(line.asOtherwise && diagram.and(rest, later(diagram, place, line)) === EMPTY)) needed.push(line);
      return;
    }
    const middle = (from + to) >> 1;
    const [first, second] = [spoken.slice(from, middle), spoken.slice(middle, to)].map((half) =>
      union(
        diagram,
        half.map(([, set]) => set),
      ),
    );
    search(from, middle, diagram.or(others, second ?? EMPTY));
    search(middle, to, diagram.or(others, first ?? EMPTY));
  };
  let before: Node = EMPTY;
  for (let from = 0; from < spoken.length; ) {
    const rank = spoken[from]?.[0].rank;
    const to = spoken.findLastIndex(([line]) => line.rank === rank) + 1;
    search(from, to, before);
    const own = spoken.slice(from, to).map(([, set]) => set);
    before = diagram.or(before, union(diagram, own));
    from = to;
  }
  return needed;
}

/** What lines speak of that would decide it if the line did not, and otherwise. */
function later(diagram: Diagram, place: Place, { rank }: Line): Node {
  return union(
    diagram,
    [...place].flatMap(([line, packets]) => (line.rank > rank ? [packets] : [])),
  );
}

/** Of a single line, whether it is idle among others. */
class Judge {
  readonly #diagram: Diagram;
  readonly #lines: readonly Line[];
  readonly #places: readonly Place[];

  constructor(diagram: Diagram, lines: readonly Line[], places: readonly Place[]) {
    this.#diagram = diagram;
    this.#lines = lines.toSorted((one, other) => one.rank - other.rank);
    this.#places = places;
  }

  readonly bySingle = (line: Line, isThere: (other: Line) => boolean): Idle | undefined => {
    const own = this.#spoken(line);
    if (own.length === 0) return { line, by: [], otherwise: false };
    const covers = (other: Line): boolean =>
      own.every(({ place, packets }) => this.#diagram.diff(packets, place.get(other) ?? EMPTY) === EMPTY);
    const cover = this.#others(line, isThere).find(covers);
    return cover && { line, by: [cover], otherwise: false };
  };

  readonly byAll = (line: Line, isThere: (other: Line) => boolean): Idle | undefined => {
    let rest = this.#spoken(line);
    const by: Line[] = [];
    for (const other of this.#others(line, isThere)) {
      if (rest.length === 0) break;
      const left = rest.map(({ place, packets }) => ({ place, packets: this.#diagram.diff(packets, place.get(other) ?? EMPTY) }));
      if (left.some(({ packets }, index) => packets !== rest[index]?.packets)) by.push(other);
      rest = left.filter(({ packets }) => packets !== EMPTY);
    }
    if (rest.length === 0) return { line, by, otherwise: false };
    const isLeft = rest.every(({ place, packets }) => this.#diagram.and(packets, later(this.#diagram, place, line)) === EMPTY);
    return line.asOtherwise && isLeft ? { line, by, otherwise: true } : undefined;
  };

  #others(line: Line, isThere: (other: Line) => boolean): readonly Line[] {
    return this.#lines.filter((other) => other.rank <= line.rank && isThere(other));
  }

  #spoken(line: Line): readonly { readonly place: Place; readonly packets: Node }[] {
    return this.#places.flatMap((place) => {
      const packets = place.get(line) ?? EMPTY;
      return packets === EMPTY ? [] : [{ place, packets }];
    });
  }
}
