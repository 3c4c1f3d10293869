/** Where a packet ends up that a forward takes elsewhere. */
import type { Address } from '../address/ip.ts';
import type { Network } from '../network/network.ts';
import type { Exchange } from './exchanges.ts';
import type { Probe } from './probe/probe.ts';

type Landing = Required<Pick<Probe, 'target' | 'landing'>>;

/** The machine that answers for an address, with its own address and port; undefined where nothing is forwarded. */
export function landingOf(network: Network, to: Address, { protocol, port }: Exchange): Landing | undefined {
  if (port === undefined) return undefined;
  for (const forward of network.forwards) {
    const { from, to: last } = forward.ports;
    if (forward.protocol !== protocol || port < from || port > last) continue;
    const forwarded = forward.addresses.length === 0 ? isOfHost(network, to) : forward.addresses.some((one) => same(one, to));
    const address = forward.to.addresses.find(({ family }) => family === to.family);
    if (!forwarded || address === undefined) continue;
    return { target: forward.to.node, landing: { address, port: forward.to.ports.from + port - from } };
  }
  return undefined;
}

const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

const isOfHost = (network: Network, address: Address): boolean =>
  network.segments.some(({ attachment }) => 'host' in attachment && attachment.host.addresses.some((one) => same(one.address, address)));
