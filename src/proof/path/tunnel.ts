/** Where the frames of a tunnel come out, and the packets that carry them. */
import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { codeOf } from '../field-codes.ts';
import type { Packet } from '../packet.ts';
import type { Device, Model, Station, TunnelEnd } from './model.ts';

interface FarEnd {
  readonly station: Station;
  readonly end: Device;
  /** Of the packets to it. */
  readonly address: Address;
}

/** The tunnels of others that get what this one sends. Who is in a multicast group is known to all in it once it has spoken. */
export function farEnds(model: Model, sender: Station, { entries = [] }: Device, tunnel: TunnelEnd): readonly FarEnd[] {
  const known = new Set(entries.map(({ to }) => to));
  const own = new Set(ownAddresses(sender, tunnel).map((address) => formatAddress(address)));
  const takes = (other: TunnelEnd): boolean => takesAll(other) || other.remote === undefined || own.has(other.remote);
  const reaches = (address: string, other: TunnelEnd): boolean =>
    known.has(address) || tunnel.remote === address || (tunnel.parent !== undefined && tunnel.remote === other.remote);
  return [...model.stations.values()].flatMap((station) =>
    [...station.devices.values()].flatMap((end): readonly FarEnd[] => {
      const other = end.tunnel;
      if (other === undefined || other === tunnel || !isSame(other, tunnel) || !takes(other)) return [];
      const address = ownAddresses(station, other).find((one) => reaches(formatAddress(one), other));
      return address === undefined ? [] : [{ station, end, address }];
    }),
  );
}

/** GRE and Geneve look up the device by who sends (ip_tunnel_lookup, geneve_lookup), and so does Open vSwitch; VXLAN of the kernel does not. */
export const takesAll = ({ type, beside }: TunnelEnd): boolean => type === 'vxlan' && beside !== true;

const isSame = (one: TunnelEnd, other: TunnelEnd): boolean => one.type === other.type && one.id === other.id && one.port === other.port;

/** Those at which a tunnel takes packets. */
function ownAddresses({ addresses }: Station, { local }: TunnelEnd): readonly Address[] {
  const parsed = local === undefined ? undefined : parseAddress(local);
  return parsed?.ok === true ? [parsed.value] : addresses.map(({ address }) => address);
}

/** VXLAN and Geneve take a source port for each flow; which one does not matter to rules that speak of none. */
const SOURCE_PORT = 49152;

/** The packet around the frames of a tunnel. */
export function outerPacket(
  tunnel: TunnelEnd,
  to: Address,
): Pick<Packet, 'family' | 'protocol' | 'destination' | 'sourcePort' | 'destinationPort'> & { readonly source?: Address } {
  const source = tunnel.local === undefined ? undefined : parseAddress(tunnel.local);
  return {
    family: to.family,
    protocol: Number(codeOf('inet_proto', tunnel.port === undefined ? 'gre' : 'udp')),
    destination: to,
    ...(source?.ok === true && { source: source.value }),
    ...(tunnel.port !== undefined && { sourcePort: SOURCE_PORT, destinationPort: tunnel.port }),
  };
}
