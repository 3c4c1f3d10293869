import { formatAddress } from '../../address/format.ts';
import type { Address, Family } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import { looksLikeAddress, readAddress } from '../addresses/read-address.ts';
import type { Names } from '../names.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { Hop } from './found-routes.ts';
import type { RoutingGraph } from './routing-graph.ts';

/** What `gateway:` or the right side of a route says: nobody, or a neighbour in each address family. */
export type NextHop = 'none' | Hops;

type Hops = Readonly<Partial<Record<Family, Hop>>>;

/** Who asks: a node, or all machines of a network. */
export interface Asker {
  /** `` `web` ``, `machines of ``dmz`` `: for messages. */
  readonly text: string;
  /** Undefined for a network. */
  readonly node?: string;
  /** Its domains. */
  readonly domains: readonly number[];
  /** Their networks, as the file has them. */
  readonly segments: readonly string[];
}

export type Graphs = Readonly<Record<Family, RoutingGraph>>;

/** Reads a router or machine, an address or `none`; undefined where it is wrong, which is reported. */
export function readNextHop(text: string, asker: Asker, origin: Origin, graphs: Graphs, names: Names, report: Report): NextHop | undefined {
  if (text === 'none') return 'none';
  if (looksLikeAddress(text)) return readHopAddress(text, asker, origin, graphs, names, report);
  const kind = names.nodes.get(text);
  if (kind === undefined || kind === 'bridge') {
    const known = [...names.nodes].filter(([, one]) => one === 'router').map(([name]) => name);
    const why = kind === 'bridge' ? `\`${text}\` is a bridge, which nothing can be sent to` : `there is no router \`${text}\``;
    report.error('unknown-next-hop', origin, why, { remedy: names.didYouMean(text, known, 'Write a router, an address, or `none`.') });
    return undefined;
  }
  if (text === asker.node) {
    report.error('next-hop-is-self', origin, `${asker.text} cannot send to itself`, { remedy: 'Name another router, or write `none`.' });
    return undefined;
  }
  const hops = hopsOf(text, asker, origin, graphs, report);
  if (kind === 'machine' && hops !== undefined && !isShared(graphs, hops)) warnMachine(text, origin, report);
  return hops;
}

function hopsOf(name: string, asker: Asker, origin: Origin, graphs: Graphs, report: Report): Hops | undefined {
  const hops: Partial<Record<Family, Hop>> = {};
  for (const family of [4, 6] as const) {
    const shared = graphs[family].standsOf(name).filter(({ domain }) => asker.domains.includes(domain));
    const stand = shared.toSorted((a, b) => a.domain - b.domain)[0];
    if (stand !== undefined) hops[family] = { domain: stand.domain, address: stand.address };
  }
  if (hops[4] !== undefined || hops[6] !== undefined) return hops;
  report.error('next-hop-not-shared', origin, `\`${name}\` is in no network of ${asker.text}`, {
    remedy:
      asker.segments.length === 0
        ? 'Put both in one network.'
        : `Name a router that is in ${listed(asker.segments)}, or put \`${name}\` there.`,
  });
  return undefined;
}

function readHopAddress(text: string, asker: Asker, origin: Origin, graphs: Graphs, names: Names, report: Report): NextHop | undefined {
  const address = readAddress(text, origin, report);
  if (address === undefined) return undefined;
  const graph = graphs[address.family];
  const domain = asker.domains.find((index) => isOnLink(graph, index, address));
  if (domain === undefined) {
    report.error(
      'next-hop-not-shared',
      origin,
      `\`${formatAddress(address)}\` is in no subnet of ${asker.text}: nothing can be sent there directly`,
      {
        remedy:
          asker.segments.length === 0 ? 'Put it in a network first.' : `Take the address that a router has in ${listed(asker.segments)}.`,
      },
    );
    return undefined;
  }
  const owner = graph.ownerOf(address);
  if (owner?.node === asker.node && owner?.role === 'interface') {
    report.error('next-hop-is-self', origin, `\`${formatAddress(address)}\` is an address of ${asker.text} itself`, {
      remedy: 'Take the address of a router, or write `none`.',
    });
    return undefined;
  }
  if (owner === undefined && !reachesOut(graph, domain)) {
    report.warn('nobody-there', origin, `nobody has the address \`${formatAddress(address)}\``, {
      remedy: 'Give it to a router, or name the router instead.',
    });
  }
  const hops: Hops = { [address.family]: { domain, address } };
  if (owner?.role === 'interface' && names.nodes.get(owner.node) === 'machine' && !isShared(graphs, hops))
    warnMachine(owner.node, origin, report);
  return hops;
}

function isOnLink(graph: RoutingGraph, domain: number, address: Address): boolean {
  const subnet = graph.subnets[domain];
  return subnet !== undefined && containsAddress(subnet, address);
}

/** Whether there may be others than the file's in a domain. */
function reachesOut(graph: RoutingGraph, domain: number): boolean {
  return graph.domains[domain]?.segments.some(({ mode: { kind } }) => kind === 'bridge' || kind === 'macvlan' || kind === 'port') ?? false;
}

/** There, a route gives a prefix to a tenant, who need not forward to use it. */
const isShared = (graphs: Graphs, hops: Hops): boolean =>
  ([4, 6] as const).some((family) => {
    const hop = hops[family];
    return hop !== undefined && graphs[family].domains[hop.domain]?.segments.some(({ shared }) => shared);
  });

function warnMachine(name: string, origin: Origin, report: Report): void {
  report.warn('next-hop-is-machine', origin, `\`${name}\` is a machine, and machines do not forward`, {
    remedy: `Describe \`${name}\` under \`routers:\` if it is to forward packets.`,
  });
}
