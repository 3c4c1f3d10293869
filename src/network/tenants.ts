import type { BroadcastDomain } from './broadcast-domains.ts';
import type { NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';
import type { SegmentDraft } from './segments.ts';

/** Checks who is in whose network, and that what is shared can be guarded. */
export function checkTenants(
  segments: readonly SegmentDraft[],
  nodes: readonly NodeDraft[],
  domains: readonly BroadcastDomain[],
  report: Report,
): void {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  for (const segment of segments) if (segment.shared) checkShared(segment, report);
  for (const domain of domains) checkJoined(domain, report);
  for (const node of nodes) {
    if (node.kind !== 'machine' || node.spec.tenant === undefined) continue;
    for (const { segment, origin } of node.legs) {
      const owner = byName.get(segment);
      if (owner?.tenant === undefined || owner.tenant === node.spec.tenant) continue;
      report.error(
        'tenant-elsewhere',
        origin,
        `\`${node.name}\` is of tenant \`${node.spec.tenant}\`, and \`${segment}\` is a network of \`${owner.tenant}\``,
        {
          at: 'key',
          remedy: 'Put it in a network of its own tenant, or in a `shared` one.',
          related: [
            { message: `whose \`${segment}\` is`, origin: [...owner.origin, 'tenant'] },
            { message: `whose \`${node.name}\` is`, origin: [...node.origin, 'tenant'] },
          ],
        },
      );
    }
  }
}

function checkShared({ name, tenant, mode, origin }: SegmentDraft, report: Report): void {
  if (tenant !== undefined) {
    report.error('shared-of-tenant', [...origin, 'tenant'], `\`${name}\` is \`shared\`, and of tenant \`${tenant}\` alone`, {
      remedy: 'Leave one of the two out.',
      related: [{ message: 'shared', origin: [...origin, 'shared'] }],
    });
  }
  if (mode.kind === 'macvlan') {
    report.error(
      'shared-unguarded',
      [...origin, 'shared'],
      `\`${name}\` cannot be guarded: its machines sit on a macvlan of the host, which no filter sees all frames of`,
      {
        remedy: `Set \`attach: { interface: ${mode.parent}, by: veth }\`.`,
        related: [{ message: 'attached here', origin: [...origin, 'attach'] }],
      },
    );
  }
}

/** Whoever is in a part without guards could pose as anybody in the others. */
function checkJoined({ segments }: BroadcastDomain, report: Report): void {
  const shared = segments.find((segment) => segment.shared);
  const open = segments.find((segment) => !segment.shared);
  if (shared === undefined || open === undefined) return;
  report.error(
    'shared-unguarded',
    [...shared.origin, 'shared'],
    `\`${shared.name}\` cannot be guarded: a bridge joins it with \`${open.name}\`, which is not \`shared\``,
    {
      remedy: `Set \`shared: true\` for \`${open.name}\` too.`,
      related: [{ message: `\`${open.name}\``, origin: open.origin, at: 'key' }],
    },
  );
}
