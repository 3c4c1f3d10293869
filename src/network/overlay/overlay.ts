import type { Address } from '../../address/ip.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { NetworkSpec } from '../../spec/schema/network.ts';
import type { OverlaySpec } from '../../spec/schema/overlay.ts';
import { looksLikeAddress, readAddress } from '../addresses/read-address.ts';
import { listOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import type { Overlay } from './tunnel.ts';

/** An overlay as the file has it, checked on its own. */
export interface OverlayDraft extends Omit<Overlay, 'endpoints'> {
  /** Names of networks, of which each node of the overlay is in one, too. */
  readonly over: readonly string[];
}

/** The UDP ports of RFC 7348 and RFC 8926. */
export const PORTS = { vxlan: 4789, geneve: 6081, gre: undefined } as const;
export const DEFAULT_TTL = 64;
export const LARGEST_VNI = 0xffffff;

/** Reads `overlay:` of a network, and says which other keys of the network do not go with it. */
export function readOverlay(network: NetworkSpec, origin: Origin, report: Report): OverlayDraft | undefined {
  const { overlay: spec } = network;
  if (spec === undefined) return undefined;
  const place = [...origin, 'overlay'];
  checkKeys(network, origin, report);
  const type = spec.type ?? 'vxlan';
  checkOptions(spec, type, place, report);
  if (type !== 'gre' && spec.id > LARGEST_VNI) {
    report.error(
      'overlay-id',
      [...place, 'id'],
      `${spec.id} is too large for a network identifier of ${type === 'vxlan' ? 'VXLAN' : 'Geneve'}, which has 24 bits`,
      {
        remedy: `Take one from 0 to ${LARGEST_VNI}.`,
      },
    );
  }
  const port = type === 'gre' ? undefined : (spec.port ?? PORTS[type]);
  const group = spec.group === undefined ? undefined : readGroup(spec.group, [...place, 'group'], report);
  return {
    over: listOf(spec.over),
    type,
    id: spec.id,
    ...(port !== undefined && { port }),
    ...(group !== undefined && { group }),
    ttl: spec.ttl ?? DEFAULT_TTL,
    learning: spec.learning ?? true,
  };
}

/** What belongs to a switch, or to the host's part in it. */
function checkKeys(network: NetworkSpec, origin: Origin, report: Report): void {
  for (const key of ['stp', 'ageing', 'shared', 'mode'] as const) {
    const value = network[key];
    if (value === undefined || value === 'internal' || value === false) continue;
    const why = key === 'mode' ? 'the host has no part in it' : 'it has no switch';
    report.error('overlay-key', [...origin, key], `\`${key}\` does not go with \`overlay\`: ${why}`, {
      at: 'key',
      remedy: 'Leave one of the two out.',
    });
  }
}

function checkOptions(spec: OverlaySpec, type: Overlay['type'], origin: Origin, report: Report): void {
  for (const key of ['port', 'group', 'learning'] as const) {
    if (spec[key] === undefined || type === 'vxlan' || (type === 'geneve' && key === 'port')) continue;
    const why = key === 'port' ? 'GRE has no ports' : 'its machines have a tunnel to each of the others';
    report.error('overlay-key', [...origin, key], `\`${key}\` does not go with \`type: ${type}\`: ${why}`, {
      at: 'key',
      remedy: 'Leave it out.',
    });
  }
}

const isMulticast = ({ family, value }: Address): boolean => (family === 4 ? value >> 28n === 0xen : value >> 120n === 0xffn);

function readGroup(text: string, origin: Origin, report: Report): Address | undefined {
  const remedy = 'Take one for private use, such as `239.255.0.1` (RFC 2365) or `ff05::100`.';
  const address = looksLikeAddress(text) ? readAddress(text, origin, report) : undefined;
  if (address === undefined) {
    if (!looksLikeAddress(text)) report.error('bad-address', origin, `\`${text}\` is not an address`, { remedy });
    return undefined;
  }
  if (isMulticast(address)) return address;
  report.error('overlay-group', origin, `\`${text}\` is not a multicast address`, { remedy });
  return undefined;
}
