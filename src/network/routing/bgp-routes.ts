/**
 * What routers learn from one another by BGP once all of them know all (RFC 4271, 9.1): the way through the fewest autonomous
 * systems; of those, one that a neighbour of another system told of; of those, by the neighbour with the lowest router ID, and then
 * the lowest address. Each step makes a way worse, so that ways are found by length, and nothing hangs on who was told first.
 */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { linkLocal } from '../../address/link-local.ts';
import { comparePrefixes, prefixAround, samePrefix } from '../../address/prefix.ts';
import type { Network } from '../network.ts';
import { joined, type Outage } from '../outage.ts';
import type { BgpNeighbour } from './protocols.ts';
import type { LearnedHop, LearnedRoute } from './route.ts';

interface Speaker {
  readonly name: string;
  readonly as: number;
  readonly routerId: string;
  /** Those that are there. */
  readonly sessions: readonly Session[];
  readonly announced: readonly Prefix[];
  /** What is on the link, and what the file says, comes before what others say. */
  readonly known: readonly Prefix[];
}

interface Session extends BgpNeighbour {
  /** The neighbour's own on this wire, for IPv6. */
  readonly near: Address;
}

/** A way to a prefix. */
interface Way {
  /** Autonomous systems that it leads through, the nearest first. */
  readonly path: readonly number[];
  /** A neighbour of the same system told of it: others of that system do not hear of it again. */
  readonly internal: boolean;
  /** Undefined for what a router announces itself. */
  readonly hop?: LearnedHop;
}

/** By router, in the order of the prefixes. */
export function bgpRoutes(network: Network, family: Family, outage: Outage): ReadonlyMap<string, readonly LearnedRoute[]> {
  const speakers = speakersOf(network, family, outage);
  const prefixes = new Map(
    [...speakers.values()].flatMap(({ announced }) => announced.map((one) => [`${one.value}/${one.length}`, one] as const)),
  );
  const learned = new Map<string, LearnedRoute[]>([...speakers.keys()].map((name) => [name, []]));
  for (const to of [...prefixes.values()].toSorted(comparePrefixes)) {
    for (const [name, { hop }] of waysTo(to, speakers))
      if (hop !== undefined && speakers.get(name)?.known.some((one) => samePrefix(one, to)) !== true)
        learned.get(name)?.push({ to, hops: [hop] });
  }
  return learned;
}

function speakersOf(network: Network, family: Family, outage: Outage): ReadonlyMap<string, Speaker> {
  const domainOf = joined(network, outage);
  const nodes = network.nodes.filter(({ name, bgp }) => bgp !== undefined && !outage.stopped.has(name));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return new Map(
    nodes.flatMap((node): readonly (readonly [string, Speaker])[] => {
      const { name, bgp } = node;
      if (bgp === undefined) return [];
      const isThere = ({ segment, node: other, theirs, address }: BgpNeighbour): boolean =>
        address.family === family &&
        byName.has(other) &&
        domainOf(segment, name) === domainOf(theirs, other) &&
        !outage.dead.has(`${name}/${segment}`) &&
        !outage.dead.has(`${other}/${theirs}`);
      const sessions = bgp.neighbours.filter(isThere).map((one): Session => {
        const mac = byName.get(one.node)?.interfaces.find(({ segment }) => segment === one.theirs)?.mac;
        return { ...one, near: family === 4 || mac === undefined ? one.address : linkLocal(mac) };
      });
      const subnetsIn = (isMeant: (segment: string) => boolean): readonly Prefix[] =>
        node.interfaces
          .filter(({ segment }) => isMeant(segment) && !outage.dead.has(`${name}/${segment}`))
          .flatMap(({ addresses }) => addresses)
          .filter(({ address }) => address.family === family)
          .map(({ address, prefixLength }) => prefixAround(address, prefixLength));
      const given = node.routes.filter(({ to }) => to.family === family);
      // Zebra takes a route of the kernel's for good as long as it is there, whether its cable is in or not.
      const ways = given.filter(({ to, type }) => to.length === 0 && type === 'unicast').map(({ to }) => to);
      const announced = [...subnetsIn((segment) => bgp.announces.includes(segment)), ...(bgp.default ? ways : [])];
      const known = [...subnetsIn(() => true), ...given.map(({ to }) => to)];
      return [[name, { name, as: bgp.as, routerId: bgp.routerId, sessions, announced, known }]];
    }),
  );
}

/** The way that each router prefers: the shortest first, and of one length those from outside before those from inside. */
function waysTo(prefix: Prefix, speakers: ReadonlyMap<string, Speaker>): ReadonlyMap<string, Way> {
  const ways = new Map<string, Way>();
  for (const { name, announced } of speakers.values())
    if (announced.some((one) => samePrefix(one, prefix))) ways.set(name, { path: [], internal: false });
  for (let length = 0; [...ways.values()].some(({ path }) => path.length === length); length += 1) {
    const heard = (speaker: Speaker, from: Speaker): Way | undefined => {
      const way = ways.get(from.name);
      return way?.path.length === length && from.as === speaker.as && !way.internal ? { path: way.path, internal: true } : undefined;
    };
    const told = (speaker: Speaker, from: Speaker): Way | undefined => {
      const way = ways.get(from.name);
      if (way?.path.length !== length || from.as === speaker.as || way.path.includes(speaker.as)) return undefined;
      return { path: [from.as, ...way.path], internal: false };
    };
    for (const tell of [heard, told]) {
      // All at once: who has found a way in this round tells of it in the next.
      const found = [...speakers.values()].flatMap((speaker) => {
        const way = ways.has(speaker.name) ? undefined : firstOf(speaker, speakers, tell);
        return way === undefined ? [] : [[speaker.name, way] as const];
      });
      for (const [name, way] of found) ways.set(name, way);
    }
  }
  return ways;
}

/** Of equally long ways: by the neighbour with the lowest router ID, and by the lowest of its addresses. */
function firstOf(
  speaker: Speaker,
  speakers: ReadonlyMap<string, Speaker>,
  tell: (speaker: Speaker, from: Speaker) => Way | undefined,
): Way | undefined {
  const found = speaker.sessions.flatMap(({ node, address, near, device }) => {
    const from = speakers.get(node);
    const way = from === undefined ? undefined : tell(speaker, from);
    if (from === undefined || way === undefined) return [];
    // Of what it heard elsewhere itself, FRR tells neighbours of its own system no link-local address to send to.
    const via = way.internal && way.path.length > 0 ? address : near;
    return [{ id: numberOf(from.routerId), address: address.value, way: { ...way, hop: { via, device } } }];
  });
  return found.toSorted((one, other) => one.id - other.id || (one.address < other.address ? -1 : 1))[0]?.way;
}

const numberOf = (routerId: string): number => routerId.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0);
