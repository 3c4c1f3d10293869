/** Bridges of Linux: as switches, and in boxes that join networks. */
import type { Network } from '../../network/network.ts';
import type { Bridge } from '../../resource/bridge.ts';
import { fabricMac } from '../fabric-mac.ts';
import { fabricOf } from '../placement.ts';

/** Seconds. The least that the kernel takes; without the spanning tree protocol nothing waits for it. */
const LEAST_FORWARD_DELAY = 2;

type Settings = Pick<Bridge, 'origin' | 'mtu' | 'stp' | 'forwardDelay' | 'ageing' | 'vlanFiltering'>;

export function linuxBridge(namespace: string, device: string, mac: string, settings: Settings): Bridge {
  const { origin, mtu, stp, forwardDelay, ageing, vlanFiltering } = settings;
  return {
    kind: 'bridge',
    origin,
    namespace,
    device,
    mac,
    mtu,
    stp,
    forwardDelay: Math.max(forwardDelay, LEAST_FORWARD_DELAY),
    ageing,
    ...(vlanFiltering !== undefined && { vlanFiltering }),
    up: true,
  };
}

/** One of the bottle's switches. */
export const fabricBridge = (network: Network, device: string, settings: Settings): Bridge =>
  linuxBridge(fabricOf(network.name), device, fabricMac(network, device), settings);
