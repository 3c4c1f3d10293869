import type { BroadcastDomain } from './broadcast-domains.ts';
import type { NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/** Parts that cannot do what they are there for. */
export function checkUsage(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  domains: readonly BroadcastDomain[],
  report: Report,
): void {
  const domainOf = new Map(domains.flatMap((domain) => domain.segments.map((segment) => [segment.name, domain.name])));
  const used = new Set(nodes.flatMap((node) => node.legs.map(({ segment }) => segment)));
  for (const { name, kind, origin } of segments) {
    // Where something is wrong already, somebody may have been meant to be in it.
    if (kind === 'link' || used.has(name) || report.failed) continue;
    report.warn('unused-network', origin, `nobody is in the network \`${name}\``, {
      at: 'key',
      remedy: 'Put a machine in it, or take it out.',
    });
  }
  for (const node of nodes) {
    if (node.kind === 'machine' && node.legs.length === 0 && Object.keys(node.spec.networks ?? {}).length === 0) {
      report.warn('machine-without-network', node.origin, `\`${node.name}\` is in no network`, {
        at: 'key',
        remedy: `Write \`networks:\` under it, such as \`networks: { dmz: auto }\`.`,
      });
    }
    if (node.kind === 'router') checkRouter(node, domainOf, report);
  }
}

function checkRouter(
  node: NodeDraft & { readonly kind: 'machine' | 'router' },
  domainOf: ReadonlyMap<string, string>,
  report: Report,
): void {
  const written = Object.keys(node.spec.networks ?? {}).length;
  const reached = new Set(node.legs.map(({ segment }) => domainOf.get(segment)));
  // An unknown network among its own is reported already.
  if (reached.size >= 2 || node.legs.filter(({ origin }) => origin[0] === 'routers').length < written) return;
  const [first, second] = node.legs.map(({ segment }) => `\`${segment}\``);
  const only =
    first === undefined
      ? 'is in no network'
      : second === undefined
        ? `is in ${first} only`
        : `is in ${first} and ${second}, which a bridge makes one network`;
  report.error('one-legged-router', node.origin, `the router \`${node.name}\` ${only}: there is nothing to forward between`, {
    at: 'key',
    remedy: 'Put it in a second network, or describe it under `machines:`.',
  });
}
