/** Who is on the wire of an interface: whoever answers there for an address, itself among them. */
import type { Family } from '../../address/ip.ts';
import type { Model, Station } from '../path/model.ts';
import { type Arrival, arrivalsFrom } from '../path/wire.ts';

export interface Neighbours {
  readonly at: (family: Family, value: bigint) => Arrival | undefined;
  /** Addresses of a family that somebody there has, in order. */
  readonly addresses: (family: Family) => readonly bigint[];
}

export function neighboursOf(model: Model, station: Station, device: string): Neighbours {
  const byAddress: { readonly [F in Family]: Map<bigint, Arrival> } = { 4: new Map(), 6: new Map() };
  const self: Arrival = { station, device, crossings: [] };
  for (const arrival of [self, ...arrivalsFrom(model, station, device)])
    for (const { address, device: owner } of arrival.station.addresses) {
      const there = byAddress[address.family];
      if (owner === arrival.device && !there.has(address.value)) there.set(address.value, arrival);
    }
  const sorted = (family: Family): readonly bigint[] =>
    [...byAddress[family].keys()].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
  const addresses = { 4: sorted(4), 6: sorted(6) };
  return { at: (family, value) => byAddress[family].get(value), addresses: (family) => addresses[family] };
}
