/** How packets go through a network, whatever its lines allow: what leads nowhere, whose answers are lost, and what goes two ways. */
import { formatPrefix } from '../../address/format.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Station } from '../../proof/path/model.ts';
import { withChosenSource } from '../../proof/reach/chosen-source.ts';
import { fromClients } from '../../proof/reach/clients.ts';
import { type Party, send } from '../../proof/reach/question.ts';
import { answerable, roundTrips } from '../../proof/reach/round-trips.ts';
import { intersection } from '../../proof/sets/stretches.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { nameOfNamespace } from '../explain/place-names.ts';
import { type BlackHole, BlackHoles } from './black-holes.ts';
import { groundFor } from './ground-for.ts';
import { type ToldTrip, toldTrips } from './round-trips.ts';

export interface Paths {
  readonly holes: readonly BlackHole[];
  /** Of machines; those whose answers are lost, and those whose answers come another way. */
  readonly trips: readonly ToldTrip[];
  /** Routes by several equally good ways, of which the kernel takes one for each flow: what takes them is not followed. */
  readonly undecided: readonly { readonly at: string; readonly to: string }[];
}

/** @throws NotFollowed */
export function pathsOf(network: Network, resources: readonly Resource[]): Paths {
  const ground = groundFor(network, resources);
  const { space, model } = ground;
  const stations = [...network.nodes.map(({ name }) => namespaceOf(network.name, name)), HOST].flatMap(
    (namespace) => model.stations.get(namespace) ?? [],
  );
  const machines = new Set(
    network.nodes.flatMap(({ kind, name }) => (kind === 'machine' ? (model.stations.get(namespaceOf(network.name, name)) ?? []) : [])),
  );
  const holes = new BlackHoles(network, ground);
  const trips = ([4, 6] as const).flatMap((family) => {
    const wanted = intersection(space.diagram, [
      ...[answerable(space, family), fromClients(space, family)],
      withChosenSource(ground, [...machines].map(partyOf), family),
    ]);
    return send(ground, stations.map(partyOf), family, space.beginning(family)).flatMap(({ leaves }) => {
      holes.add({ family, leaves });
      const own = leaves.filter(({ hop }) => hop.members.some((member) => machines.has(member)));
      return roundTrips(ground, own, wanted, family).filter(({ from }) => from.some((station) => machines.has(station)));
    });
  });
  const undecided = ground.takeUndecided().map(({ namespace, route }) => ({
    at: nameOfNamespace(network, namespace),
    to: formatPrefix(route.to),
  }));
  return { holes: holes.found, trips: toldTrips(network, ground, trips), undecided };
}

const partyOf = (station: Station): Party => ({ station, addresses: station.addresses.map(({ address }) => address) });
