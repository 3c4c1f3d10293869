/** What bgpd(8) reads (https://docs.frrouting.org/en/latest/bgp.html). */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import { prefixAround } from '../../address/prefix.ts';
import type { Node } from '../../network/network.ts';
import type { Bgp, BgpNeighbour } from '../../network/routing/protocols.ts';
import { block, text } from './configuration.ts';

/** Seconds: a neighbour says that it is there this often, and is given up when it has not for so long. The shortest that there are. */
const KEEPALIVE = 1;
const HOLD = 3;

/** Nothing that the kernel says of a route, such as its metric, makes it better or worse for a neighbour. */
const PLAIN = 'plain';

export function bgpConfiguration(router: Node, bgp: Bgp): string {
  return text([
    ...block(`route-map ${PLAIN} permit 10`, ['set metric 0']),
    ...block(`router bgp ${bgp.as}`, [
      `bgp router-id ${bgp.routerId}`,
      'no bgp ebgp-requires-policy',
      'no bgp default ipv4-unicast',
      // Which of two was heard first is an accident.
      'bgp bestpath compare-routerid',
      'bgp network import-check',
      'coalesce-time 0',
      `timers bgp ${KEEPALIVE} ${HOLD}`,
      ...bgp.neighbours.flatMap(neighbour),
      ...([4, 6] as const).flatMap((family) => addressFamily(router, bgp, family)),
    ]),
  ]);
}

function neighbour({ node, as, from, address }: BgpNeighbour): readonly string[] {
  const at = `neighbor ${formatAddress(address)}`;
  return [
    `${at} remote-as ${as}`,
    `${at} description ${node}`,
    `${at} update-source ${formatAddress(from)}`,
    `${at} advertisement-interval 0`,
    `${at} timers connect 1`,
  ];
}

/** Each sends what it tells of through itself, also where three are in one network. */
function addressFamily(router: Node, bgp: Bgp, family: Family): readonly string[] {
  const neighbours = bgp.neighbours.filter(({ address }) => address.family === family).map(({ address }) => formatAddress(address));
  const announced = announcedBy(router, bgp, family);
  if (neighbours.length === 0 && announced.length === 0) return [];
  return [
    '!',
    `address-family ipv${family} unicast`,
    ' maximum-paths 1',
    ' maximum-paths ibgp 1',
    ...announced.map((prefix) => ` network ${prefix} route-map ${PLAIN}`),
    ...neighbours.flatMap((address) => [` neighbor ${address} activate`, ` neighbor ${address} next-hop-self`]),
    'exit-address-family',
  ];
}

function announcedBy({ interfaces, routes }: Node, bgp: Bgp, family: Family): readonly string[] {
  const subnets = interfaces
    .filter(({ segment }) => bgp.announces.includes(segment))
    .flatMap(({ addresses }) => addresses)
    .filter(({ address }) => address.family === family)
    .map(({ address, prefixLength }) => prefixAround(address, prefixLength));
  const ways = routes.filter(({ to, type }) => to.family === family && to.length === 0 && type === 'unicast').map(({ to }) => to);
  return [...new Set([...subnets, ...(bgp.default ? ways : [])].map((prefix) => formatPrefix(prefix)))];
}
