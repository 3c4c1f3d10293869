import type { Addresses } from '../addresses/addresses.ts';
import type { Devices } from '../devices.ts';
import type { NodeDraft } from '../nodes.ts';
import { endpointOf, legUnder } from '../overlay/endpoints.ts';
import { outerFamily } from '../overlay/mtu.ts';
import type { SegmentDraft } from '../segments.ts';
import type { Trunk } from './cables.ts';
import type { Switching } from './switches.ts';

/** Trunks with the addresses that their tunnels are between. */
export function placedTrunks(
  { trunks, switches }: Switching,
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  addresses: Addresses,
  devices: Devices,
): readonly Trunk[] {
  const machineOf = (name: string): NodeDraft | undefined => {
    const machine = switches.find((one) => one.name === name)?.machine;
    return nodes.find((node) => node.name === machine);
  };
  return trunks.map(({ tunnel, ...trunk }): Trunk => {
    if (tunnel === undefined) return trunk;
    const { over, ...rest } = tunnel;
    const family = outerFamily(
      {},
      segments.filter(({ name }) => over.includes(name)),
    );
    const [near, far] = trunk.ends.flatMap((name) => {
      const node = machineOf(name);
      return node === undefined ? [] : endpointOf(node, legUnder(node, over), family, addresses, devices);
    });
    return near === undefined || far === undefined ? trunk : { ...trunk, tunnel: { ...rest, ends: [near, far] } };
  });
}
