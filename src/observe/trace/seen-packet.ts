/** The headers of a packet as nf_tables tells them: 40 bytes of the network header, 20 of the transport header. */
import { fromBytes } from '../../address/bytes.ts';
import type { Address, Family } from '../../address/ip.ts';
import type { TraceEvent } from '../../backend/nftables/trace-message.ts';

export interface SeenPacket {
  readonly family: Family;
  readonly source: Address;
  readonly destination: Address;
  /** IANA number. */
  readonly protocol: number;
  readonly sourcePort?: number;
  readonly destinationPort?: number;
  readonly icmpType?: number;
  readonly icmpCode?: number;
  /** Bits as in the header: FIN 1, SYN 2, RST 4, ACK 16. */
  readonly tcpFlags?: number;
  readonly hopLimit: number;
  /**
   * What the packet keeps on its way, whoever translates or forwards it, as text: its IPv4 identification, TCP numbers,
   * UDP length, echo identifier.
   */
  readonly fingerprint: string;
}

const TCP = 6;
const UDP = 17;
const ICMP = 1;
const ICMPV6 = 58;
const ECHOES: ReadonlySet<number> = new Set([0, 8, 128, 129]);

/** Undefined for what is no whole header of IPv4 or IPv6. */
export function seenPacket({ network, transport }: NonNullable<TraceEvent['headers']>): SeenPacket | undefined {
  const head = network.length < 20 ? undefined : networkHead(network);
  if (head === undefined) return undefined;
  const { identification, ...fields } = head;
  const { fingerprint, ...more } = transportHead(head.protocol, transport);
  return { ...fields, ...more, fingerprint: `${head.protocol} ${identification} ${fingerprint}` };
}

function networkHead(header: Buffer) {
  const version = header.readUInt8(0) >> 4;
  if (version === 6 && header.length < 40) return undefined;
  const family: Family = version === 6 ? 6 : 4;
  const [source, destination] =
    family === 6
      ? [fromBytes(header.subarray(8, 24)), fromBytes(header.subarray(24, 40))]
      : [fromBytes(header.subarray(12, 16)), fromBytes(header.subarray(16, 20))];
  if (source === undefined || destination === undefined) return undefined;
  return {
    family,
    source,
    destination,
    protocol: header.readUInt8(family === 6 ? 6 : 9),
    hopLimit: header.readUInt8(family === 6 ? 7 : 8),
    identification: family === 6 ? 0 : header.readUInt16BE(4),
  };
}

type TransportHead = Pick<SeenPacket, 'sourcePort' | 'destinationPort' | 'icmpType' | 'icmpCode' | 'tcpFlags' | 'fingerprint'>;

function transportHead(protocol: number, header: Buffer): TransportHead {
  if ((protocol === TCP && header.length >= 14) || (protocol === UDP && header.length >= 8)) {
    const ports = { sourcePort: header.readUInt16BE(0), destinationPort: header.readUInt16BE(2) };
    if (protocol === UDP) return { ...ports, fingerprint: `${header.readUInt16BE(4)}` };
    const tcpFlags = header.readUInt8(13);
    return { ...ports, tcpFlags, fingerprint: `${header.readUInt32BE(4)} ${header.readUInt32BE(8)} ${tcpFlags}` };
  }
  if ((protocol === ICMP || protocol === ICMPV6) && header.length >= 8) {
    const [icmpType, icmpCode] = [header.readUInt8(0), header.readUInt8(1)];
    const echo = ECHOES.has(icmpType) ? ` ${header.readUInt32BE(4)}` : '';
    return { icmpType, icmpCode, fingerprint: `${icmpType} ${icmpCode}${echo}` };
  }
  return { fingerprint: '' };
}
