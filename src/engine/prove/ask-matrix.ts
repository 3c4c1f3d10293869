/** Between whom a matrix is asked for, as the command line names them. */

import { suggest } from '../../diagnostic/suggest.ts';
import type { Node as Machine, Network } from '../../network/network.ts';
import type { Resource } from '../../resource/kinds.ts';
import { EngineError } from '../error.ts';
import { type Matrix, matrix } from './matrix.ts';
import { groupMatrix, type MachineMatrix, type Members, machineMatrix } from './matrix-of-nodes.ts';

export interface MatrixQuestion {
  readonly by: 'networks' | 'groups' | 'machines';
  /** Names of networks or groups; of machines, routers, networks and groups where it is by machines. All unless given. */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export type AnyMatrix = ({ readonly by: 'networks' | 'groups' } & Matrix) | ({ readonly by: 'machines' } & MachineMatrix);

/** @throws EngineError `usage` for a name that is none */
export function askMatrix(network: Network, resources: readonly Resource[], { by, from, to }: MatrixQuestion): AnyMatrix {
  switch (by) {
    case 'networks': {
      const names = network.segments.map(({ name }) => name);
      for (const name of [...(from ?? []), ...(to ?? [])]) if (!names.includes(name)) throw unknown(network, 'network', name, names);
      return { by, ...matrix(network, resources, { from, to }) };
    }
    case 'groups': {
      const groups = network.groups.map(({ name }) => name);
      if (groups.length === 0)
        throw new EngineError('usage', `the file of ${network.name} has no groups`, {
          remedy: 'Name some under `groups:`, or ask `--by machines`.',
        });
      const membersOf = (name: string): Members => {
        if (!groups.includes(name)) throw unknown(network, 'group', name, groups);
        return { name, nodes: nodesNamed(network, name) };
      };
      return { by, ...groupMatrix(network, resources, (from ?? groups).map(membersOf), (to ?? groups).map(membersOf)) };
    }
    case 'machines': {
      const all = network.nodes.filter(({ kind }) => kind === 'machine');
      const meant = (names: readonly string[] | undefined): readonly Machine[] =>
        names === undefined ? all : [...new Set(names.flatMap((name) => nodesNamed(network, name)))];
      return { by, ...machineMatrix(network, resources, meant(from), meant(to), to === undefined) };
    }
  }
}

/** Itself, or the members of a group and the machines in a network. */
function nodesNamed({ name: bottle, nodes, segments, groups }: Network, name: string): readonly Machine[] {
  const single = (text: string): readonly Machine[] | undefined => {
    const node = nodes.find((one) => one.name === text);
    if (node !== undefined) return [node];
    if (!segments.some((segment) => segment.name === text)) return undefined;
    return nodes.filter(({ kind, interfaces }) => kind === 'machine' && interfaces.some(({ segment }) => segment === text));
  };
  const group = groups.find((one) => one.name === name);
  const found = single(name) ?? group?.members.flatMap((member) => single(member) ?? []);
  if (found !== undefined) return found;
  throw unknown(
    { name: bottle },
    'machine, router, network or group',
    name,
    [...nodes, ...segments, ...groups].map((one) => one.name),
  );
}

function unknown({ name: bottle }: Pick<Network, 'name'>, kind: string, name: string, known: readonly string[]): EngineError {
  const meant = suggest(name, known);
  return new EngineError('usage', `${bottle} has no ${kind} ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
    remedy: `There are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}.`,
  });
}
