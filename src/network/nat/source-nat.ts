import { formatAddress, formatPrefix } from '../../address/format.ts';
import { hostRange } from '../../address/host-range.ts';
import type { Address, Prefix } from '../../address/ip.ts';
import { bitsOf, containsAddress } from '../../address/prefix.ts';
import { specialBlockOf } from '../../address/special-purpose.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { NetworkNatSpec } from '../../spec/schema/network.ts';
import type { RouterNatSpec } from '../../spec/schema/router.ts';
import { looksLikeAddress, readAddress, readPrefix } from '../addresses/read-address.ts';
import type { Names } from '../names.ts';
import { type HostDraft, listed, type NodeDraft } from '../nodes.ts';
import { placesOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import type { Graphs } from '../routing/next-hop.ts';
import type { SegmentDraft } from '../segments.ts';
import type { SourceNat } from './translation.ts';

export interface SourceNats {
  readonly ofNode: ReadonlyMap<string, readonly SourceNat[]>;
  /** One for every `nat` network. */
  readonly ofSegment: ReadonlyMap<string, SourceNat>;
}

interface Context {
  readonly segments: ReadonlyMap<string, SegmentDraft>;
  readonly names: Names;
  readonly graphs: Graphs;
  readonly report: Report;
}

/** Reads `nat:` of routers and of networks. */
export function readSourceNats(
  file: BottleFile,
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  names: Names,
  graphs: Graphs,
  report: Report,
): SourceNats {
  const context = { segments: new Map(segments.map((segment) => [segment.name, segment])), names, graphs, report };
  const ofNode = new Map<string, readonly SourceNat[]>();
  for (const node of nodes) {
    if (node.kind !== 'router') continue;
    const spec = file.routers?.[node.name]?.nat;
    if (spec !== undefined) ofNode.set(node.name, ofRouter(node, spec, context));
  }
  const ofSegment = new Map<string, SourceNat>();
  for (const segment of segments) {
    const spec = segment.kind === 'network' ? file.networks?.[segment.name]?.nat : undefined;
    const nat = ofNetwork(segment, spec, context);
    if (nat !== undefined) ofSegment.set(segment.name, nat);
  }
  return { ofNode, ofSegment };
}

function ofNetwork(segment: SegmentDraft, spec: NetworkNatSpec | undefined, context: Context): SourceNat | undefined {
  const place = [...segment.origin, 'nat'];
  if (segment.mode.kind !== 'nat') {
    if (spec === undefined) return undefined;
    context.report.error(
      'key-without-mode',
      place,
      `\`nat\` does not go with \`${segment.name}\`: the host changes nothing that leaves it`,
      {
        at: 'key',
        remedy: 'Leave it out, or set `mode: nat`. What a router changes is said under `routers:`.',
      },
    );
    return undefined;
  }
  const to = readTo(spec?.to ?? [], [...place, 'to'], 'host', segment, context);
  return {
    segment: segment.name,
    to,
    except: readExcept(spec?.except, [...place, 'except'], context),
    origin: spec ? place : segment.origin,
  };
}

function ofRouter(node: HostDraft, spec: RouterNatSpec, context: Context): readonly SourceNat[] {
  const place = [...node.origin, 'nat'];
  const except = readExcept(spec.except, [...place, 'except'], context);
  const found = new Map<string, SourceNat>();
  const entries = [
    ...placesOf(spec.masquerade, [...place, 'masquerade']).map((one) => ({
      name: one.text,
      to: [] as string | readonly string[],
      at: 'value' as const,
      origin: one.place,
    })),
    ...Object.entries(spec.snat ?? {}).map(([name, to]) => ({ name, to, at: 'key' as const, origin: [...place, 'snat', name] })),
  ];
  for (const { name, to, at, origin } of entries) {
    const segment = checkNetwork(node, name, origin, at, context);
    if (segment === undefined) continue;
    const first = found.get(name);
    if (first !== undefined) {
      context.report.error('nat-twice', origin, `\`${node.name}\` is told twice what becomes of packets that leave into \`${name}\``, {
        at,
        remedy: 'Leave one out. A family for which `snat` has no address is masqueraded.',
        related: [{ message: 'the first', origin: first.origin }],
      });
      continue;
    }
    found.set(name, { segment: name, to: readTo(to, origin, node.name, segment, context), except, origin });
  }
  if (entries.length === 0) {
    context.report.error('nat-of-nothing', place, `\`nat\` of \`${node.name}\` names no network`, {
      remedy: 'Write `masquerade:` with the network that packets leave into, or leave `nat:` out.',
    });
  }
  return [...found.values()];
}

function checkNetwork(node: HostDraft, name: string, origin: Origin, at: 'key' | 'value', { segments, names, report }: Context) {
  const segment = segments.get(name);
  const own = node.legs.map((leg) => leg.segment);
  if (own.includes(name)) return segment;
  const remedy = own.length === 0 ? 'Put it in a network first.' : `\`${node.name}\` is in ${listed(own)}.`;
  if (segment === undefined)
    report.error('unknown-network', origin, `there is no network \`${name}\``, { at, remedy: names.didYouMean(name, own, remedy) });
  else report.error('nat-elsewhere', origin, `\`${node.name}\` is not in \`${name}\`: nothing leaves there by it`, { at, remedy });
  return undefined;
}

function readTo(
  spec: string | readonly string[],
  origin: Origin,
  owner: string,
  segment: SegmentDraft,
  context: Context,
): readonly Address[] {
  const found: Address[] = [];
  for (const { text, place } of placesOf(spec, origin)) {
    const address = readAddress(text, place, context.report);
    if (address === undefined) continue;
    const unusable = whyUnusable(address, owner, segment, context);
    if (unusable !== undefined) {
      context.report.error('nat-address', place, `packets cannot leave as \`${formatAddress(address)}\`: ${unusable.why}`, {
        remedy: unusable.remedy,
      });
    } else if (found.some(({ family }) => family === address.family)) {
      context.report.error('nat-address', place, `a second IPv${address.family} address to leave with`, { remedy: 'Leave one out.' });
    } else found.push(address);
  }
  return found;
}

/** Answers have to come back to whoever changed the source. */
function whyUnusable(address: Address, owner: string, segment: SegmentDraft, { segments, graphs }: Context) {
  const self = owner === 'host' ? 'the host' : `\`${owner}\``;
  const holder = graphs[address.family].ownerOf(address);
  if (holder !== undefined && holder.node !== owner) {
    const other = holder.role === 'host' ? 'the host' : `\`${holder.node}\``;
    return { why: `it is the address of ${other}, which the answers would go to`, remedy: `Take an address of ${self}.` };
  }
  const special = specialBlockOf({ ...address, length: bitsOf(address.family) });
  if (special !== undefined)
    return { why: `\`${formatPrefix(special.prefix)}\` is for ${special.use} addresses`, remedy: `Take an address of ${self}.` };
  if (!segment.subnets.some(({ family }) => family === address.family)) {
    return {
      why: `\`${segment.name}\` has no IPv${address.family} subnet`,
      remedy: `Take an IPv${address.family === 4 ? 6 : 4} address, or give \`${segment.name}\` an IPv${address.family} subnet.`,
    };
  }
  const home = holder === undefined ? subnetOf(address, segments.values()) : undefined;
  if (home === undefined) return undefined;
  const { first, last } = hostRange(home.subnet);
  const edge = address.value < first || address.value > last;
  return {
    why: edge ? `it is no address for an interface of \`${home.name}\`` : 'nobody has it, so that answers find nobody',
    remedy:
      owner === 'host'
        ? 'Take an address that the host has outside of the bottle.'
        : edge
          ? `Take an address of ${self}.`
          : `Give it to ${self} as a further address in \`${home.name}\`.`,
  };
}

function subnetOf(address: Address, segments: Iterable<SegmentDraft>) {
  for (const { name, subnets } of segments) {
    const subnet = subnets.find((one) => containsAddress(one, address));
    if (subnet !== undefined) return { name, subnet };
  }
  return undefined;
}

function readExcept(spec: string | readonly string[] | undefined, origin: Origin, { segments, names, report }: Context): readonly Prefix[] {
  return placesOf(spec, origin).flatMap(({ text, place }) => {
    const segment = segments.get(text);
    if (segment !== undefined) return segment.subnets;
    if (!looksLikeAddress(text)) {
      report.error('unknown-network', place, `there is no network \`${text}\``, {
        remedy: names.didYouMean(text, names.segments.keys(), 'Write a network, or a prefix such as `10.8.0.0/16`.'),
      });
      return [];
    }
    if (text.includes('/')) return readPrefix(text, place, report) ?? [];
    const address = readAddress(text, place, report);
    return address === undefined ? [] : [{ ...address, length: bitsOf(address.family) }];
  });
}
