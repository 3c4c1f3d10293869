import { formatAddress } from '../address/format.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { BottleFile, OspfSpec } from '../spec/schema.ts';
import type { Addresses } from './addresses.ts';
import type { BroadcastDomain } from './broadcast-domains.ts';
import { compareText } from './broadcast-domains.ts';
import type { Devices } from './devices.ts';
import type { Leg } from './legs.ts';
import type { Names } from './names.ts';
import type { Network, Ospf, OspfInterface } from './network.ts';
import { type HostDraft, listed, type NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';

/** What a network costs for which the file says nothing. */
const COST = 10;

interface Speaker {
  readonly node: HostDraft;
  readonly spec: OspfSpec;
  readonly origin: Origin;
}

interface Context {
  readonly domains: readonly BroadcastDomain[];
  readonly names: Names;
  readonly report: Report;
}

/** Reads `ospf:` of routers. */
export function readOspf(
  file: BottleFile,
  nodes: readonly NodeDraft[],
  context: Context,
  { addresses, devices }: { readonly addresses: Addresses; readonly devices: Devices },
): ReadonlyMap<string, Ospf> {
  const speakers = nodes.flatMap((node): readonly Speaker[] => {
    const spec = node.kind === 'router' ? file.routers?.[node.name]?.ospf : undefined;
    return spec === undefined || node.kind === 'bridge' ? [] : [{ node, spec, origin: [...node.origin, 'ospf'] }];
  });
  for (const speaker of speakers) checkNetworks(speaker, context);
  const talking = speakers.map((speaker) => ({ speaker, silent: new Set(listOf(speaker.spec.passive)) }));
  const partners = context.domains.map(({ segments, legs }) => {
    const names = new Set(segments.map(({ name }) => name));
    const there = talking.filter(({ speaker, silent }) =>
      legs.some(({ node, role, segment }) => node === speaker.node.name && role === 'interface' && !silent.has(segment)),
    );
    return { names, count: there.length };
  });
  const partnersIn = (segment: string): number => partners.find(({ names }) => names.has(segment))?.count ?? 0;
  const inOrder = speakers.map(({ node }) => node.name).toSorted(compareText);
  return new Map(
    talking.map(({ speaker, silent }) => {
      const { node, spec, origin } = speaker;
      const interfaces = node.legs.map((leg): OspfInterface => {
        const count = partnersIn(leg.segment);
        return {
          segment: leg.segment,
          device: devices.ofLeg.get(leg) ?? '',
          cost: spec.cost?.[leg.segment] ?? COST,
          passive: silent.has(leg.segment) || count < 2,
          pointToPoint: count === 2,
        };
      });
      if (interfaces.every(({ passive }) => passive)) warnAlone(speaker, context);
      const own = node.legs.flatMap((leg) => addresses.get(leg) ?? []).find(({ address }) => address.family === 4);
      const routerId = own === undefined ? `0.0.0.${inOrder.indexOf(node.name) + 1}` : formatAddress(own.address);
      return [node.name, { routerId, interfaces, default: spec.default === true, origin }];
    }),
  );
}

const listOf = (names: string | readonly string[] | undefined): readonly string[] =>
  names === undefined ? [] : typeof names === 'string' ? [names] : names;

function checkNetworks({ node, spec, origin }: Speaker, { names, report }: Context): void {
  const passive = listOf(spec.passive).map((name, index) => ({
    name,
    at: 'value' as const,
    place: [...origin, 'passive', ...(typeof spec.passive === 'string' ? [] : [index])],
  }));
  const cost = Object.keys(spec.cost ?? {}).map((name) => ({ name, at: 'key' as const, place: [...origin, 'cost', name] }));
  const own = node.legs.map((leg: Leg) => leg.segment);
  for (const { name, at, place } of [...cost, ...passive]) {
    if (own.includes(name)) continue;
    const remedy = own.length === 0 ? 'Put it in a network first.' : `\`${node.name}\` is in ${listed(own)}.`;
    if (names.segments.has(name))
      report.error('routing-elsewhere', place, `\`${node.name}\` is not in \`${name}\`: it tells nobody of it`, { at, remedy });
    else report.error('unknown-network', place, `there is no network \`${name}\``, { at, remedy: names.didYouMean(name, own, remedy) });
  }
}

/** Whether those that announce a default route have one, once all routes are known. */
export function checkDefaults(network: Network, report: Report): void {
  for (const { name, ospf, routes } of network.nodes) {
    if (ospf?.default !== true || routes.some(({ to, type }) => to.length === 0 && type === 'unicast')) continue;
    report.warn('ospf-without-default', [...ospf.origin, 'default'], `\`${name}\` has no default route that it could announce`, {
      remedy: `Leave \`default\` out, or give \`${name}\` a \`gateway:\`.`,
    });
  }
}

function warnAlone({ node, origin }: Speaker, { report }: Context): void {
  report.warn(
    'ospf-alone',
    origin,
    `\`${node.name}\` has nobody to speak OSPF with: no other router with \`ospf\` is in one of its networks`,
    {
      at: 'key',
      remedy: 'Write `ospf:` under a router beside it too, or leave it out: then its routes are found without.',
    },
  );
}
