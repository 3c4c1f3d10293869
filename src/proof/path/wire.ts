/** The way of a frame from an interface to whoever has the address that it is for, through cables and bridges. */
import type { Address } from '../../address/ip.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Device, Model, Station } from './model.ts';
import { same } from './routing.ts';
import { farEnds } from './tunnel.ts';

/** Something between two interfaces that the frame passes. */
type Crossing = BridgeCrossing | TunnelCrossing;

interface BridgeCrossing {
  readonly kind: 'bridge';
  readonly station: Station;
  readonly bridge: string;
  readonly inPort: string;
  /** Undefined where the bridge itself is meant. */
  readonly outPort?: string;
}

/** It travels in a packet from here to there. */
export interface TunnelCrossing {
  readonly kind: 'tunnel';
  readonly station: Station;
  readonly tunnel: Tunnel;
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
  readonly crossings: readonly Crossing[];
}

/** Undefined where nobody there has the address: nobody answers to neighbour discovery. */
export function arrivalOf(model: Model, station: Station, device: string, owner: Address): Arrival | undefined {
  const start = station.devices.get(device);
  if (start === undefined) return undefined;
  const seen = new Set<string>([`${station.namespace} ${device}`]);
  const queue: Place[] = departures(model, { station, device: start, crossings: [] });
  for (const place of queue) {
    const key = `${place.station.namespace} ${place.device.name}`;
    if (seen.has(key)) continue;
    seen.add(key);
    const { master } = place.device;
    if (master === undefined) {
      if (has(place.station, place.device.name, owner)) return arrival(place);
      continue;
    }
    const own = place.station.devices.get(master);
    const crossing = { kind: 'bridge' as const, station: place.station, bridge: master, inPort: place.device.name };
    if (own !== undefined && has(place.station, master, owner))
      return arrival({ ...place, device: own, crossings: [...place.crossings, crossing] });
    for (const port of place.station.devices.values()) {
      if (port.master !== master || port.name === place.device.name) continue;
      const crossings = [...place.crossings, { ...crossing, outPort: port.name }];
      queue.push(...departures(model, { station: place.station, device: port, crossings }));
    }
  }
  return undefined;
}

const arrival = ({ station, device, crossings }: Place): Arrival => ({ station, device: device.name, crossings });

const has = ({ addresses }: Station, device: string, owner: Address): boolean =>
  addresses.some((own) => own.device === device && same(own.address, owner));

/** Where a frame comes in that leaves by a device. */
function departures(model: Model, { station, device, crossings }: Place): Place[] {
  if (device.peer !== undefined) {
    const far = model.stations.get(device.peer.namespace);
    const end = far?.devices.get(device.peer.device);
    return far === undefined || end === undefined ? [] : [{ station: far, device: end, crossings }];
  }
  const { tunnel } = device;
  if (tunnel !== undefined)
    return farEnds(model, device, tunnel).map((far) => ({
      station: far.station,
      device: far.end,
      crossings: [...crossings, { kind: 'tunnel', station, tunnel, far: { ...far, device: far.end.name } }],
    }));
  if (device.parent !== undefined) return siblings(model, station, device).map((place) => ({ ...place, crossings }));
  // A bridge that sends by itself: by each of its ports.
  return [...station.devices.values()]
    .filter(({ master }) => master === device.name)
    .flatMap((port) => departures(model, { station, device: port, crossings }));
}

/** Devices on the same device of the host (macvlan in bridge mode). */
const siblings = (model: Model, station: Station, { parent, name }: Device): readonly Omit<Place, 'crossings'>[] =>
  [...model.stations.values()].flatMap((other) =>
    [...other.devices.values()]
      .filter((device) => device.parent === parent && !(other === station && device.name === name))
      .map((device) => ({ station: other, device })),
  );
