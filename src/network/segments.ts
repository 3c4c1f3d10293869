import { formatPrefix } from '../address/format.ts';
import type { Prefix } from '../address/ip.ts';
import { overlaps } from '../address/prefix.ts';
import { specialBlockOf } from '../address/special-purpose.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { LinkSpec } from '../spec/schema/link.ts';
import type { NetworkSpec } from '../spec/schema/network.ts';
import { readPrefix } from './addresses/read-address.ts';
import { readHostImpairment } from './host-impairment.ts';
import { readImpairment } from './impairment.ts';
import { type Mode, readMode } from './mode.ts';
import type { Segment } from './network.ts';
import { listOf, placesOf } from './one-or-more.ts';
import { type OverlayDraft, readOverlay } from './overlay/overlay.ts';
import type { Report } from './report.ts';

const DEFAULT_MTU = 1500;
/** RFC 8200, section 5. */
const IPV6_LEAST_MTU = 1280;
/** RFC 791. */
const LEAST_MTU = 68;
/** What Linux and IEEE 802.1D have. */
const DEFAULT_AGEING = 300;
/** The least that IEEE 802.1D allows: a bottle should be up soon. */
const STP_FORWARD_DELAY = 2;

/** A network or link as the file has it, checked on its own. */
export interface SegmentDraft extends Omit<Segment, 'attachment' | 'overlay' | 'vlan'> {
  readonly spec: NetworkSpec | LinkSpec;
  /** Empty where the file's are wrong. */
  readonly subnets: readonly Prefix[];
  readonly mode: Mode;
  readonly overlay?: OverlayDraft;
  /** The switches that the file puts it on. */
  readonly switches: readonly string[];
}

/** Networks, then links, in the order of the file. */
export function readSegments(file: BottleFile, report: Report): readonly SegmentDraft[] {
  const segments: SegmentDraft[] = [];
  for (const [name, spec] of Object.entries(file.networks ?? {})) {
    const origin = ['networks', name];
    const domain = spec.domain ?? `${name}.${file.name}`;
    const overlay = readOverlay(spec, origin, report);
    const hostImpairment = readHostImpairment(spec, origin, report);
    if (spec.domain !== undefined) checkDomain(spec.domain, [...origin, 'domain'], report);
    segments.push({
      ...common(name, spec, origin, report),
      kind: 'network',
      domain,
      mode: readMode(spec, origin, report),
      shared: spec.shared ?? false,
      switches: listOf(spec.switch),
      ...(spec.tenant !== undefined && { tenant: spec.tenant }),
      ...(overlay !== undefined && { overlay }),
      ...(hostImpairment !== undefined && { hostImpairment }),
      ...switchOf(spec),
    });
  }
  for (const [name, spec] of Object.entries(file.links ?? {})) {
    const origin = ['links', name];
    const domain = `${name}.${file.name}`;
    segments.push({
      ...common(name, spec, origin, report),
      kind: 'link',
      domain,
      mode: { kind: 'internal' },
      shared: false,
      switches: [],
      ...switchOf({}),
    });
  }
  return segments;
}

function common(name: string, spec: NetworkSpec | LinkSpec, origin: Origin, report: Report) {
  const subnets = readSubnets(name, spec.subnet, [...origin, 'subnet'], report);
  const impairment = readImpairment(spec.impair, [...origin, 'impair'], report);
  return {
    name,
    spec,
    subnets,
    mtu: spec.mtu ?? DEFAULT_MTU,
    checksumOffload: spec.offload ?? true,
    ...(impairment !== undefined && { impairment }),
    origin,
  };
}

export function checkMtu({ name, spec, subnets, mtu, origin }: SegmentDraft, report: Report): void {
  if (mtu >= IPV6_LEAST_MTU || !subnets.some(({ family }) => family === 6)) return;
  report.error(
    'mtu-too-small',
    spec.mtu === undefined ? origin : [...origin, 'mtu'],
    `\`${name}\` has IPv6, which needs an MTU of at least ${IPV6_LEAST_MTU}; it is ${mtu}`,
    {
      ...(spec.mtu === undefined && { at: 'key' as const }),
      remedy:
        spec.mtu === undefined
          ? 'Give the network that carries it a larger one, or leave out the IPv6 subnet.'
          : `Raise it to ${IPV6_LEAST_MTU}, or leave out the IPv6 subnet.`,
    },
  );
}

/** What takes the packets of each of these. */
export const largestMtu = (segments: readonly Pick<Segment, 'mtu'>[]): number => Math.max(...segments.map(({ mtu }) => mtu), LEAST_MTU);

export function switchOf(spec: { readonly stp?: boolean | undefined; readonly ageing?: number | undefined }) {
  const stp = spec.stp ?? false;
  return { stp, ageing: spec.ageing ?? DEFAULT_AGEING, forwardDelay: stp ? STP_FORWARD_DELAY : 0 };
}

function readSubnets(name: string, spec: string | readonly string[], origin: Origin, report: Report): readonly Prefix[] {
  if (spec.length === 0) {
    report.error('no-subnet', origin, `\`${name}\` has no subnet`, { remedy: 'Write one, such as `10.1.0.0/24`.' });
  }
  const subnets: Prefix[] = [];
  for (const { text, place } of placesOf(spec, origin)) {
    const subnet = readPrefix(text, place, report);
    if (subnet === undefined || !isForNetworks(name, subnet, place, report)) continue;
    const other = subnets.find(({ family }) => family === subnet.family);
    if (other !== undefined) {
      report.error('two-subnets', place, `\`${name}\` has two IPv${subnet.family} subnets, \`${formatPrefix(other)}\` and \`${text}\``, {
        remedy: overlaps(other, subnet) ? 'Leave one out.' : 'Make two networks, or take one larger subnet.',
      });
    } else subnets.push(subnet);
  }
  return subnets;
}

function isForNetworks(name: string, subnet: Prefix, origin: Origin, report: Report): boolean {
  const special = specialBlockOf(subnet);
  if (special === undefined) return true;
  const block = formatPrefix(special.prefix);
  report.error(
    'special-subnet',
    origin,
    `\`${formatPrefix(subnet)}\` cannot be the subnet of \`${name}\`: \`${block}\` is for ${special.use} addresses`,
    {
      remedy:
        subnet.family === 4
          ? 'Take one for private networks, such as `10.1.0.0/24`.'
          : 'Take one for private networks, such as `fd00:1::/64`.',
    },
  );
  return false;
}

function checkDomain(domain: string, origin: Origin, report: Report): void {
  const labels = domain.split('.');
  if (domain.length <= 190 && labels.every((label) => /^[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/.test(label))) return;
  report.error('bad-domain', origin, `\`${domain}\` is not a domain name`, {
    remedy: 'Write letters, digits and hyphens with dots between, such as `dmz.corp`; no dot at the ends.',
  });
}
