import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Network } from '../network.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import { addressesOf, type OwnAddress, type Station, stationsOf } from '../station.ts';
import { type Pin, pinFor, type Way } from './pinned-gateway.ts';
import type { Walk, Walker } from './walk.ts';

/** Work for a warning: in a very large file the first pairs have to do. */
const MOST_PAIRS = 50_000;
const MOST_WARNINGS = 20;

interface RoundTrip {
  readonly there: Way;
  readonly back: Way;
}

/**
 * Warns where packets go one way and their answers come back another: once for each two networks. What keeps state on one
 * of the ways is named, and a route that brings the two together.
 *
 * Only routes of the file can do that, so without them there is nothing to look for. Machines in several networks
 * answer by the nearest of them, whichever address they are asked at: that is their nature and not reported.
 */
export function checkAsymmetry(network: Network, walker: Walker, report: Report): void {
  if (!network.nodes.some(({ routes }) => routes.some(({ given }) => given))) return;
  const stations = stationsOf(network.nodes.filter(({ kind }) => kind === 'machine')).filter(
    ({ node, isAlone }) => isAlone || node.interfaces.length === 1,
  );
  const reported = new Set<string>();
  let pairs = 0;
  for (const [index, from] of stations.entries()) {
    for (const to of stations.slice(index + 1)) {
      pairs += 1;
      if (pairs > MOST_PAIRS || reported.size >= MOST_WARNINGS) return;
      for (const address of addressesOf(to.node)) check(network, from, to, address, walker, reported, report);
    }
  }
}

function check(
  network: Network,
  from: Station,
  to: Station,
  address: OwnAddress,
  walker: Walker,
  reported: Set<string>,
  report: Report,
): void {
  const trip = roundTrip(from, to, address, walker);
  if (trip === undefined) return;
  const { there, back } = trip;
  if (there.walk.routers.join(' ') === back.walk.routers.toReversed().join(' ')) return;
  const key = [there.walk.segments[0], address.segment].toSorted().join(' ');
  if (reported.has(key)) return;
  reported.add(key);
  const [a, b] = [from.node.name, to.node.name];
  const causes = distinctOrigins([...there.walk.given, ...back.walk.given]);
  const ways = `\`${a}\` -> \`${b}\` goes ${by(there.walk)}; \`${b}\` -> \`${a}\` comes back ${by(back.walk)}`;
  const halves = halfSeen(network, there.walk, back.walk);
  report.warn('asymmetric-path', causes[0] ?? from.node.origin, halves === undefined ? ways : `${ways}: ${halves}`, {
    remedy: remedyOf(pinFor(network, there, back), halves !== undefined),
    related: causes.slice(1, 3).map((origin) => ({ message: 'this route has a part in it', origin })),
  });
}

/** Who keeps state and sees one half of a flow only; undefined where nobody does. */
function halfSeen(network: Network, there: Walk, back: Walk): string | undefined {
  const stateful = (name: string): boolean =>
    network.policy !== undefined ||
    network.forwards.some(({ at }) => at === name) ||
    network.nodes.some((node) => node.name === name && node.nat.length > 0);
  const half = (way: Walk, other: Walk): readonly string[] => way.routers.filter((name) => stateful(name) && !other.routers.includes(name));
  const [going, coming] = [half(there, back), half(back, there)];
  const parts = [
    ...(going.length === 0 ? [] : [`${listed(going, 12)} sees only what goes`]),
    ...(coming.length === 0 ? [] : [`${listed(coming, 12)} sees only what comes back`]),
  ];
  return parts.length === 0 ? undefined : `${parts.join(', ')}; what has not been seen to begin is dropped`;
}

function remedyOf(pin: Pin | undefined, broken: boolean): string {
  const otherwise = broken
    ? 'Send both the same way.'
    : 'Send both the same way, or leave it if it is meant: what keeps state on one of the ways sees only half.';
  if (pin === undefined) return otherwise;
  const { node, destination, gateway } = pin;
  const rest = broken ? '' : ' Or leave it if it is meant: what keeps state on one of the ways sees only half.';
  return `Pin the gateway of \`${node.name}\`: \`routes: { ${destination}: ${gateway} }\`.${rest}`;
}

function roundTrip(from: Station, to: Station, { address }: OwnAddress, walker: Walker): RoundTrip | undefined {
  const there = walker.walk(from.node.name, address);
  if (there.outcome !== 'delivered' || there.routers.length === 0) return undefined;
  const source = addressesOf(from.node).find((one) => one.segment === there.segments[0] && one.address.family === address.family);
  if (source === undefined) return undefined;
  const back = walker.walk(to.node.name, source.address);
  if (back.outcome !== 'delivered') return undefined;
  return { there: { from: from.node.name, to: address, walk: there }, back: { from: to.node.name, to: source.address, walk: back } };
}

function by({ routers }: Walk): string {
  return routers.length === 0 ? 'directly' : `by ${listed(routers, 12)}`;
}

function distinctOrigins(origins: readonly Origin[]): readonly Origin[] {
  return [...new Map(origins.map((origin) => [origin.join('\n'), origin])).values()];
}
