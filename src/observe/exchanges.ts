/** Which ports stand for a service, and which stand for everything that was not promised. */
import type { Network } from '../network/network.ts';
import type { Service } from '../network/service.ts';
import type { Probe } from './probe/probe.ts';

export type Exchange = Pick<Probe, 'protocol' | 'port'>;

/** Tried whether the file names them or not: what administrators and worms try first. */
const wellKnown: readonly Exchange[] = [
  { protocol: 'icmp' },
  { protocol: 'tcp', port: 22 },
  { protocol: 'tcp', port: 80 },
  { protocol: 'tcp', port: 443 },
  { protocol: 'udp', port: 53 },
];

const everyPort = { from: 1, to: 65535 };

/** The first and the last port of a range. */
export function exchangesOf({ protocol, ports = everyPort }: Service): readonly Exchange[] {
  if (protocol === 'icmp') return [{ protocol }];
  return unique([
    { protocol, port: ports.from },
    { protocol, port: ports.to },
  ]);
}

export const unique = (exchanges: readonly Exchange[]): readonly Exchange[] => [
  ...new Map(exchanges.map((exchange) => [`${exchange.protocol}/${exchange.port}`, exchange])).values(),
];

/** Every port that the file names anywhere. */
export const namedExchanges = (network: Network): readonly Exchange[] =>
  unique(
    [...network.nodes.flatMap(({ listens }) => listens), ...network.expectations.flatMap(({ services }) => services)].flatMap(exchangesOf),
  );

function covers({ protocol, ports = everyPort }: Service, exchange: Exchange): boolean {
  if (protocol !== exchange.protocol) return false;
  return exchange.port === undefined || (ports.from <= exchange.port && exchange.port <= ports.to);
}

/** At most `limit` exchanges that none of `services` allows: the well-known ones first, then others that the file names, evenly spread. */
export function otherExchanges(named: readonly Exchange[], services: readonly Service[], limit: number): readonly Exchange[] {
  const others = unique([...wellKnown, ...named]).filter((exchange) => !services.some((service) => covers(service, exchange)));
  if (others.length <= limit) return others;
  const known = others.filter((exchange) => wellKnown.includes(exchange)).slice(0, limit);
  const rest = others.filter((exchange) => !wellKnown.includes(exchange));
  const room = limit - known.length;
  return [
    ...known,
    ...Array.from({ length: room }, (_, index) => rest[Math.floor((index * rest.length) / room)] ?? { protocol: 'icmp' as const }),
  ];
}
