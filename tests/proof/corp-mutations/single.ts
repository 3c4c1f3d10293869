/** What single packets notice of a change: those around what was changed, from everybody. */
import { formatAddress } from '../../../src/address/format.ts';
import type { Prefix } from '../../../src/address/ip.ts';
import { parseAddress } from '../../../src/address/parse.ts';
import { bitsOf, containsAddress, prefixAround } from '../../../src/address/prefix.ts';
import { namespaceOf } from '../../../src/compile/placement.ts';
import type { Network } from '../../../src/network/network.ts';
import { addressesOf } from '../../../src/observe/ends.ts';
import { recognizes, responseTo } from '../../../src/proof/path/answer.ts';
import { follow, type Opening } from '../../../src/proof/path/follow.ts';
import type { Model } from '../../../src/proof/path/model.ts';
import type { Trace } from '../../../src/proof/path/step.ts';
import type { Random } from '../../mutation/random.ts';
import { allAddresses } from './survey.ts';

export interface Noticed {
  /** Packets that arrive, or are answered, in one and not in the other. */
  readonly passing: readonly string[];
  /** Those that are lost in both, and of which another is told, or told otherwise. */
  readonly told: readonly string[];
}

export function noticed(
  network: Network,
  [before, after]: readonly [Model, Model],
  changed: unknown,
  random: Random,
  count: number,
): Noticed {
  const passing: string[] = [];
  const told: string[] = [];
  for (const [from, packet] of packetsAround(network, changed, random, count)) {
    const [one, other] = [fateOf(before, network, from, packet), fateOf(after, network, from, packet)];
    if (one.passes !== other.passes) passing.push(`${from} ${textOf(packet)}: ${one.passes}, then ${other.passes}`);
    else if (one.told !== other.told) told.push(`${from} ${textOf(packet)}: ${one.told}, then ${other.told}`);
    if (one.answer === undefined || other.answer === undefined) continue;
    const forger = network.nodes[random.below(network.nodes.length)]?.name ?? from;
    for (const forged of [one.opening, one.answer]) {
      const [before, after] = [one.forged(forger, forged), other.forged(forger, forged)];
      if (before !== after) passing.push(`${forger}, as if of a connection of ${from}: ${textOf(forged)}: ${before}, then ${after}`);
    }
  }
  return { passing, told };
}

function* packetsAround(network: Network, changed: unknown, random: Random, count: number): Generator<readonly [string, Opening]> {
  const numbers = [...JSON.stringify(changed).matchAll(/(?<![\d."])(\d{1,5})(?![\d."])/g)].map(([text]) => Number(text));
  const ports = [...numbers.flatMap((port) => [port - 1, port, port, port + 1]), 7777].filter((port) => port > 0 && port < 65_536);
  const addresses = allAddresses(network);
  const meant = prefixesIn(changed);
  const near = addresses.filter((address) => meant.some((prefix) => prefix.family === address.family && containsAddress(prefix, address)));
  const senders = network.nodes.filter((node) => addressesOf(node).some(({ address }) => near.includes(address)));
  const pick = <T>(all: readonly T[]): T | undefined => all[random.below(all.length)];
  for (let made = 0; made < count; made += 1) {
    const from = pick(senders.length > 0 && random.below(2) === 0 ? senders : network.nodes);
    const destination = pick(near.length > 0 && random.below(2) === 0 ? near : addresses);
    if (from === undefined || destination === undefined) return;
    const { family } = destination;
    const own = addressesOf(from).map(({ address }) => address);
    const source = pick((random.below(4) === 0 ? addresses : own).filter((address) => address.family === family));
    const port = pick(ports) ?? 7777;
    if (source === undefined) continue;
    const protocol = pick(['tcp', 'tcp', 'udp', 'echo'] as const);
    yield [
      from.name,
      {
        family,
        source,
        destination,
        ...(protocol === 'echo'
          ? { protocol: family === 4 ? 1 : 58, icmpType: family === 4 ? 8 : 128 }
          : { protocol: protocol === 'tcp' ? 6 : 17, sourcePort: 40_000, destinationPort: port }),
      },
    ];
  }
}

/** Prefixes and addresses that are named. */
const prefixesIn = (changed: unknown): readonly Prefix[] =>
  [...JSON.stringify(changed).matchAll(/"prefix":"([^"]+)","length":(\d+)|"([0-9a-f:.]+)"/g)].flatMap(([, prefix, length, single]) => {
    const address = parseAddress(prefix ?? single ?? '');
    return address.ok ? [prefixAround(address.value, length === undefined ? bitsOf(address.value.family) : Number(length))] : [];
  });

interface Fate {
  readonly passes: string;
  readonly told: string;
  /** As they are where they are sent. */
  readonly opening: Opening;
  readonly answer: Opening | undefined;
  /** Where a packet gets that somebody makes to look like one of the connection. */
  readonly forged: (by: string, packet: Opening) => string;
}

function fateOf(model: Model, network: Network, from: string, packet: Opening): Fate {
  const run = { model, trackings: new Map() };
  const at = namespaceOf(network.name, from);
  const there = follow(run, at, packet);
  const { ending } = there;
  const response = responseTo(there);
  const back = response && follow(run, response.at, response.opening);
  const sent = there.steps.find((step) => step.kind === 'sent')?.packet;
  const isBack = back?.ending.kind === 'delivered' && back.ending.at === at && sent !== undefined && recognizes(sent, back);
  const what = response === undefined || !isBack ? 'silence' : typeof response.what === 'string' ? response.what : response.what.name;
  const forged = (by: string, { source, ...rest }: Opening): string => {
    const way = follow(run, namespaceOf(network.name, by), { ...headersOf(rest), ...(source !== undefined && { source }) });
    return way.ending.kind === 'delivered' ? arrivalText(way) : 'lost';
  };
  const answer = isBack ? back.steps.find((step) => step.kind === 'sent')?.packet : undefined;
  const rest = { opening: packet, answer, forged };
  if (ending.kind !== 'delivered') return { passes: 'lost', told: what, ...rest };
  // An error about a port that nobody listens at is no answer that the sets speak of.
  return what === 'port-unreachable' || typeof response?.what === 'object'
    ? { passes: arrivalText(there), told: what, ...rest }
    : { passes: `${arrivalText(there)} ${what}`, told: '', ...rest };
}

/** Only what is in the packet: not what a place knew of it. */
const headersOf = ({
  family,
  destination,
  protocol,
  sourcePort,
  destinationPort,
  icmpType,
  tcpFlags,
}: Omit<Opening, 'source'>): Opening => ({
  family,
  destination,
  protocol,
  ...(sourcePort !== undefined && { sourcePort }),
  ...(destinationPort !== undefined && { destinationPort }),
  ...(icmpType !== undefined && { icmpType }),
  ...(tcpFlags !== undefined && { tcpFlags }),
});

const arrivalText = ({ ending, packet: { source, destination, sourcePort, destinationPort } }: Trace): string =>
  `${ending.at} ${formatAddress(source)} ${sourcePort} ${formatAddress(destination)} ${destinationPort}`;

const textOf = ({ source, destination, protocol, destinationPort }: Opening): string =>
  `${source && formatAddress(source)} -> ${formatAddress(destination)} protocol ${protocol} port ${destinationPort}`;
