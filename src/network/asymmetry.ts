import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Network } from './network.ts';
import { listed } from './nodes.ts';
import type { Report } from './report.ts';
import { addressesOf, type OwnAddress, type Station, stationsOf } from './station.ts';
import type { Walk, Walker } from './walk.ts';

/** Work for a warning: in a very large file the first pairs have to do. */
const MOST_PAIRS = 50_000;
const MOST_WARNINGS = 20;

interface RoundTrip {
  readonly there: Walk;
  readonly back: Walk;
}

/**
 * Warns where packets go one way and their answers come back another: once for each two networks.
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
      for (const address of addressesOf(to.node)) check(from, to, address, walker, reported, report);
    }
  }
}

function check(from: Station, to: Station, address: OwnAddress, walker: Walker, reported: Set<string>, report: Report): void {
  const trip = roundTrip(from, to, address, walker);
  if (trip === undefined) return;
  const { there, back } = trip;
  if (there.routers.join(' ') === back.routers.toReversed().join(' ')) return;
  const key = [there.segments[0], address.segment].toSorted().join(' ');
  if (reported.has(key)) return;
  reported.add(key);
  const [a, b] = [from.node.name, to.node.name];
  const causes = distinctOrigins([...there.given, ...back.given]);
  report.warn(
    'asymmetric-path',
    causes[0] ?? from.node.origin,
    `\`${a}\` -> \`${b}\` goes ${by(there)}; \`${b}\` -> \`${a}\` comes back ${by(back)}`,
    {
      remedy: 'Send both the same way, or leave it if it is meant: what keeps state on one of the ways sees only half.',
      related: causes.slice(1, 3).map((origin) => ({ message: 'this route has a part in it', origin })),
    },
  );
}

function roundTrip(from: Station, to: Station, { address }: OwnAddress, walker: Walker): RoundTrip | undefined {
  const there = walker.walk(from.node.name, address);
  if (there.outcome !== 'delivered' || there.routers.length === 0) return undefined;
  const source = addressesOf(from.node).find((one) => one.segment === there.segments[0] && one.address.family === address.family);
  if (source === undefined) return undefined;
  const back = walker.walk(to.node.name, source.address);
  return back.outcome === 'delivered' ? { there, back } : undefined;
}

function by({ routers }: Walk): string {
  return routers.length === 0 ? 'directly' : `by ${listed(routers, 12)}`;
}

function distinctOrigins(origins: readonly Origin[]): readonly Origin[] {
  return [...new Map(origins.map((origin) => [origin.join('\n'), origin])).values()];
}
