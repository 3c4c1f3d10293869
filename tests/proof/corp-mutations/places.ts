/** Where rules of a station are asked: each hook, between each two interfaces. */
import type { Family } from '../../../src/address/ip.ts';
import type { Station } from '../../../src/proof/path/model.ts';
import type { Situation } from '../../../src/proof/reach/hooks.ts';
import type { Hook } from '../../../src/resource/ruleset/chain.ts';

export interface Place extends Pick<Situation, 'inDevice' | 'outDevice'> {
  readonly where: string;
  readonly hook: Hook['hook'];
}

export function placesOf(station: Station, family: Family): readonly Place[] {
  const devices = [...new Set(station.addresses.map(({ device }) => device))];
  const pairs = devices.flatMap((inDevice) => devices.map((outDevice) => ({ inDevice, outDevice })));
  const places: readonly Omit<Place, 'where'>[] = [
    ...(station.forwards(family) ? pairs.map((pair) => ({ hook: 'forward', ...pair }) as const) : []),
    ...[...devices, 'lo'].flatMap((device) => [
      { hook: 'prerouting', inDevice: device } as const,
      { hook: 'input', inDevice: device } as const,
      { hook: 'output', outDevice: device } as const,
      { hook: 'postrouting', outDevice: device } as const,
    ]),
  ];
  return places.map((place) => ({
    ...place,
    where: `${station.namespace}, IPv${family}, ${place.hook} ${place.inDevice ?? ''}>${place.outDevice ?? ''}`,
  }));
}
