/** What somebody wants a packet to be beyond who sends what to whom. */
import type { Address } from '../../address/ip.ts';
import { parseMac } from '../../address/mac.ts';
import { parseAddress } from '../../address/parse.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { codeOf } from '../../proof/field-codes.ts';
import type { Opening } from '../../proof/path/follow.ts';
import { HOST } from '../../resource/resource.ts';
import { EngineError } from '../error.ts';
import { nodeOf } from '../running.ts';

/** As it is written on the command line. */
export interface PacketOptions {
  /** An address, whoever has it. */
  readonly source?: string;
  readonly sport?: string;
  readonly ttl?: string;
  /** Bytes of the IP packet. */
  readonly size?: string;
  /** False for an IPv4 packet that may be cut up; Linux sends them with the flag "don't fragment". */
  readonly df?: boolean;
  readonly mac?: string;
  readonly toMac?: string;
  readonly state?: string;
  /** `MACHINE/INTERFACE`, where it comes in. */
  readonly in?: string;
}

export interface Wishes {
  readonly source?: Address;
  readonly header: Pick<Opening, 'hopLimit' | 'size' | 'fragmentable' | 'etherSource' | 'etherDestination'>;
  readonly sourcePort?: number;
  /** It is of a connection that has been made. */
  readonly established: boolean;
  readonly arrival?: { readonly namespace: string; readonly device: string };
}

/** @throws EngineError `usage`, `no-machine` */
export function wishesOf(network: Network, options: PacketOptions): Wishes {
  const { source, sport, ttl, size, df = true, mac, toMac, state = 'new', in: arrival } = options;
  if (state !== 'new' && state !== 'established') throw new EngineError('usage', `\`${state}\` is neither \`new\` nor \`established\``);
  return {
    ...(source !== undefined && { source: addressOf(source) }),
    ...(sport !== undefined && { sourcePort: numberIn('--sport', sport, 0, 65535) }),
    header: {
      ...(ttl !== undefined && { hopLimit: numberIn('--ttl', ttl, 1, 255) }),
      ...(size !== undefined && { size: numberIn('--size', size, 28, 65535) }),
      ...(!df && { fragmentable: true }),
      ...(mac !== undefined && { etherSource: macOf(mac) }),
      ...(toMac !== undefined && { etherDestination: macOf(toMac) }),
    },
    established: state === 'established',
    ...(arrival !== undefined && { arrival: arrivalOf(network, arrival) }),
  };
}

function addressOf(text: string): Address {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new EngineError('usage', `\`--source ${text}\` is no address`);
  return parsed.value;
}

function numberIn(option: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < least || number > most)
    throw new EngineError('usage', `\`${option} ${text}\` is no number from ${least} to ${most}`);
  return number;
}

function macOf(text: string): string {
  const parsed = parseMac(text);
  if (!parsed.ok)
    throw new EngineError('usage', `\`${text}\` is not the MAC address of an interface`, { remedy: 'Write it as `02:1a:2b:3c:4d:5e`.' });
  return parsed.value;
}

function arrivalOf(network: Network, text: string): NonNullable<Wishes['arrival']> {
  const [name = '', device, ...more] = text.split('/');
  if (device === undefined || device === '' || more.length > 0)
    throw new EngineError('usage', `\`--in ${text}\` is not \`MACHINE/INTERFACE\``);
  // The host has interfaces that the file does not know.
  if (name === 'host') return { namespace: HOST, device };
  const node = nodeOf(network, name);
  const devices = [...node.interfaces.map((one) => one.device), ...(node.bridge === undefined ? [] : [node.bridge.device])];
  if (!devices.includes(device))
    throw new EngineError('usage', `${name} has no interface ${device}`, { remedy: `Its interfaces: ${devices.join(', ')}.` });
  return { namespace: namespaceOf(network.name, name), device };
}

const ACK = Number(codeOf('tcp_flag', 'ack'));

/** As a packet in the middle of a connection is. */
export const inTheMiddle = <O extends Pick<Opening, 'protocol'>>(opening: O): O & Pick<Opening, 'tcpFlags'> =>
  BigInt(opening.protocol) === codeOf('inet_proto', 'tcp') ? { ...opening, tcpFlags: ACK } : opening;
