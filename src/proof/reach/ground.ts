/** A model as sets of packets know it: routes, neighbours and classes of machines, each found out once. */
import type { Family } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Model, ModelRoute, Station } from '../path/model.ts';
import type { Arrival } from '../path/wire.ts';
import type { Node } from '../sets/diagram.ts';
import { FULL } from '../sets/node-table.ts';
import { union } from '../sets/stretches.ts';
import { type Neighbours, neighboursOf } from './neighbours.ts';
import type { End, Space } from './space.ts';
import { type Routing, routingOf } from './ways.ts';

export class Ground {
  readonly space: Space;
  readonly model: Model;
  readonly #routings = new Map<string, Routing>();
  readonly #neighbours = new Map<string, Neighbours>();
  readonly #wires = new Map<string, Wire>();
  readonly #sets = new Map<string, Node>();
  #classes: ReadonlyMap<Station, Class> | undefined;
  readonly #undecided = new Map<string, Undecided>();

  constructor(space: Space, model: Model) {
    this.space = space;
    this.model = model;
  }

  routing(station: Station, family: Family, end: End = 'destination'): Routing {
    const key = `${family} ${end} ${station.namespace}`;
    const known = this.#routings.get(key) ?? routingOf(this.space, station, family, end);
    this.#routings.set(key, known);
    return known;
  }

  /** Notes that the answer to a question hangs on a choice of the kernel's. */
  leaveUndecided({ namespace }: Station, route: ModelRoute): void {
    this.#undecided.set(`${namespace} ${route.to.value}/${route.to.length}`, { namespace, route });
  }

  /** What was left undecided since it was asked for the last time. */
  takeUndecided(): readonly Undecided[] {
    const taken = [...this.#undecided.values()];
    this.#undecided.clear();
    return taken;
  }

  neighbours(station: Station, device: string): Neighbours {
    const key = `${station.namespace} ${device}`;
    const known = this.#neighbours.get(key) ?? neighboursOf(this.model, station, device);
    this.#neighbours.set(key, known);
    return known;
  }

  /** What a frame finds that leaves by the device. */
  wire(station: Station, device: string): Wire {
    const key = `${station.namespace} ${device}`;
    const known = this.#wires.get(key) ?? this.#wireOf(this.neighbours(station, device));
    this.#wires.set(key, known);
    return known;
  }

  /** Machines that differ in nothing but their addresses, itself among them. */
  peersOf(station: Station): readonly Station[] {
    return this.#classOf(station)?.members ?? [station];
  }

  #classOf(station: Station): Class | undefined {
    this.#classes ??= classesOf(this.model);
    return this.#classes.get(station);
  }

  #wireOf(neighbours: Neighbours): Wire {
    const single = new Map<string, Shore>();
    const plain = new Map<Class, Shore>();
    for (const family of [4, 6] as const)
      for (const value of neighbours.addresses(family)) {
        const arrival = neighbours.at(family, value);
        if (arrival === undefined) continue;
        const own = isOpen(arrival) ? this.#classOf(arrival.station) : undefined;
        const name = `${arrival.station.namespace} ${arrival.device}`;
        const known = own === undefined ? single.get(name) : plain.get(own);
        const shore = known ?? { arrival, members: own?.members ?? [arrival.station], values: { 4: [], 6: [] } };
        if (own === undefined) single.set(name, shore);
        else plain.set(own, shore);
        shore.values[family].push(value);
      }
    return { single: [...single.values()], plain: [...plain.values()] };
  }

  local(station: Station, family: Family, end: End = 'destination'): Node {
    return this.routing(station, family, end).local;
  }

  /** What has an address of the station at an end. */
  own(station: Station, family: Family, end: End): Node {
    return this.#once(`own ${family} ${end} ${station.namespace}`, () =>
      this.space.addresses(
        end,
        family,
        station.addresses.map(({ address }) => address),
      ),
    );
  }

  /**
   * IPv4 packets whose source could be where they come in, in the way that `rp_filter` wants it (fib_validate_source).
   *
   * @param end where that source is: in what they answer, that is the destination of answers
   */
  feasible(station: Station, device: string, end: End): Node {
    const mode = station.reversePath(device);
    if (mode === 0) return FULL;
    return this.#once(`feasible ${end} ${station.namespace} ${device}`, () => {
      const back = this.routing(station, 4, end).ways;
      const near = back.filter(({ route }) => route.device !== undefined && (mode === 2 || route.device === device));
      return union(
        this.space.diagram,
        near.map(({ to }) => to),
      );
    });
  }

  #once(key: string, find: () => Node): Node {
    const known = this.#sets.get(key) ?? this.space.keep(find());
    this.#sets.set(key, known);
    return known;
  }
}

/** A route by one of several ways. */
export interface Undecided {
  readonly namespace: string;
  readonly route: ModelRoute;
}

/** Who has addresses on a wire; those that are `plain` take whatever comes to these. */
export interface Wire {
  readonly single: readonly Shore[];
  readonly plain: readonly Shore[];
}

interface Shore {
  readonly arrival: Arrival;
  readonly members: readonly Station[];
  /** In order. */
  readonly values: { readonly [F in Family]: bigint[] };
}

/** Stations that are one to all questions: on one switch, with the same routes, without rules on them or on the way to them. */
interface Class {
  readonly members: readonly Station[];
}

function classesOf(model: Model): ReadonlyMap<Station, Class> {
  const classes = new Map<Station, Class>();
  for (const [key, members] of groupBy(model.stations.values(), (station) => keyOf(model, station))) {
    const one = { members };
    if (key !== undefined) for (const member of members) classes.set(member, one);
  }
  return classes;
}

/** Whether nothing on the way there could stop a frame. */
const isOpen = ({ crossings }: Arrival): boolean =>
  crossings.every(
    (crossing) => crossing.kind === 'bridge' && crossing.station.tables.length === 0 && !crossing.station.programs.has(crossing.bridge),
  );

/** Undefined for what is one of its kind. */
function keyOf(model: Model, station: Station): string | undefined {
  const [device, ...others] = station.devices.values();
  if (station.tables.length > 0 || station.forwards(4) || station.forwards(6) || others.length > 0) return undefined;
  if (device?.peer === undefined || device.master !== undefined) return undefined;
  const far = model.stations.get(device.peer.namespace);
  const port = far?.devices.get(device.peer.device);
  const bridge = port?.master;
  if (far === undefined || bridge === undefined || far.tables.length > 0 || far.programs.size > 0) return undefined;
  const routes = station.routes.map(({ to, via, device: out }) => `${to.value}/${to.length} ${via?.value ?? ''} ${out === undefined}`);
  const vlans = port?.vlans === undefined ? 'all' : JSON.stringify(port.vlans);
  return [far.namespace, bridge, vlans, ...routes].join(' ');
}
