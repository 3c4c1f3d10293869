/** Where packets pass in a bottle, in the words of the file. */
import { type Home, namespacePath } from '../../backend/home.ts';
import { fabricOf, namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Surroundings } from '../../observe/large-losses.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';

interface Place {
  readonly at: string;
  readonly by: string;
}

export function surroundingsOf(home: Home, network: Network, resources: readonly Resource[]): Surroundings {
  const vantageOf = (node: string): string => namespaceOf(network.name, node);
  const there = new Set(resources.flatMap((one) => (one.kind === 'namespace' ? [one.name] : [])));
  const between = [
    ...network.nodes.flatMap(({ name, kind }) => (kind === 'machine' ? [] : [name])),
    ...network.switches.flatMap(({ machine }) => machine ?? []),
  ];
  const places = placesIn(network, resources);
  return {
    vantages: (probes) => {
      const ends = probes.flatMap(({ from, target }) => [from, ...(target === undefined ? [] : [target])]);
      const names = new Set([fabricOf(network.name), ...[...ends, ...between].map(vantageOf)]);
      return [...names].filter((name) => there.has(name)).map((name) => ({ name, path: namespacePath(home, network.name, name) }));
    },
    vantageOf,
    placeOf: (vantage, device) => places.get(`${vantage}/${device}`) ?? { at: vantage, by: device },
  };
}

function placesIn(network: Network, resources: readonly Resource[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  for (const resource of resources) {
    if (resource.kind !== 'veth') continue;
    const { name, ends } = resource;
    const [owner = '', where = ''] = name.startsWith(HOST) ? ['host', name.slice(HOST.length + 1)] : name.split('/');
    for (const [index, { namespace, device }] of ends.entries()) {
      const isFirst = index === (owner === 'host' ? 1 : 0);
      places.set(`${namespace}/${device}`, isFirst ? { at: owner, by: where } : { at: where, by: owner });
    }
  }
  for (const { name, interfaces } of network.nodes)
    for (const { device, segment } of interfaces) places.set(`${namespaceOf(network.name, name)}/${device}`, { at: name, by: segment });
  return places;
}
