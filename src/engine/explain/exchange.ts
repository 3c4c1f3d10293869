/** What is sent, by the name of a service or in full. */
import type { Family } from '../../address/ip.ts';
import { createReport } from '../../network/report.ts';
import { readServices } from '../../network/services.ts';
import { codeOf } from '../../proof/field-codes.ts';
import type { Opening } from '../../proof/path/follow.ts';
import { numberOf } from '../../resource/ruleset/symbols.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { EngineError } from '../error.ts';

export interface Exchange {
  /** `tcp/80`, `ping`. */
  readonly name: string;
  /** Undefined in a family that has no such packet. */
  readonly opening: (family: Family) => Omit<Opening, 'family' | 'destination'> | undefined;
}

/** A port of whoever asks; which one does not matter to rules that speak of none. */
const ASKING_PORT = 40000;

const protocolNumber = (name: string): number => Number(codeOf('inet_proto', name));
const icmp = (family: Family): number => protocolNumber(family === 4 ? 'icmp' : 'icmpv6');

/**
 * Services of the file and well-known ones; `icmp/TYPE` and `icmp/TYPE/CODE`, with the type as a number or in the words of nft(8);
 * ports of `sctp`, `udplite` and `dccp`; other protocols by their names or as `protocol/NUMBER`.
 *
 * @throws EngineError `usage`
 */
export function exchangesOf(file: BottleFile, text: string): readonly Exchange[] {
  const special = icmpOf(text) ?? portsOf(text) ?? plainOf(text);
  if (special !== undefined) return [special];
  const report = createReport();
  const services = readServices(file, createReport()).read(text, [], report);
  const [wrong] = report.diagnostics;
  if (wrong !== undefined) throw new EngineError('usage', wrong.message, wrong.remedy === undefined ? {} : { remedy: wrong.remedy });
  return services.map(({ protocol, ports }): Exchange => {
    if (protocol === 'icmp') return { ...icmpExchange('echo-request', undefined), name: 'ping' };
    return withPort(protocol, ports?.from ?? 1);
  });
}

const withPort = (protocol: string, destinationPort: number): Exchange => ({
  name: `${protocol}/${destinationPort}`,
  opening: () => ({ protocol: protocolNumber(protocol), sourcePort: ASKING_PORT, destinationPort }),
});

function portsOf(text: string): Exchange | undefined {
  const [, protocol, port] = /^(sctp|udplite|dccp)\/(\d{1,5})$/.exec(text) ?? [];
  if (protocol === undefined || Number(port) > 65535) return undefined;
  return withPort(protocol, Number(port));
}

const PORTLESS = ['esp', 'ah', 'gre', 'ipip', 'igmp', 'comp', 'hip'];

function plainOf(text: string): Exchange | undefined {
  const number = /^protocol\/(\d{1,3})$/.exec(text)?.[1];
  const protocol = PORTLESS.includes(text) ? protocolNumber(text) : number === undefined ? undefined : Number(number);
  return protocol === undefined || protocol > 255 ? undefined : { name: text, opening: () => ({ protocol }) };
}

function icmpOf(text: string): Exchange | undefined {
  const [, type, code] = /^icmp\/([a-z0-9-]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  if (type === undefined) return undefined;
  if (typeIn(4, type) === undefined && typeIn(6, type) === undefined)
    throw new EngineError('usage', `there is no type of ICMP \`${type}\``, {
      remedy: 'Write a number, or a name such as `echo-request`, `time-exceeded`, `packet-too-big`: `nft describe icmp_type` lists them.',
    });
  return { ...icmpExchange(type, code === undefined ? undefined : Number(code)), name: text };
}

function typeIn(family: Family, text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text) > 255 ? undefined : Number(text);
  return numberOf(family === 4 ? 'icmp_type' : 'icmpv6_type', text);
}

const icmpExchange = (type: string, icmpCode: number | undefined): Pick<Exchange, 'opening'> => ({
  opening: (family) => {
    const icmpType = typeIn(family, type);
    return icmpType === undefined ? undefined : { protocol: icmp(family), icmpType, ...(icmpCode !== undefined && { icmpCode }) };
  },
});
