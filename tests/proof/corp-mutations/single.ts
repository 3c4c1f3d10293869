/** What single packets notice of a change: those around what was changed, from everybody. */
import { formatAddress } from '../../../src/address/format.ts';
import { namespaceOf } from '../../../src/compile/placement.ts';
import type { Network } from '../../../src/network/network.ts';
import { addressesOf } from '../../../src/observe/ends.ts';
import { recognizes, responseTo } from '../../../src/proof/path/answer.ts';
import { follow, type Opening } from '../../../src/proof/path/follow.ts';
import type { Model } from '../../../src/proof/path/model.ts';
import type { Random } from '../../mutation/random.ts';
import { allAddresses } from './survey.ts';

export interface Noticed {
  /** Packets that arrive, or are answered, in one and not in the other. */
  readonly passing: readonly string[];
  /** Those that are lost in both, and of which another is told, or told otherwise. */
  readonly told: number;
}

export function noticed(
  network: Network,
  [before, after]: readonly [Model, Model],
  changed: unknown,
  random: Random,
  count: number,
): Noticed {
  const passing: string[] = [];
  let told = 0;
  for (const [from, packet] of packetsAround(network, changed, random, count)) {
    const [one, other] = [fateOf(before, network, from, packet), fateOf(after, network, from, packet)];
    if (one.passes !== other.passes) passing.push(`${from} ${textOf(packet)}: ${one.passes}, then ${other.passes}`);
    else if (one.told !== other.told) told += 1;
  }
  return { passing, told };
}

function* packetsAround(network: Network, changed: unknown, random: Random, count: number): Generator<readonly [string, Opening]> {
  const numbers = [...JSON.stringify(changed).matchAll(/(?<![\d."])(\d{1,5})(?![\d."])/g)].map(([text]) => Number(text));
  const ports = [...numbers.flatMap((port) => [port - 1, port, port, port + 1]), 7777].filter((port) => port > 0 && port < 65_536);
  const addresses = allAddresses(network);
  const pick = <T>(all: readonly T[]): T | undefined => all[random.below(all.length)];
  for (let made = 0; made < count; made += 1) {
    const from = pick(network.nodes);
    const destination = pick(addresses);
    if (from === undefined || destination === undefined) return;
    const { family } = destination;
    const own = addressesOf(from).map(({ address }) => address);
    const source = pick((random.below(4) === 0 ? addresses : own).filter((address) => address.family === family));
    const port = pick(ports) ?? 7777;
    const isOwn = own.some((address) => address.value === destination.value);
    if (source === undefined || isOwn) continue;
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

function fateOf(model: Model, network: Network, from: string, packet: Opening): { readonly passes: string; readonly told: string } {
  const run = { model, trackings: new Map() };
  const at = namespaceOf(network.name, from);
  const there = follow(run, at, packet);
  const { ending } = there;
  const response = responseTo(there);
  const back = response && follow(run, response.at, response.opening);
  const sent = there.steps.find((step) => step.kind === 'sent')?.packet;
  const isBack = back?.ending.kind === 'delivered' && back.ending.at === at && sent !== undefined && recognizes(sent, back);
  const what = response === undefined || !isBack ? 'silence' : typeof response.what === 'string' ? response.what : response.what.name;
  if (ending.kind !== 'delivered') return { passes: 'lost', told: what };
  const { source, destination, sourcePort, destinationPort } = there.packet;
  const arrived = `${ending.at} ${formatAddress(source)} ${sourcePort} ${formatAddress(destination)} ${destinationPort}`;
  // An error about a port that nobody listens at is no answer that the sets speak of.
  return what === 'port-unreachable' || typeof response?.what === 'object'
    ? { passes: arrived, told: what }
    : { passes: `${arrived} ${what}`, told: '' };
}

const textOf = ({ source, destination, protocol, destinationPort }: Opening): string =>
  `${source && formatAddress(source)} -> ${formatAddress(destination)} protocol ${protocol} port ${destinationPort}`;
