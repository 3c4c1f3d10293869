/** Looking one dimension of boxes up before the others, so that what is wide in it needs no place in a set of all. */
import { formatPrefix } from '../../address/format.ts';
import { bitsOf } from '../../address/prefix.ts';
import type { Box, BoxEnd, BoxService } from './box.ts';

/** `ends`: both, where only the ports are wide; ranges often overlap, but seldom many between the same two. */
export type Dimension = 'from' | 'to' | 'ends';

/** In the order in which boxes are asked for them: each box goes with the first in which it is wide. */
export const dimensions: readonly Dimension[] = ['from', 'to', 'ends'];

const isSingle = (end: BoxEnd): boolean => typeof end === 'string' || end.length === bitsOf(end.family);

const isPort = (service: BoxService): boolean => typeof service === 'string' || service.ports.from === service.ports.to;

/** Single addresses and ports: for a hash table. */
export const isExact = ({ from, to, service }: Box): boolean => isSingle(from) && isSingle(to) && isPort(service);

const dimensionOf = ({ from, to }: Box): Dimension => (isSingle(from) ? (isSingle(to) ? 'ends' : 'to') : 'from');

/** Whether there is an end to ask for. */
export const hasEnds = ({ from, to }: Box): boolean => typeof from !== 'string' || typeof to !== 'string';

export interface Dispatch {
  /** What is looked up. */
  readonly key: Omit<Box, 'line'>;
  /** For the name of the chain that it leads to. */
  readonly name: string;
  readonly boxes: readonly Box[];
}

/** Those of the boxes that are asked for the dimension, by what they have in it. */
export function dispatchesOn(dimension: Dimension, boxes: readonly Box[]): readonly Dispatch[] {
  const groups = new Map<string, Omit<Dispatch, 'boxes'> & { readonly boxes: Box[] }>();
  for (const box of boxes) {
    if (dimensionOf(box) !== dimension) continue;
    const name = nameIn(dimension, box);
    const group = groups.get(name) ?? { key: only(dimension, box), name, boxes: [] };
    group.boxes.push(box);
    groups.set(name, group);
  }
  return [...groups.values()];
}

/** A box that has nothing but the dimension. */
const only = (dimension: Dimension, { family, from, to }: Box): Omit<Box, 'line'> => ({
  family,
  from: dimension === 'to' || from === 'outside' ? 'any' : from,
  to: dimension === 'from' || to === 'outside' ? 'any' : to,
  service: 'any',
});

/** What is left to ask once the dimension has been. Echo requests and what is outside are told before. */
export const without = (dimension: Dimension, { family, from, to, service, line }: Box): Box => ({
  family,
  from: dimension !== 'to' || from === 'outside' ? 'any' : from,
  to: dimension !== 'from' || to === 'outside' ? 'any' : to,
  service: service === 'echo' ? 'any' : service,
  line,
});

/** As far as nft takes it for a name. */
function nameIn(dimension: Dimension, { from, to }: Box): string {
  const ends = dimension === 'ends' ? [from, to] : [dimension === 'from' ? from : to];
  return ends.flatMap((end) => (typeof end === 'string' ? [] : [formatPrefix(end).replaceAll(':', '_')])).join('-');
}
