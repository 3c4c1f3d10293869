/** Between whom a matrix is asked for, as the command line names them. */

import { suggest } from '../../diagnostic/suggest.ts';
import type { Node as Machine, Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import type { Resource } from '../../resource/kinds.ts';
import { EngineError } from '../error.ts';
import { reachedFromOutside, type Target } from './from-outside.ts';
import { type Matrix, matrix } from './matrix.ts';
import { groupMatrix, type MachineMatrix, type Members, machineMatrix } from './matrix-of-nodes.ts';

export interface MatrixQuestion {
  readonly by: 'networks' | 'groups' | 'machines';
  /** Names of networks or groups; of machines, routers, networks and groups where it is by machines. All unless given. */
  readonly from?: readonly string[];
  readonly to?: readonly string[];
}

export type AnyMatrix = ({ readonly by: 'networks' | 'groups' } & Matrix) | ({ readonly by: 'machines' } & MachineMatrix);

/** @throws EngineError `usage` for a name that is none, and for `outside` where there is none */
export function askMatrix(network: Network, resources: readonly Resource[], question: MatrixQuestion): AnyMatrix {
  const { from } = question;
  // A network, group or machine of that name is meant before.
  const isMeant = from?.includes(OUTSIDE) === true && !namesIn(network).includes(OUTSIDE);
  if (!isMeant) return askInside(network, resources, question);
  const inside = askInside(network, resources, { ...question, from: from.filter((name) => name !== OUTSIDE) });
  const reached = reachedFromOutside(network, resources, targetsOf(network, question));
  if (inside.by === 'machines')
    return { ...inside, blocks: [...reached.map((block) => ({ from: [OUTSIDE], ...block })), ...inside.blocks] };
  const cells = reached.flatMap(({ to, services }) => to.map((name) => ({ from: OUTSIDE, to: name, services })));
  return { ...inside, cells: [...cells, ...inside.cells] };
}

const OUTSIDE = 'outside';

const namesIn = ({ nodes, segments, groups }: Pick<Network, 'nodes' | 'segments' | 'groups'>): readonly string[] =>
  [...nodes, ...segments, ...groups].map(({ name }) => name);

/** To whom it is asked; `askInside` has looked at the names. */
function targetsOf(network: Network, { by, to }: MatrixQuestion): readonly Target[] {
  const addressed = (name: string, nodes: readonly Machine[]): Target => ({
    name,
    at: nodes.flatMap((node) => addressesOf(node).map(({ address }) => address)),
  });
  switch (by) {
    case 'networks':
      return network.segments.filter(({ name }) => to?.includes(name) !== false).map(({ name, subnets }) => ({ name, at: subnets }));
    case 'groups':
      return (to ?? network.groups.map(({ name }) => name)).map((name) => addressed(name, nodesNamed(network, name)));
    case 'machines':
      return machinesMeant(network, to).map((node) => addressed(node.name, [node]));
  }
}

function askInside(network: Network, resources: readonly Resource[], { by, from, to }: MatrixQuestion): AnyMatrix {
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
      const [senders, targets] = [machinesMeant(network, from), machinesMeant(network, to)];
      return { by, ...machineMatrix(network, resources, senders, targets, to === undefined) };
    }
  }
}

const machinesMeant = (network: Network, names: readonly string[] | undefined): readonly Machine[] =>
  names === undefined
    ? network.nodes.filter(({ kind }) => kind === 'machine')
    : [...new Set(names.flatMap((name) => nodesNamed(network, name)))];

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
  throw unknown({ name: bottle }, 'machine, router, network or group', name, namesIn({ nodes, segments, groups }));
}

function unknown({ name: bottle }: Pick<Network, 'name'>, kind: string, name: string, known: readonly string[]): EngineError {
  const meant = suggest(name, known);
  return new EngineError('usage', `${bottle} has no ${kind} ${name}${meant === undefined ? '' : `; did you mean ${meant}?`}`, {
    remedy: `There are ${known.slice(0, 20).join(', ')}${known.length > 20 ? ', …' : ''}.`,
  });
}
