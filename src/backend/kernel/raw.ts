/** What the kernel says of one namespace. */
import { HOST } from '../../resource/resource.ts';
import type { PortVlans } from '../../resource/veth.ts';
import { checksumOffloads } from './ethtool.ts';
import { type Mark, markIn } from './mark.ts';
import { addresses, type HeldAddress } from './netlink/address.ts';
import { type Device, devices } from './netlink/devices.ts';
import { entries, type HeldEntry } from './netlink/forwarding.ts';
import { portVlans } from './netlink/port-vlans.ts';
import { type HeldQdisc, qdiscs } from './netlink/qdisc.ts';
import { redirectedTo } from './netlink/redirect.ts';
import { type HeldRoute, routes } from './netlink/route.ts';
import type { NetlinkSocket } from './netlink/socket.ts';

export interface MarkedDevice extends Device {
  /** Undefined on what is nobody's. */
  readonly mark: Mark | undefined;
}

/** What the kernel says of a namespace, before any of it is understood. */
export interface Raw {
  readonly namespace: string;
  readonly devices: readonly MarkedDevice[];
  readonly addresses: readonly HeldAddress[];
  readonly routes: readonly HeldRoute[];
  /** Of tunnels that are ours. */
  readonly entries: readonly HeldEntry[];
  /** By device index: those that bear our mark. */
  readonly qdiscs: ReadonlyMap<number, HeldQdisc>;
  /** By the indices of devices of ours: through which one goes what they receive. */
  readonly redirects: ReadonlyMap<number, number>;
  /** Of ports of bridges, by index. */
  readonly vlans: ReadonlyMap<number, PortVlans>;
  /** By device name, of those that are ours. */
  readonly offload: ReadonlyMap<string, boolean>;
}

/** Of a namespace that was not looked at. */
export const nothingIn = (namespace: string): Raw => ({
  namespace,
  devices: [],
  addresses: [],
  routes: [],
  entries: [],
  qdiscs: new Map(),
  redirects: new Map(),
  vlans: new Map(),
  offload: new Map(),
});

/** Reads the namespace of the socket. */
export function readRaw(socket: NetlinkSocket, namespace: string, bottle: string): Raw {
  const found = devices(socket, { loopback: false }).map((device): MarkedDevice => Object.assign(device, { mark: markIn(device.alias) }));
  const own = found.filter(({ mark }) => mark?.bottle === bottle);
  const ours = own.filter(({ kind, tunnel }) => kind === 'veth' || tunnel !== undefined).map(({ name }) => name);
  const offloads = checksumOffloads(socket.fd, ours);
  return {
    namespace,
    devices: found,
    entries: own.some(({ tunnel }) => tunnel !== undefined) ? entries(socket) : [],
    addresses: addresses(socket, new Set(own.map(({ index }) => index))),
    // Whose routes the others are matters only on the host, where they are nobody's to be replaced.
    routes: routes(socket, namespace === HOST ? 'all' : 'ours'),
    qdiscs: own.some(({ queueing }) => queueing === 'netem' || queueing === 'tbf') ? qdiscs(socket) : new Map<number, HeldQdisc>(),
    redirects: new Map(own.some(({ kind }) => kind === 'ifb') ? own.map(({ index }) => [index, redirectedTo(socket, index)]) : []),
    vlans: own.some(({ bridge }) => bridge?.vlanFiltering) ? portVlans(socket) : new Map(),
    offload: new Map(ours.map((name, i) => [name, offloads[i] ?? true])),
  };
}
