import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { Devices } from '../devices.ts';
import type { NodeDraft } from '../nodes.ts';
import { listOf } from '../one-or-more.ts';
import type { Ospf, OspfInterface } from './protocols.ts';
import { routerIds } from './router-ids.ts';
import { checkOwn } from './routing-words.ts';
import { type Context, speakersOf, warnAlone } from './speakers.ts';

/** What a network costs for which the file says nothing. */
const COST = 10;

/** Reads `ospf:` of routers. */
export function readOspf(
  file: BottleFile,
  nodes: readonly NodeDraft[],
  context: Context,
  { addresses, devices }: { readonly addresses: Addresses; readonly devices: Devices },
): ReadonlyMap<string, Ospf> {
  const speakers = speakersOf('ospf', file, nodes);
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
      if (interfaces.every(({ passive }) => passive)) warnAlone('ospf', speaker, context);
      return [node.name, { routerId: idOf(node), interfaces, default: spec.default === true, origin }];
    }),
  );
}
