/** The way of a frame from an interface to whoever it is for, through cables and bridges. */
import type { Address } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Device, Model, Station, TunnelEnd } from './model.ts';
import { NotFollowed } from './not-followed.ts';
import { frameOut, vlanIn } from './port-vlans.ts';
import { farEnds } from './tunnel.ts';

/** Something between two interfaces that the frame passes. */
export type Crossing = BridgeCrossing | TunnelCrossing;

export interface BridgeCrossing {
  readonly kind: 'bridge';
  readonly station: Station;
  readonly bridge: string;
  readonly inPort: string;
  /** Undefined where the bridge itself is meant. */
  readonly outPort?: string;
  /** Where it tells VLANs apart. */
  readonly vlan?: number;
}

/** It travels in a packet from here to there. */
export interface TunnelCrossing {
  readonly kind: 'tunnel';
  readonly station: Station;
  readonly tunnel: TunnelEnd;
  readonly far: { readonly station: Station; readonly device: string; readonly address: Address };
}

export interface Arrival {
  readonly station: Station;
  readonly device: string;
  readonly crossings: readonly Crossing[];
}

interface Place {
  readonly station: Station;
  readonly device: Device;
  /** Of the frame. */
  readonly tag?: number;
  readonly crossings: readonly Crossing[];
}

/** Whether the interface is the one that a frame is for. */
export type Wanted = (station: Station, device: Device) => boolean;

/** A device that is down. */
interface Down {
  readonly station: Station;
  readonly device: string;
}

/** Undefined where nobody on the wire is wanted, unless somebody may be behind a device that is down. */
export function arrivalOf(model: Model, station: Station, device: string, wanted: Wanted): Arrival | { readonly down: Down } | undefined {
  const downs: Down[] = [];
  for (const one of arrivalsFrom(model, station, device, downs)) {
    const own = one.station.devices.get(one.device);
    if (own !== undefined && wanted(one.station, own)) return one;
  }
  const [down] = downs;
  return down && { down };
}

/** All interfaces that a frame may come in by which leaves by `device`, near ones first; notes what is down on the way. */
export function* arrivalsFrom(model: Model, station: Station, device: string, downs: Down[] = []): Generator<Arrival> {
  const start = station.devices.get(device);
  if (start === undefined) return;
  const isUp = upOrNoted(downs);
  const queue: Place[] = isUp(station, start) ? departures(model, { station, device: start, crossings: [] }) : [];
  yield* spread(model, queue, isUp, new Set([`${station.namespace} ${device}`]));
}

type IsUp = (at: Station, device: Device | undefined) => boolean;

/** Notes what is not. */
const upOrNoted =
  (downs: Down[]): IsUp =>
  (at, one) => {
    if (one?.down === true) downs.push({ station: at, device: one.name });
    return one?.down !== true;
  };

