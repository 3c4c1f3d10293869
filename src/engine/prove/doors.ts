/** Where a network meets others that the file does not describe. */
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Door } from '../../proof/reach/question.ts';

/** Interfaces in networks that the host has others in: they are joined with one of its devices. */
export function doorsOf({ name: bottle, nodes, segments }: Network, { stations }: Model): readonly Door[] {
  const open = new Set(segments.filter(isJoined).map(({ name }) => name));
  return nodes.flatMap(({ name, interfaces }): readonly Door[] => {
    const station = stations.get(namespaceOf(bottle, name));
    if (station === undefined) return [];
    return interfaces.filter(({ segment }) => open.has(segment)).map(({ device }) => ({ station, device }));
  });
}

/** Whether others are on the wire of a network. */
export const isJoined = ({ attachment: { mode } }: Network['segments'][number]): boolean =>
  mode === 'macvlan' || mode === 'bridge' || mode === 'port';
