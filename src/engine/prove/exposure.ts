/** What a change opens, and what it closes: between the machines and routers of a bottle, for every packet there could be. */
import type { Address } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Node as Machine, Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { byClients } from '../../proof/reach/clients.ts';
import { exposures } from '../../proof/reach/exposure.ts';
import { Ground } from '../../proof/reach/ground.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import { servicesIn } from '../../proof/reach/service-words.ts';
import { Space } from '../../proof/reach/space.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import type { Resource } from '../../resource/kinds.ts';
import { messageOf } from '../error.ts';
import { askedAbout } from './asked-about.ts';
import { commentsOf, replay } from './replay.ts';

export interface Change {
  readonly what: 'opens' | 'closes';
  /** Names of machines, routers or networks. */
  readonly from: string;
  readonly to: string;
  /** `tcp/22, 80`, `icmp echo-request`. */
  readonly services: string;
  /** Where it is so from some of these source ports of TCP and UDP alone. */
  readonly fromPorts?: 'below 1024';
  /** Where in the file the rule stands that lets it pass now, or let it pass before, as a rule's comment. */
  readonly because?: string;
}

export interface Changes {
  readonly changes: readonly Change[];
  /** Whether there are more than are told. */
  readonly more: boolean;
  /** Why it cannot be said: rules of others that are not understood. */
  readonly unknown?: string;
}

/** Pairs that are looked at, one after the other. */
const MOST_PAIRS = 400;

export function openings(network: Network, before: readonly Resource[], after: readonly Resource[]): Changes {
  try {
    return compared(network, before, after);
  } catch (error) {
    return { changes: [], more: false, unknown: messageOf(error) };
  }
}

function compared(network: Network, before: readonly Resource[], after: readonly Resource[]): Changes {
  const models = [modelOf(decided(before)), modelOf(decided(after))] as const;
  const space = new Space(models, { asked: askedAbout(network) });
  const [old, now] = [new Ground(space, models[0]), new Ground(space, models[1])];
  // Who is there in one state only changes everything for itself, which says nothing.
  const nodes = network.nodes.filter((node) => models.every(({ stations }) => stations.has(namespaceOf(network.name, node.name))));
  const senders = nodes.map((node) => ({ namespace: namespaceOf(network.name, node.name), addresses: locations(node) }));
  const found: Change[] = [];
  let more = false;
  for (const { family, opened, closed } of exposures(
    old,
    now,
    senders,
    senders.flatMap(({ addresses }) => addresses),
  )) {
    const [gained, gone] = [byClients(space, family, opened), byClients(space, family, closed)];
    for (const [what, packets, ports] of [
      ['opens', gained.clients, {}],
      ['closes', gone.clients, {}],
      ['opens', gained.others, { fromPorts: 'below 1024' }],
      ['closes', gone.others, { fromPorts: 'below 1024' }],
    ] as const) {
      let rest = packets;
      while (rest !== EMPTY) {
        if (found.length >= MOST_PAIRS) {
          more = true;
          break;
        }
        const example = exampleOf(space, family, rest);
        const [from, to] = [example?.source, example?.destination].map((address) => address && ownerOf(nodes, address));
        if (example === undefined || from === undefined || to === undefined) break;
        const pair = space.diagram.and(
          space.addresses('source', family, locations(from)),
          space.addresses('destination', family, locations(to)),
        );
        const own = space.diagram.and(rest, pair);
        const because = commentsOf(
          replay(what === 'opens' ? now.model : old.model, namespaceOf(network.name, from.name), example, false),
        ).at(-1);
        found.push({
          what,
          from: from.name,
          to: to.name,
          services: servicesIn(space, own).join('; '),
          ...ports,
          ...(because !== undefined && { because }),
        });
        rest = space.diagram.diff(rest, pair);
      }
    }
  }
  return { changes: summarized(network, unique(found)), more };
}

/** Of ways that are equally good the first one, before and after: which one a packet takes is not what a change opens or closes. */
const decided = (resources: readonly Resource[]): readonly Resource[] =>
  resources.map((resource) =>
    resource.kind === 'process' && resource.learns !== undefined
      ? { ...resource, learns: resource.learns.map(({ to, hops }) => ({ to, hops: hops.slice(0, 1) })) }
      : resource,
  );

const locations = (node: Machine): readonly Address[] => addressesOf(node).map(({ address }) => address);

const ownerOf = (nodes: readonly Machine[], address: Address): Machine | undefined =>
  nodes.find((node) => locations(node).some((own) => own.family === address.family && own.value === address.value));

const keyOf = ({ what, from, to, services, fromPorts, because }: Change): string =>
  [what, from, to, services, fromPorts, because].join('\n');

const unique = (changes: readonly Change[]): readonly Change[] => [...new Map(changes.map((change) => [keyOf(change), change])).values()];

/** A network's name for all machines in it, on either side. */
function summarized(network: Network, changes: readonly Change[]): readonly Change[] {
  const machines = network.segments.map(({ name }) => ({
    name,
    members: network.nodes
      .filter(({ kind, interfaces }) => kind === 'machine' && interfaces.some(({ segment }) => segment === name))
      .map((node) => node.name),
  }));
  const by = (list: readonly Change[], end: 'from' | 'to'): readonly Change[] => {
    const groups = groupBy(list, (change) => keyOf({ ...change, [end]: '' }));
    return [...groups.values()].flatMap((group) => {
      const names = new Set(group.map((change) => change[end]));
      const covered = machines.filter(({ members }) => members.length > 1 && members.every((member) => names.has(member)));
      const inside = new Set(covered.flatMap(({ members }) => members));
      const [first] = group;
      if (first === undefined) return [];
      return [...covered.map(({ name }) => ({ ...first, [end]: name })), ...group.filter((change) => !inside.has(change[end]))];
    });
  };
  return by(by(changes, 'from'), 'to');
}