function* spread(model: Model, queue: Place[], isUp: IsUp, seen: Set<string>): Generator<Arrival> {
  for (const place of queue) {
    const key = `${place.station.namespace} ${place.device.name} ${place.tag ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { master } = place.device;
    const own = master === undefined ? undefined : place.station.devices.get(master);
    if (!isUp(place.station, place.device) || !isUp(place.station, own)) continue;
    if (master === undefined) {
      const receiver = receiverOf(place);
      if (receiver !== undefined && isUp(place.station, receiver)) yield arrival({ ...place, device: receiver });
      continue;
    }
    if (place.device.blocked === true) continue;
    followedOnly(place.device);
    const vlan = own?.filters === true ? vlanIn(place.device, place.tag) : 'all';
    if (vlan === undefined) continue;
    if (own !== undefined) yield arrival({ ...place, device: own, crossings: [...place.crossings, crossingOf(place, master, vlan)] });
    queue.push(...onward(model, place, master, vlan, isUp));
  }
}

const crossingOf = ({ station, device }: Place, bridge: string, vlan: number | 'all'): BridgeCrossing => ({
  kind: 'bridge',
  station,
  bridge,
  inPort: device.name,
  ...(typeof vlan === 'number' && vlan > 0 && { vlan }),
});

/** Where a frame comes in that a bridge switches in a VLAN. */
function onward(model: Model, place: Place, bridge: string, vlan: number | 'all', isUp: IsUp): readonly Place[] {
  const { station, device } = place;
  return portsOf(station, bridge).flatMap((port): readonly Place[] => {
    if (port.name === device.name || port.blocked === true || !isUp(station, port)) return [];
    if (port.isolated === true && device.isolated === true) return [];
    const out = vlan === 'all' ? { tag: place.tag } : frameOut(port, vlan);
    if (out === undefined) return [];
    followedOnly(port);
    const crossings = [...place.crossings, { ...crossingOf(place, bridge, vlan), outPort: port.name }];
    return departures(model, { station, device: port, ...tagged(out.tag), crossings });
  });
}

/** Where a frame comes in that is for a MAC address, from a switch that tells VLANs apart on; the first crossing is of that switch. */
export function arrivalBehind(model: Model, { station, bridge, inPort, vlan = 0 }: BridgeCrossing, mac: string): Arrival | undefined {
  const [own, device] = [station.devices.get(bridge), station.devices.get(inPort)];
  if (own === undefined || device === undefined) return undefined;
  const place: Place = { station, device, crossings: [] };
  if (own.mac === mac) return arrival({ ...place, device: own, crossings: [crossingOf(place, bridge, vlan)] });
  const isUp = upOrNoted([]);
  for (const one of spread(model, [...onward(model, place, bridge, vlan, isUp)], isUp, new Set([`${station.namespace} ${inPort} `])))
    if (one.station.devices.get(one.device)?.mac === mac) return one;
  return undefined;
}

/** @throws NotFollowed where it is not known what becomes of frames there */
function followedOnly({ notFollowed }: Device): void {
  if (notFollowed !== undefined) throw new NotFollowed(notFollowed);
}

/** Of bridges with a thousand ports they are not looked for again for each packet. */
const ports = new WeakMap<Station, ReadonlyMap<string, readonly Device[]>>();

function portsOf(station: Station, bridge: string): readonly Device[] {
  const known = ports.get(station) ?? groupBy([...station.devices.values()], ({ master }) => master ?? '');
  ports.set(station, known);
  return known.get(bridge) ?? [];
}

/** The device that takes a frame which is for this machine: with a tag, the one for it. */
function receiverOf({ station, device, tag }: Place): Device | undefined {
  if (tag === undefined) return device;
  return [...station.devices.values()].find((one) => one.tag?.parent === device.name && one.tag.id === tag);
}

const tagged = (tag: number | undefined): { readonly tag?: number } => (tag === undefined ? {} : { tag });

const arrival = ({ station, device, crossings }: Place): Arrival => ({ station, device: device.name, crossings });

/** Where a frame comes in that leaves by a device. */
function departures(model: Model, { station, device, tag, crossings }: Place): Place[] {
  const parent = device.tag === undefined ? undefined : station.devices.get(device.tag.parent);
  if (parent !== undefined) return departures(model, { station, device: parent, ...tagged(device.tag?.id), crossings });
  if (device.peer !== undefined) {
    const far = model.stations.get(device.peer.namespace);
    const end = far?.devices.get(device.peer.device);
    return far === undefined || end === undefined ? [] : [{ station: far, device: end, ...tagged(tag), crossings }];
  }
  const { tunnel } = device;
  if (tunnel !== undefined)
    return farEnds(model, station, device, tunnel).map((far) => ({
      station: far.station,
      device: far.end,
      ...tagged(tag),
      crossings: [...crossings, { kind: 'tunnel', station, tunnel, far: { ...far, device: far.end.name } }],
    }));
  if (device.parent !== undefined) return siblings(model, station, device).map((place) => ({ ...place, crossings }));
  // A bridge that sends by itself: by each of its ports.
  return portsOf(station, device.name)
    .filter(({ blocked }) => blocked !== true)
    .flatMap((port) => departures(model, { station, device: port, crossings }));
}

/** Devices on the same device of the host (macvlan in bridge mode). */
const siblings = (model: Model, station: Station, { parent, name }: Device): readonly Omit<Place, 'crossings'>[] =>
  [...model.stations.values()].flatMap((other) =>
    [...other.devices.values()]
      .filter((device) => device.parent === parent && !(other === station && device.name === name))
      .map((device) => ({ station: other, device })),
  );
