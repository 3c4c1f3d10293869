/** Routers that speak a routing protocol, as the file has them. */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import type { Names } from '../names.ts';
import type { HostDraft, NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';

type Protocol = 'ospf' | 'bgp';
type RouterSpec = NonNullable<BottleFile['routers']>[string];

export interface Speaker<P extends Protocol> {
  readonly node: HostDraft;
  readonly spec: NonNullable<RouterSpec[P]>;
  readonly origin: Origin;
}

/** What reading them takes. */
export interface Context {
  readonly domains: readonly BroadcastDomain[];
  readonly names: Names;
  readonly report: Report;
}

export const speakersOf = <P extends Protocol>(
  protocol: P,
  { routers = {} }: BottleFile,
  nodes: readonly NodeDraft[],
): readonly Speaker<P>[] =>
  nodes.flatMap((node) => {
    const spec = node.kind === 'router' ? routers[node.name]?.[protocol] : undefined;
    return spec === undefined || node.kind === 'bridge' ? [] : [{ node, spec, origin: [...node.origin, protocol] }];
  });

/** Nobody is there whom it could learn from, or tell. */
export function warnAlone(protocol: Protocol, { node, origin }: Speaker<Protocol>, { report }: Context): void {
  report.warn(
    'routing-alone',
    origin,
    `\`${node.name}\` has nobody to speak ${protocol.toUpperCase()} with: no other router with \`${protocol}\` is in one of its networks`,
    { at: 'key', remedy: `Write \`${protocol}:\` under a router beside it too, or leave it out: then its routes are found without.` },
  );
}
