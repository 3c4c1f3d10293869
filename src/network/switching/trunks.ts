/** The cables between the switches of a file, and what passes them. */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { readImpairment } from '../impairment.ts';
import type { Names } from '../names.ts';
import type { Report } from '../report.ts';
import { largestMtu, type SegmentDraft } from '../segments.ts';
import type { Trunk } from './cables.ts';
import { checkSwitch } from './check-switch.ts';
import { aloneOn, readTunnel, type TunnelDraft } from './trunk-tunnels.ts';

/** A trunk before it is known from where it sends. */
export interface TrunkDraft extends Omit<Trunk, 'tunnel'> {
  readonly tunnel?: TunnelDraft;
}

/** `on` gives the networks of a switch. */
export function readTrunks(
  file: BottleFile,
  on: (name: string) => readonly SegmentDraft[],
  names: Names,
  report: Report,
): readonly TrunkDraft[] {
  const trunks = new Map<string, TrunkDraft>();
  for (const [name, { trunks: specs = {} }] of Object.entries(file.switches ?? {})) {
    for (const [other, spec] of Object.entries(specs)) {
      const { allow, native } = spec;
      const origin = ['switches', name, 'trunks', other];
      if (!checkSwitch(other, origin, 'key', names, report)) continue;
      const first = trunks.get(`${other} ${name}`);
      if (first !== undefined || other === name) {
        report.error(
          'trunk-twice',
          origin,
          other === name
            ? `the switch \`${name}\` has a trunk to itself`
            : `the trunk between \`${other}\` and \`${name}\` is there already`,
          {
            at: 'key',
            remedy: other === name ? 'Name another switch.' : 'A trunk is written at one of its two switches: leave it out here.',
            ...(first !== undefined && { related: [{ message: 'the first', origin: first.origin, at: 'key' as const }] }),
          },
        );
        continue;
      }
      const both = on(name).filter((segment) => on(other).includes(segment));
      const find = (text: string, place: Origin): readonly SegmentDraft[] => {
        const found = both.find((segment) => segment.name === text);
        if (found === undefined) reportUncarried(text, [name, other], both, place, names, report);
        return found === undefined ? [] : [found];
      };
      const carried = allow === undefined ? both : allow.flatMap((text, index) => find(text, [...origin, 'allow', index]));
      if (native !== undefined && find(native, [...origin, 'native']).length > 0 && !carried.some((one) => one.name === native))
        report.error('trunk-network', [...origin, 'native'], `\`${native}\` is not among those that the trunk lets pass`, {
          remedy: 'Add it to `allow`, or leave `native` out.',
        });
      if (carried.length === 0 && (allow ?? []).length === 0)
        report.error('trunk-network', origin, `no network is on both \`${name}\` and \`${other}\`: the trunk would carry nothing`, {
          at: 'key',
          remedy: `Write \`switch: [${name}, ${other}]\` under a network, or take the trunk out.`,
        });
      const tunnel = readTunnel(spec, origin, report);
      const impairment = readImpairment(spec.impair, [...origin, 'impair'], report);
      const plain = carried.find((segment) => isAlone(segment, [on(name), on(other)]))?.name;
      const untagged = native ?? plain ?? (tunnel === undefined ? undefined : aloneOn(carried));
      trunks.set(`${name} ${other}`, {
        ends: [name, other],
        carries: carried.map((segment) => ({ segment: segment.name, tagged: segment.name !== untagged })),
        mtu: largestMtu(carried),
        checksumOffload: carried.every(({ checksumOffload }) => checksumOffload),
        ...(tunnel !== undefined && { tunnel }),
        ...(impairment !== undefined && { impairment }),
        origin,
      });
    }
  }
  return [...trunks.values()];
}

/** A switch with a single network that has no number knows no tags: it may be one that cannot tell VLANs apart. */
const isAlone = ({ spec }: SegmentDraft, switches: readonly (readonly SegmentDraft[])[]): boolean =>
  !('vlan' in spec && spec.vlan !== undefined) && switches.some((on) => on.length === 1);

function reportUncarried(
  text: string,
  [one, other]: readonly [string, string],
  both: readonly SegmentDraft[],
  origin: Origin,
  names: Names,
  report: Report,
): void {
  if (names.segments.get(text) !== 'network')
    report.error('unknown-network', origin, `there is no network \`${text}\``, {
      remedy: names.didYouMean(
        text,
        both.map(({ name }) => name),
        'Name one that is on both switches.',
      ),
    });
  else
    report.error('trunk-network', origin, `\`${text}\` is not on both \`${one}\` and \`${other}\``, {
      remedy: `Write \`switch: [${one}, ${other}]\` under \`${text}\`, or leave it out here.`,
    });
}
