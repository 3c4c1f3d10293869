import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import type { Related } from '../../diagnostic/diagnostic.ts';
import type { End } from '../end.ts';
import type { Expectation } from '../expectation.ts';
import type { Network, Node } from '../network.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import { addressesOf, nodesByName, type Station, stationsOf } from '../station.ts';
import type { Walk, Walker } from './walk.ts';

interface Failure {
  readonly message: string;
  readonly remedy: string;
  readonly related?: readonly Related[];
}

/** What many promises ask again. */
interface Known {
  /** By the text of an end. */
  readonly stations: Map<string, readonly Station[]>;
  /** By the keys of two stations and the segment that the target is asked in. */
  readonly working: Set<string>;
}

/** Reports promises that something works although no packet can get there and its answer back. */
export function checkReachability(network: Network, walker: Walker, report: Report): void {
  const nodes = nodesByName(network);
  const known: Known = { stations: new Map(), working: new Set() };
  for (const expectation of network.expectations) {
    if (expectation.mode === 'nothing') continue;
    const failure = firstFailure(expectation, nodes, walker, known);
    if (failure === undefined) continue;
    const { from, to } = failure;
    report.error('expectation-without-path', expectation.origin, failure.message, {
      at: 'key',
      remedy: failure.remedy,
      related: [
        ...(failure.related ?? []),
        { message: `\`${from.name}\` is here`, origin: placeOf(from), at: 'key' },
        { message: `\`${to.name}\` is here`, origin: placeOf(to), at: 'key' },
      ],
    });
  }
}

function firstFailure(expectation: Expectation, nodes: ReadonlyMap<string, Node>, walker: Walker, known: Known) {
  const targets = stationsIn(expectation.to, nodes, known);
  const segment = expectation.to.kind === 'nodes' ? expectation.to.segment : undefined;
  for (const from of stationsIn(expectation.from, nodes, known)) {
    for (const to of targets) {
      if (from.key === to.key) continue;
      const key = `${from.key}\n${to.key}\n${segment ?? ''}`;
      if (known.working.has(key)) continue;
      const failure = whyNot(from.node, to.node, segment, walker);
      if (failure !== undefined) return { ...failure, from: from.node, to: to.node };
      known.working.add(key);
    }
  }
  return undefined;
}

function stationsIn(end: End, nodes: ReadonlyMap<string, Node>, { stations }: Known): readonly Station[] {
  if (end.kind !== 'nodes') return [];
  const found = stations.get(end.text) ?? stationsOf(end.nodes.flatMap((name) => nodes.get(name) ?? []));
  stations.set(end.text, found);
  return found;
}

/** Undefined if there and back works at one of the addresses. */
function whyNot(from: Node, to: Node, segment: string | undefined, walker: Walker): Failure | undefined {
  const sources = addressesOf(from);
  const targets = addressesOf(to).filter((one) => segment === undefined || one.segment === segment);
  const families = new Set(sources.map(({ address }) => address.family));
  const common = targets.filter(({ address }) => families.has(address.family));
  if (common.length === 0) return withoutAddress(from, sources.length, to, targets.length);
  let first: Failure | undefined;
  for (const { address } of common) {
    const there = walker.walk(from.name, address);
    if (there.outcome !== 'delivered') {
      first ??= explain(`\`${from.name}\` cannot reach \`${to.name}\``, from, address, there);
      continue;
    }
    const source =
      sources.find((one) => one.address.family === address.family && (there.segments.length === 0 || one.segment === there.segments[0])) ??
      sources.find((one) => one.address.family === address.family);
    if (source === undefined) continue;
    const back = walker.walk(to.name, source.address);
    if (back.outcome === 'delivered') return undefined;
    first ??= explain(`\`${to.name}\` cannot answer \`${from.name}\``, to, source.address, back);
  }
  return first;
}

function withoutAddress(from: Node, sources: number, to: Node, targets: number): Failure {
  const lacking = sources === 0 ? from : targets === 0 ? to : undefined;
  if (lacking === undefined) {
    return {
      message: `\`${from.name}\` and \`${to.name}\` have no address family in common`,
      remedy: 'Give both networks a subnet of the same family, IPv4 or IPv6.',
    };
  }
  const remedy = lacking.kind === 'bridge' ? 'Write `address: auto` under it.' : 'Put it in a network.';
  return { message: `\`${lacking.name}\` has no address`, remedy };
}

function explain(what: string, sender: Node, to: Address, walk: Walk): Failure {
  const target = formatAddress(to);
  const at = walk.at === 'host' ? 'the host' : `\`${walk.at}\``;
  const related = walk.given.slice(-1).map((origin): Related => ({ message: 'this route leads there', origin }));
  switch (walk.outcome) {
    case 'unreachable':
      return { message: `${what}: ${at} has \`none\` as route to \`${target}\``, remedy: 'Take the promise out, or the route.', related };
    case 'not-forwarded':
      return { message: `${what}: the packets go to ${at}, a machine, which does not forward`, remedy: 'Send them to a router.', related };
    case 'nobody-there':
      return {
        message: `${what}: ${at} sends the packets to an address that nobody has`,
        remedy: 'Correct its route or gateway.',
        related,
      };
    case 'loop':
      return {
        message: `${what}: the packets go round between ${listed([...new Set(walk.routers)])}`,
        remedy: 'Correct the routes given by hand.',
        related,
      };
    default: {
      const own = sender.name === walk.at ? 'it' : at;
      return {
        message: `${what}: ${own} has no route to \`${target}\``,
        remedy: 'Join their networks with a router, or take the promise out.',
        related,
      };
    }
  }
}

function placeOf(node: Node) {
  return node.interfaces[0]?.origin ?? node.origin;
}
