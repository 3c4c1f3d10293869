/** Addresses of switches themselves: of the host, or of the machine that the switch runs in, each in the network that it lies in. */
import { formatAddress } from '../../address/format.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { type GivenAddress, type Leg, readGiven } from '../legs.ts';
import { listed } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';

export interface OwnAddresses {
  /** By the names of networks: where the host has an address in it, that no `mode` gives it. */
  readonly ofHost: ReadonlyMap<string, Leg>;
  /** By the names of machines that switches run in. */
  readonly ofMachines: ReadonlyMap<string, readonly Leg[]>;
}

/** Which network an address lies in is clear: no two networks have addresses in common. */
export function readOwnAddresses(file: BottleFile, segments: readonly SegmentDraft[], report: Report): OwnAddresses {
  const ofHost = new Map<string, Leg>();
  const ofMachines = new Map<string, Leg[]>();
  for (const [name, { address, machine }] of Object.entries(file.switches ?? {})) {
    if (address === undefined) continue;
    const origin = ['switches', name, 'address'];
    const on = segments.filter(({ switches }) => switches.includes(name));
    const derived = [address].flat().every((text) => text === 'auto');
    const given = readGiven(address, origin, report);
    for (const [segment, own] of derived ? onlyNetwork(name, on, origin, report) : byNetwork(name, on, given, report)) {
      const place = own[0]?.origin ?? origin;
      const leg = { segment: segment.name, given: own, auto: true, mac: undefined, switch: name, origin: place };
      if (machine === undefined) {
        if (!isHostFree(segment, name, ofHost.get(segment.name), place, report)) continue;
        ofHost.set(segment.name, { ...leg, node: 'host', role: 'host' });
      } else {
        const others = ofMachines.get(machine) ?? [];
        if (!isMachineFree(file, machine, segment, others, place, report)) continue;
        ofMachines.set(machine, [...others, { ...leg, node: machine, role: 'interface' }]);
      }
    }
  }
  return { ofHost, ofMachines };
}

/** Networks in which the host has an address on a switch are what those with `mode: host-only` are. */
export const withHostOn = (segments: readonly SegmentDraft[], { ofHost }: OwnAddresses): readonly SegmentDraft[] =>
  segments.map((segment) => (ofHost.has(segment.name) ? { ...segment, mode: { kind: 'host-only' } } : segment));

type ByNetwork = ReadonlyMap<SegmentDraft, readonly GivenAddress[]>;

function byNetwork(name: string, on: readonly SegmentDraft[], given: readonly GivenAddress[], report: Report): ByNetwork {
  const found = new Map<SegmentDraft, readonly GivenAddress[]>();
  for (const one of given) {
    const segment = on.find(({ subnets }) => subnets.some((subnet) => containsAddress(subnet, one.address)));
    if (segment !== undefined) found.set(segment, [...(found.get(segment) ?? []), one]);
    else
      report.error('address-outside-subnet', one.origin, `\`${formatAddress(one.address)}\` is in no network on the switch \`${name}\``, {
        remedy: remedyOn(name, on),
      });
  }
  return found;
}

/** Where `auto` is. */
function onlyNetwork(name: string, on: readonly SegmentDraft[], origin: Origin, report: Report): ByNetwork {
  const [only, ...more] = on;
  if (only !== undefined && more.length === 0) return new Map([[only, []]]);
  report.error(
    'switch-address',
    origin,
    only === undefined
      ? `no network is on the switch \`${name}\` to have an address in`
      : `\`auto\` could be in ${listed(on.map((segment) => segment.name))}`,
    { remedy: only === undefined ? remedyOn(name, on) : 'Write an address of the network that is meant, or one of each.' },
  );
  return new Map();
}

const remedyOn = (name: string, on: readonly SegmentDraft[]): string =>
  on.length === 0
    ? `Write \`switch: ${name}\` under the network of the address.`
    : `Take one of ${listed(on.map((segment) => segment.name))}, or put its network on the switch.`;

function isHostFree(
  { name, mode, spec, origin }: SegmentDraft,
  where: string,
  other: Leg | undefined,
  place: Origin,
  report: Report,
): boolean {
  if (other !== undefined) {
    report.error('two-host-legs', place, `the host would be twice in \`${name}\`: on \`${other.switch}\` and on \`${where}\``, {
      remedy: 'Leave one out. For further addresses of one switch, write a list.',
      related: [{ message: `the address on \`${other.switch}\``, origin: other.origin }],
    });
    return false;
  }
  if (mode.kind === 'internal' && !('mode' in spec && spec.mode !== undefined)) return true;
  const written = 'mode' in spec ? (spec.mode ?? 'internal') : 'internal';
  const related = [{ message: `the mode of \`${name}\``, origin: [...origin, 'mode'] }];
  if (mode.kind === 'host-only' || mode.kind === 'nat' || mode.kind === 'routed')
    report.error('two-host-legs', place, `the host would be twice in \`${name}\`: its mode, \`${written}\`, gives it an address already`, {
      remedy: `Write the address as \`host:\` under \`${name}\`, or leave \`mode\` out.`,
      related,
    });
  else
    report.error('switch-address', place, `the host cannot have an address in \`${name}\`, whose mode is \`${written}\``, {
      remedy:
        mode.kind === 'internal'
          ? `Leave \`mode\` out, which then is \`host-only\`, or the address.`
          : 'Leave it out: the device that the network is joined with has the addresses of the host.',
      related,
    });
  return false;
}

function isMachineFree(
  file: BottleFile,
  machine: string,
  { name }: SegmentDraft,
  others: readonly Leg[],
  place: Origin,
  report: Report,
): boolean {
  const isIn = file.machines?.[machine]?.networks?.[name] !== undefined;
  const origin = isIn ? ['machines', machine, 'networks', name] : others.find(({ segment }) => segment === name)?.origin;
  if (origin === undefined) return true;
  report.error('switch-address', place, `\`${machine}\` would be twice in \`${name}\``, {
    remedy: isIn ? `Write the address there, or leave \`${name}\` out of its networks.` : 'Leave one out.',
    related: [{ message: `where it is in \`${name}\` already`, origin, ...(isIn && { at: 'key' as const }) }],
  });
  return false;
}
