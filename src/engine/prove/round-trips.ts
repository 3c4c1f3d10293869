/** Machines whose packets and answers go different ways, and whose answers are lost. */
import { groupBy } from '../../collection/group-by.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Node as Machine, Network } from '../../network/network.ts';
import { addressesOf } from '../../observe/ends.ts';
import type { Station } from '../../proof/path/model.ts';
import { same } from '../../proof/path/routing.ts';
import type { Ground } from '../../proof/reach/ground.ts';
import { answerable, isAsymmetric, type RoundTrip } from '../../proof/reach/round-trips.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import { askedIn, servicesIn } from '../../proof/reach/service-words.ts';
import type { End } from '../../proof/reach/space.ts';
import type { Node } from '../../proof/sets/diagram.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { nameOfNamespace } from '../explain/place-names.ts';
import { type LostAnswer, lostAnswer } from './lost-answer.ts';
import { answerTo } from './replay.ts';

/** Between each of the ones and each of the others. */
export interface ToldTrip {
  /** Names of machines. */
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly services: readonly string[];
  /** Names of those that are passed on the way, and on the way back as far as answers come. */
  readonly there: readonly string[];
  readonly back: readonly string[];
  /** Absent where answers come back. */
  readonly lost?: LostAnswer;
}

type Machines = ReadonlyMap<Station, Machine>;

/** Those that are lost first. */
export function toldTrips(network: Network, ground: Ground, trips: readonly RoundTrip[]): readonly ToldTrip[] {
  const machines: Machines = new Map(
    network.nodes.flatMap((node) => {
      const station = node.kind === 'machine' ? ground.model.stations.get(namespaceOf(network.name, node.name)) : undefined;
      return station === undefined ? [] : [[station, node] as const];
    }),
  );
  const odd = trips.filter((trip) => trip.lost !== undefined || isAsymmetric(trip));
  const told = groupBy(
    odd.flatMap((trip) => toldOf(network, ground, machines, trip)),
    ({ services: _services, ...trip }) => JSON.stringify(trip),
  );
  const all = [...told.values()].flatMap((alike): readonly ToldTrip[] => {
    const services = [...new Set(alike.flatMap((trip) => trip.services))];
    return alike.slice(0, 1).map((trip) => ({ ...trip, services }));
  });
  return [...all.filter(({ lost }) => lost !== undefined), ...all.filter(({ lost }) => lost === undefined)];
}

/** Those that may ask for the same, and of whom the same is asked, in one. */
function toldOf(network: Network, ground: Ground, machines: Machines, trip: RoundTrip): readonly ToldTrip[] {
  const { space } = ground;
  const machinesOf = (stations: readonly Station[]): readonly Machine[] => stations.flatMap((station) => machines.get(station) ?? []);
  const [senders, targets] = [machinesOf(trip.from), machinesOf(trip.to)];
  const names = (stations: readonly Station[]): readonly string[] => stations.map(({ namespace }) => nameOfNamespace(network, namespace));
  const whole = askedIn(space, answerable(space, trip.family));
  const isAnything = (asked: Node): boolean => askedIn(space, space.diagram.and(asked, space.plain(trip.family))) === whole;
  const at = (packets: Node, end: End, machine: Machine): Node => {
    const own = addressesOf(machine).map(({ address }) => address);
    return space.diagram.andExists(packets, space.addresses(end, trip.family, own), space.sets.bitsOfSlots(end));
  };
  return [...groupBy(senders, (sender) => at(trip.packets, 'source', sender))].flatMap(([row, from]) => {
    // By who takes it: with a forward, it was sent to another's address.
    const cells = targets.length === 1 ? new Map([[row, targets]]) : groupBy(targets, (target) => at(row, 'destination', target));
    return [...cells].flatMap(([asked, to]): readonly ToldTrip[] => {
      if (asked === EMPTY) return [];
      const own = from.flatMap((node) => addressesOf(node).map(({ address }) => address));
      const example = space.diagram.and(space.diagram.and(trip.packets, asked), space.addresses('source', trip.family, own));
      const lost = trip.lost && lostOf(network, ground, trip, example);
      return [
        {
          from: from.map(({ name }) => name),
          to: to.map(({ name }) => name),
          services: isAnything(asked) ? ['anything'] : servicesIn(space, asked),
          there: names(trip.there),
          back: names(trip.back),
          ...(lost !== undefined && { lost }),
        },
      ];
    });
  });
}

/** The evaluator, which knows nothing of sets, finds the rule. @throws Error where it does not agree */
function lostOf(network: Network, ground: Ground, trip: RoundTrip, packets: Node): LostAnswer {
  const packet = exampleOf(ground.space, trip.family, packets);
  const sender = trip.from.find((station) => station.addresses.some(({ address }) => packet !== undefined && same(address, packet.source)));
  const answer = packet && sender && answerTo(ground.model, sender.namespace, packet);
  if (answer === undefined || answer.isKnown) throw new Error('the sets and the evaluator disagree about an answer: please report it');
  return lostAnswer(network, answer.back);
}
