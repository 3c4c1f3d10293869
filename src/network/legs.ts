import type { Address } from '../address/ip.ts';
import { parseMac } from '../address/mac.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { looksLikeAddress, readAddress } from './addresses/read-address.ts';
import { type Impairment, readImpairment } from './impairment.ts';
import { placesOf } from './one-or-more.ts';
import type { Report } from './report.ts';

/** Where a node, or the host, is in a segment: an interface in the making. */
export interface Leg {
  readonly node: string;
  /** `port`: of a bridge, without addresses. `bridge`: the bridge device itself. */
  readonly role: 'interface' | 'port' | 'bridge' | 'host';
  readonly segment: string;
  /** Addresses of the file; the first of a family is the primary one. */
  readonly given: readonly GivenAddress[];
  /** Whether it gets an address in the subnets for which the file gives none. */
  readonly auto: boolean;
  readonly mac: string | undefined;
  /** Of its own cable, if the file has one for it. */
  readonly impairment?: Impairment;
  /** The switch that the file names. */
  readonly switch?: string;
  readonly tagged?: boolean;
  readonly origin: Origin;
}

export interface GivenAddress {
  readonly address: Address;
  readonly origin: Origin;
}

type AttachmentSpec = NonNullable<NonNullable<NonNullable<BottleFile['machines']>[string]>['networks']>[string];

/** The leg that an entry under `networks:` or `ends:` stands for. */
export function readLeg(node: string, segment: string, spec: AttachmentSpec, origin: Origin, report: Report): Leg {
  const plain = typeof spec === 'string' || Array.isArray(spec);
  const addresses = plain ? spec : spec.address;
  const place = plain ? origin : [...origin, 'address'];
  const given = readGiven(addresses, place, report);
  const mac = plain || spec.mac === undefined ? undefined : readMac(spec.mac, [...origin, 'mac'], report);
  const impairment = plain ? undefined : readImpairment(spec.impair, [...origin, 'impair'], report);
  const at = plain ? {} : { ...(spec.switch !== undefined && { switch: spec.switch }), ...(spec.tagged === true && { tagged: true }) };
  return { node, role: 'interface', segment, given, auto: true, mac, ...(impairment !== undefined && { impairment }), origin, ...at };
}

/** Reads `auto`, an address, or a list of them. `auto` adds nothing: what is not given is derived. */
export function readGiven(spec: string | readonly string[] | undefined, origin: Origin, report: Report): readonly GivenAddress[] {
  const given: GivenAddress[] = [];
  for (const { text, place } of placesOf(spec, origin)) {
    if (text === 'auto') continue;
    if (!looksLikeAddress(text)) {
      report.error('bad-address', place, `\`${text}\` is not an IPv4 or IPv6 address`, {
        remedy: 'Write an address such as `10.1.0.10`, or `auto`.',
      });
      continue;
    }
    const address = readAddress(text, place, report);
    if (address === undefined) continue;
    const other = given.find((one) => one.address.family === address.family && one.address.value === address.value);
    if (other !== undefined) {
      report.error('address-twice', place, `\`${text}\` is given twice`, {
        remedy: 'Leave one out.',
        related: [{ message: 'the first', origin: other.origin }],
      });
    } else given.push({ address, origin: place });
  }
  return given;
}

function readMac(text: string, origin: Origin, report: Report): string | undefined {
  const parsed = parseMac(text);
  if (parsed.ok) return parsed.value;
  const why = {
    syntax: `\`${text}\` is not a MAC address`,
    multicast: `\`${text}\` is a multicast MAC address, which no interface can have`,
    zero: 'a MAC address of zeros is none',
  }[parsed.fault];
  const remedy = parsed.fault === 'multicast' ? 'Make the first two digits even, such as `02`.' : 'Write one such as `02:00:00:00:00:0a`.';
  report.error('bad-mac', origin, why, { remedy });
  return undefined;
}
