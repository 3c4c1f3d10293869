import { formatAddress } from '../address/format.ts';
import type { Packet } from '../proof/packet.ts';

const FLAGS = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'];

/** `tcp SYN,ACK`, `udp`, `icmp 8/0`. */
export function kindText({ protocol, tcpFlags, icmpType, icmpCode = 0 }: Packet): string {
  const name = PROTOCOLS.get(protocol) ?? `protocol ${protocol}`;
  if (icmpType !== undefined) return `${name} ${icmpType}/${icmpCode}`;
  return tcpFlags === undefined ? name : `${name} ${FLAGS.filter((_, bit) => (tcpFlags & (1 << bit)) !== 0).join(',')}`;
}

const PROTOCOLS = new Map([
  [1, 'icmp'],
  [6, 'tcp'],
  [17, 'udp'],
  [47, 'gre'],
  [58, 'icmpv6'],
]);

export function packetText({ source, destination, sourcePort, destinationPort }: Packet): string {
  return `${endText(source, sourcePort)} -> ${endText(destination, destinationPort)}`;
}

export function endText(address: Packet['source'], port: number | undefined): string {
  const text = formatAddress(address);
  if (port === undefined) return text;
  return address.family === 6 ? `[${text}]:${port}` : `${text}:${port}`;
}
