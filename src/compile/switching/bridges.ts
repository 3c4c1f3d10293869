/** What switches: a bridge of Linux, or one of Open vSwitch. */
import type { Network } from '../../network/network.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import { fabricMac } from '../fabric-mac.ts';
import { fabricOf } from '../placement.ts';

/** Seconds, the least that each takes before a port forwards; without the spanning tree protocol nothing waits for it. */
export const LEAST_DELAY = { linux: 2, ovs: 4 } as const;

/** In any namespace. */
export function linuxBridge({
  origin,
  namespace,
  device,
  mac,
  mtu,
  stp,
  forwardDelay,
  ageing,
  vlanFiltering,
}: Omit<Bridge, 'kind' | 'up'>): Bridge {
  return {
    kind: 'bridge',
    origin,
    namespace,
    device,
    mac,
    mtu,
    stp,
    forwardDelay: Math.max(forwardDelay, LEAST_DELAY.linux),
    ageing,
    ...(vlanFiltering !== undefined && { vlanFiltering }),
    up: true,
  };
}

/** One in the bottle's fabric. */
export const fabricBridge = (
  network: Network,
  of: Pick<Bridge, 'origin' | 'mtu' | 'stp' | 'forwardDelay' | 'ageing' | 'vlanFiltering'>,
  device: string,
): Bridge => linuxBridge({ ...of, namespace: fabricOf(network.name), device, mac: fabricMac(network, device) });

/** One of Open vSwitch that switches, and nothing more. */
export const plainSwitch = (namespace: string, device: string, mac: string, origin: OvsSwitch['origin']): OvsSwitch => ({
  kind: 'ovs-switch',
  origin,
  namespace,
  device,
  mac,
  datapath: 'netdev',
  spanningTree: 'off',
  priority: 32768,
  forwardDelay: LEAST_DELAY.ovs,
  ageing: 300,
  failMode: 'standalone',
  controllers: [],
});
