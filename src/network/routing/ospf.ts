import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { OspfSpec } from '../../spec/schema/routing.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import type { Devices } from '../devices.ts';
import type { Names } from '../names.ts';
import type { HostDraft, NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { Ospf, OspfInterface } from './protocols.ts';
import { routerIds } from './router-ids.ts';
import { checkOwn, listOf } from './routing-words.ts';

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
  for (const { node, spec, origin } of speakers) {
    checkOwn(node, Object.keys(spec.cost ?? {}), [...origin, 'cost'], context);
    checkOwn(node, spec.passive, [...origin, 'passive'], context);
  }
  const talking = speakers.map((speaker) => ({ speaker, silent: new Set(listOf(speaker.spec.passive)) }));
  const partners = context.domains.map(({ segments, legs }) => {
    const names = new Set(segments.map(({ name }) => name));
    const there = talking.filter(({ speaker, silent }) =>
      legs.some(({ node, role, segment }) => node === speaker.node.name && role === 'interface' && !silent.has(segment)),
    );
    return { names, count: there.length };
  });
  const partnersIn = (segment: string): number => partners.find(({ names }) => names.has(segment))?.count ?? 0;
  const idOf = routerIds(
    speakers.map(({ node }) => node),
    addresses,
  );
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
      return [node.name, { routerId: idOf(node), interfaces, default: spec.default === true, origin }];
    }),
  );
}

function warnAlone({ node, origin }: Speaker, { report }: Context): void {
  report.warn(
    'routing-alone',
    origin,
    `\`${node.name}\` has nobody to speak OSPF with: no other router with \`ospf\` is in one of its networks`,
    {
      at: 'key',
      remedy: 'Write `ospf:` under a router beside it too, or leave it out: then its routes are found without.',
    },
  );
}
