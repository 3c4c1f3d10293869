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
  /** The first on the way that is down. */
  readonly down?: Down;
}

/** Whether the interface is the one that a frame is for. */
export type Wanted = (station: Station, device: Device) => boolean;

/** A device that is down. */
interface Down {
  readonly station: Station;
  readonly device: string;
}

/**
 * Undefined where nobody on the wire is wanted, not even behind a device that is down: `down` is the first one on the way. Whose
 * interface is down itself may have lost its addresses by that, so it may be the one that is wanted.
 */
export function arrivalOf(model: Model, station: Station, device: string, wanted: Wanted): Arrival | { readonly down: Down } | undefined {
  const isWanted = (one: Arrival): boolean => {
    const own = one.station.devices.get(one.device);
    return own !== undefined && wanted(one.station, own);
  };
  const met = { down: false };
  for (const { arrival } of walk(model, station, device, 'up', met)) if (isWanted(arrival)) return arrival;
  if (!met.down) return undefined;
  let bare: Down | undefined;
  for (const { arrival, down } of walk(model, station, device, 'all')) {
    if (down !== undefined && isWanted(arrival)) return { down };
    if (isBare(arrival)) bare ??= down;
  }
  return bare && { down: bare };
}

function isBare({ station, device }: Arrival): boolean {
  const own = station.devices.get(device);
  return own?.down === true && own.master === undefined && !station.addresses.some((address) => address.device === device);
}

/** All interfaces that a frame may come in by which leaves by `device`, near ones first. */
export function* arrivalsFrom(model: Model, station: Station, device: string): Generator<Arrival> {
  for (const { arrival } of walk(model, station, device, 'up')) yield arrival;
}

interface Walked {
  readonly arrival: Arrival;
  readonly down?: Down;
}

/**
 * @param through whether devices that are down are passed too, as if they were not
 * @param met notes whether there are any
 */
function* walk(model: Model, station: Station, device: string, through: 'up' | 'all', met = { down: false }): Generator<Walked> {
  const start = station.devices.get(device);
  if (start === undefined) return;
  const pass = passing(through, met);
  const first = pass({ station, device: start, crossings: [] }, start);
  yield* spread(model, first === undefined ? [] : departures(model, first), pass, new Set([`${station.namespace} ${device}`]));
}

/** The place, with what is down on the way, or undefined where a frame does not pass these devices. */
type Pass = (place: Place, ...devices: readonly (Device | undefined)[]) => Place | undefined;

const passing =
  (through: 'up' | 'all', met = { down: false }): Pass =>
  (place, ...devices) => {
    const one = devices.find((device) => device?.down === true);
    if (one === undefined) return place;
    met.down = true;
    return through === 'up' ? undefined : { ...place, down: place.down ?? { station: place.station, device: one.name } };
  };

function* spread(model: Model, queue: Place[], pass: Pass, seen: Set<string>): Generator<Walked> {
  for (const next of queue) {
    const key = `${next.station.namespace} ${next.device.name} ${next.tag ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { master } = next.device;
    const own = master === undefined ? undefined : next.station.devices.get(master);
    const place = pass(next, next.device, own);
    if (place === undefined) continue;
    if (master === undefined) {
      const receiver = receiverOf(place);
      const received = receiver && pass({ ...place, device: receiver }, receiver);
      if (received !== undefined) yield walked(received);
      continue;
    }
    if (place.device.blocked === true) continue;
    followedOnly(place.device);
    const vlan = own?.filters === true ? vlanIn(place.device, place.tag) : 'all';
    if (vlan === undefined) continue;
    if (own !== undefined) yield walked({ ...place, device: own, crossings: [...place.crossings, crossingOf(place, master, vlan)] });
    queue.push(...onward(model, place, master, vlan, pass));
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
function onward(model: Model, place: Place, bridge: string, vlan: number | 'all', pass: Pass): readonly Place[] {
  const { station, device, tag, ...rest } = place;
  return portsOf(station, bridge).flatMap((port): readonly Place[] => {
    if (port.name === device.name || port.blocked === true) return [];
    if (port.isolated === true && device.isolated === true) return [];
    const out = vlan === 'all' ? { tag } : frameOut(port, vlan);
    if (out === undefined) return [];
    followedOnly(port);
    const crossings = [...place.crossings, { ...crossingOf(place, bridge, vlan), outPort: port.name }];
    const left = pass({ ...rest, station, device: port, ...tagged(out.tag), crossings }, port);
    return left === undefined ? [] : departures(model, left);
  });
}

/** Where a frame comes in that is for a MAC address, from a switch that tells VLANs apart on; the first crossing is of that switch. */
export function arrivalBehind(model: Model, { station, bridge, inPort, vlan = 0 }: BridgeCrossing, mac: string): Arrival | undefined {
  const [own, device] = [station.devices.get(bridge), station.devices.get(inPort)];
  if (own === undefined || device === undefined) return undefined;
  const place: Place = { station, device, crossings: [] };
  if (own.mac === mac) return walked({ ...place, device: own, crossings: [crossingOf(place, bridge, vlan)] }).arrival;
  const pass = passing('up');
  const queue = [...onward(model, place, bridge, vlan, pass)];
  for (const { arrival } of spread(model, queue, pass, new Set([`${station.namespace} ${inPort} `])))
    if (arrival.station.devices.get(arrival.device)?.mac === mac) return arrival;
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

const walked = ({ station, device, crossings, down }: Place): Walked => ({
  arrival: { station, device: device.name, crossings },
  ...(down !== undefined && { down }),
});

/** Where a frame comes in that leaves by a device. */
function departures(model: Model, place: Place): Place[] {
  const { station, device, tag, crossings, down } = place;
  const past = { crossings, ...(down !== undefined && { down }) };
  const parent = device.tag === undefined ? undefined : station.devices.get(device.tag.parent);
  if (parent !== undefined) return departures(model, { station, device: parent, ...tagged(device.tag?.id), ...past });
  if (device.peer !== undefined) {
    const far = model.stations.get(device.peer.namespace);
    const end = far?.devices.get(device.peer.device);
    return far === undefined || end === undefined ? [] : [{ station: far, device: end, ...tagged(tag), ...past }];
  }
  const { tunnel } = device;
  if (tunnel !== undefined)
    return farEnds(model, station, device, tunnel).map((far) => ({
      station: far.station,
      device: far.end,
      ...tagged(tag),
      ...past,
      crossings: [...crossings, { kind: 'tunnel', station, tunnel, far: { ...far, device: far.end.name } }],
    }));
  if (device.parent !== undefined) return siblings(model, station, device).map((sibling) => ({ ...sibling, ...past }));
  // A bridge that sends by itself: by each of its ports.
  return portsOf(station, device.name)
    .filter(({ blocked }) => blocked !== true)
    .flatMap((port) => departures(model, { station, device: port, ...past }));
}

/** Devices on the same device of the host (macvlan in bridge mode). */
const siblings = (model: Model, station: Station, { parent, name }: Device): readonly Omit<Place, 'crossings'>[] =>
  [...model.stations.values()].flatMap((other) =>
    [...other.devices.values()]
      .filter((device) => device.parent === parent && !(other === station && device.name === name))
      .map((device) => ({ station: other, device })),
  );
