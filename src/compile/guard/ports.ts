/** The ports of switches that are guarded, and what may come in by each. */
import type { Address } from '../../address/ip.ts';
import { linkLocal } from '../../address/link-local.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../../network/network.ts';
import { hasSwitch, type Plug, type Plugged, pluggedOf, portDevice } from '../placement.ts';
import { type Block, type Routed, routedIn, routedTo } from './routed.ts';

export interface GuardedPort {
  /** The switch's end of the cable. */
  readonly device: string;
  readonly mac: string;
  /** Those that the interface has. */
  readonly addresses: readonly Address[];
  /** What others send to it besides; sorted, and no two overlap. */
  readonly routed: readonly Block[];
  readonly origin: Origin;
}

/** Routers, bridges and the host are trusted: they send what others have sent to them. */
export function guardedPorts(network: Network): readonly GuardedPort[] {
  const routed = routedIn(network);
  return pluggedOf(network)
    .filter(({ segment }) => segment.shared && hasSwitch(segment))
    .flatMap((plugged) => plugged.plugs.filter(({ node }) => node.kind === 'machine').map((plug) => guardedPort(routed, plugged, plug)));
}

function guardedPort(routed: Routed, { segment, plugs }: Plugged, { node, interface: own }: Plug): GuardedPort {
  const { mac, origin } = own;
  const addresses = [...own.addresses.map(({ address }) => address), linkLocal(mac)];
  const neighbours = (): readonly Address[] =>
    plugs.filter((plug) => plug.interface !== own).flatMap((plug) => plug.interface.addresses.map(({ address }) => address));
  return {
    device: portDevice(node, own),
    mac,
    addresses,
    routed: routedTo(addresses, routed, { subnets: segment.subnets, neighbours }),
    origin,
  };
}
