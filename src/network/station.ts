import type { InterfaceAddress, Network, Node } from './network.ts';

/** One of the nodes that send and receive alike: in the same networks, with the same routes. */
export interface Station {
  readonly node: Node;
  readonly key: string;
  /** Whether routes of its own set it apart from everybody else. */
  readonly isAlone: boolean;
}

/** What a node is like; machines of a network are all alike, unless the file gives one routes. */
function stationOf(node: Node): Station {
  const isAlone = node.kind !== 'machine' || node.routes.some(({ given, origin }) => given && origin[0] !== 'networks');
  if (isAlone) return { node, isAlone, key: `node ${node.name}` };
  // `none` leaves no route behind, but fewer of them.
  const defaults = node.routes.filter(({ to }) => to.length === 0).length;
  const segments = node.interfaces.map(({ segment }) => segment);
  return { node, isAlone, key: [...segments.toSorted(), defaults, node.routes.length].join(' ') };
}

/** One station of each kind. */
export function stationsOf(nodes: Iterable<Node>): readonly Station[] {
  const stations = new Map<string, Station>();
  for (const node of nodes) {
    const station = stationOf(node);
    if (!stations.has(station.key)) stations.set(station.key, station);
  }
  return [...stations.values()];
}

export interface OwnAddress extends InterfaceAddress {
  readonly segment: string;
}

/** All addresses of a node, with the segment that each is in. */
export function addressesOf(node: Node): readonly OwnAddress[] {
  const own = node.interfaces.flatMap(({ segment, addresses }) => addresses.map((one) => ({ ...one, segment })));
  const segment = node.interfaces[0]?.segment ?? '';
  return [...own, ...(node.bridge?.addresses ?? []).map((one) => ({ ...one, segment }))];
}

export function nodesByName(network: Network): ReadonlyMap<string, Node> {
  return new Map(network.nodes.map((node) => [node.name, node]));
}
