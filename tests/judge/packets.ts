/** Which packets to ask about: those on both sides of what rules decide. */
import { formatAddress } from '../../src/address/format.ts';
import type { Address } from '../../src/address/ip.ts';
import { parseAddress } from '../../src/address/parse.ts';
import type { Network } from '../../src/network/network.ts';
import { addressesOf } from '../../src/observe/ends.ts';
import type { Random } from '../mutation/random.ts';
import { SERVICES } from './by-hand.ts';
import type { File } from './file.ts';
import { MTUS } from './generate.ts';

export const HOST_NAME = 'host';

export interface Asked {
  /** A node, or `host`. */
  readonly from: string;
  readonly source?: Address;
  readonly to: Address;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port?: number;
  /** Whether somebody listens where it arrives. */
  readonly listened: boolean;
  readonly hopLimit?: number;
  /** Made by hand: in place of protocol and port. */
  readonly service?: string;
  /** Bytes of the IP packet, which is not to be cut up; of echoes. */
  readonly size?: number;
}

export const textOf = ({ from, source, to, protocol, port, service, listened, hopLimit, size }: Asked): string =>
  [
    `${from}${source === undefined ? '' : ` (${formatAddress(source)})`} -> ${formatAddress(to)} ${service ?? (protocol === 'icmp' ? 'ping' : `${protocol}/${port}`)}`,
    ...(listened ? [] : ['nobody listening']),
    ...(hopLimit === undefined ? [] : [`${hopLimit} hops`]),
    ...(size === undefined ? [] : [`${size} bytes`]),
  ].join(', ');

const read = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`${text} is no address`);
  return parsed.value;
};

const hostAddresses = ({ segments }: Network): readonly Address[] =>
  segments.flatMap(({ attachment }) => ('host' in attachment ? attachment.host.addresses.map(({ address }) => address) : []));

/** Nodes, and the host where it has any, with their addresses. */
export function ownersOf(network: Network): ReadonlyMap<string, readonly Address[]> {
  const owners = new Map<string, readonly Address[]>(
    network.nodes.map((node) => [node.name, addressesOf(node).map(({ address }) => address)]),
  );
  if (hostAddresses(network).length > 0) owners.set(HOST_NAME, hostAddresses(network));
  return owners;
}

/** Addresses that nobody has. */
export function strangersOf({ nodes, segments }: Network): readonly Address[] {
  const nobody = segments
    .filter(({ kind }) => kind === 'network')
    .flatMap(({ subnets }) => subnets.map(({ family, value }) => ({ family, value: value + 0x77n })));
  return [...nobody, ...(nodes.some(({ kind }) => kind === 'router') ? ['10.250.0.1', 'fd00:250::1'].map(read) : [])];
}

/** At most so many, no two the same. */
export function packetsOf(file: File, network: Network, random: Random, limit: number): readonly Asked[] {
  const strangers = strangersOf(network);
  const senders = [...ownersOf(network)].filter(([, own]) => own.length > 0);
  const targets = senders.flatMap(([, own]) => own);
  const ports = portsOf(JSON.stringify(file));
  const chosen = new Map<string, Asked>();
  for (let tries = limit * 4; tries > 0 && chosen.size < limit && senders.length > 0; tries -= 1) {
    const [from, own] = senders[random.below(senders.length)] ?? ['', []];
    const to = random.below(12) === 0 ? strangers[random.below(strangers.length)] : targets[random.below(targets.length)];
    if (to === undefined) continue;
    const near = own.filter(({ family }) => family === to.family);
    if (near.length === 0 || own.some((address) => address.value === to.value)) continue;
    const source = random.below(3) === 0 && from !== HOST_NAME ? near[random.below(near.length)] : undefined;
    const port = ports[random.below(ports.length)];
    const byHand = random.below(20) === 0 && from !== HOST_NAME ? { service: SERVICES[random.below(SERVICES.length)] ?? '' } : undefined;
    const service = byHand !== undefined || random.below(4) === 0 || port === undefined ? ({ protocol: 'icmp' } as const) : port;
    const hopLimit = random.below(6) === 0 ? 1 + random.below(3) : undefined;
    const mtu = byHand === undefined && service.protocol === 'icmp' && random.below(3) === 0 ? MTUS[random.below(MTUS.length)] : undefined;
    const asked: Asked = {
      from,
      to,
      ...service,
      ...byHand,
      ...(source !== undefined && { source }),
      ...(hopLimit !== undefined && { hopLimit }),
      ...(mtu !== undefined && { size: mtu + random.below(2) }),
      listened: byHand === undefined && random.below(8) !== 0,
    };
    chosen.set(textOf(asked), asked);
  }
  return [...chosen.values()];
}

type Port = Pick<Asked, 'protocol' | 'port'>;

/** Every port that the text names, the ones beside them, and one that it does not. */
function portsOf(text: string): readonly Port[] {
  const named = [...text.matchAll(/"[^"]*?\b(tcp|udp)\/(\d+)(?:-(\d+))?"(?:: ?"[a-z0-9]+:(\d+)(?:-(\d+))?)?/g)].flatMap(
    ([, protocol, ...bounds]): Port[] =>
      bounds.flatMap((bound) =>
        bound === undefined
          ? []
          : [-1, 0, 0, 1].map((step): Port => ({ protocol: protocol === 'tcp' ? 'tcp' : 'udp', port: Number(bound) + step })),
      ),
  );
  return [...named, { protocol: 'tcp', port: 7777 }, { protocol: 'udp', port: 53 }, { protocol: 'tcp', port: 80 }];
}
