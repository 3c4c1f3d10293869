/** Switches of Open vSwitch that nobody asked for. */
import type { OvsSwitch } from '../../resource/ovs-switch.ts';

/** Seconds. The least that Open vSwitch takes; without the spanning tree protocol nothing waits for it. */
export const LEAST_FORWARD_DELAY = 4;

/** One that switches, and nothing more, in a machine. */
export const plainSwitch = (namespace: string, device: string, mac: string, origin: OvsSwitch['origin']): OvsSwitch => ({
  kind: 'ovs-switch',
  origin,
  namespace,
  device,
  mac,
  datapath: 'netdev',
  spanningTree: 'off',
  priority: 32768,
  forwardDelay: LEAST_FORWARD_DELAY,
  ageing: 300,
  failMode: 'standalone',
  controllers: [],
});
