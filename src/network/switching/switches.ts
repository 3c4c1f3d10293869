import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { SwitchSpec } from '../../spec/schema/switch.ts';
import { compareText } from '../broadcast-domains.ts';
import type { Leg } from '../legs.ts';
import type { Names } from '../names.ts';
import type { SegmentVlan } from '../network.ts';
import type { Report } from '../report.ts';
import { largestMtu, type SegmentDraft, switchOf } from '../segments.ts';
import { checkSwitch } from './check-switch.ts';
import type { Switch } from './switch.ts';
import { readTrunks, type TrunkDraft } from './trunks.ts';

/** The switches that the file names, the cables between them, and which VLAN of them each network is, by its name. */
export interface Switching {
  readonly switches: readonly Switch[];
  readonly trunks: readonly TrunkDraft[];
  readonly vlans: ReadonlyMap<string, SegmentVlan>;
}

/** The switch that a leg is plugged into, where its network has others than its own. */
export const switchAt = ({ segment, switch: chosen }: Leg, { vlans }: Switching): string | undefined =>
  chosen ?? vlans.get(segment)?.switches[0];

const LARGEST_VLAN = 4094;

/** Seconds that Open vSwitch takes. */
const LEAST_AGEING = 15;
const LONGEST_AGEING = 3600;

export function readSwitches(file: BottleFile, segments: readonly SegmentDraft[], names: Names, report: Report): Switching {
  const vlans = numbered(segments, names, report);
  const on = (name: string): readonly SegmentDraft[] => segments.filter((segment) => vlans.get(segment.name)?.switches.includes(name));
  const switches = Object.entries(file.switches ?? {}).map(([name, spec]) => readSwitch(name, spec, on(name), report));
  return { switches, trunks: readTrunks(file, on, names, report), vlans };
}

/** Networks without a number get one that nobody else has, so that none can meet another on a trunk that has no tag for it. */
function numbered(segments: readonly SegmentDraft[], names: Names, report: Report): ReadonlyMap<string, SegmentVlan> {
  const taken = new Set(segments.flatMap(({ spec }) => ('vlan' in spec && spec.vlan !== undefined ? [spec.vlan] : [])));
  const vlans = new Map<string, SegmentVlan>();
  let free = 1;
  // By name, so that nothing hangs on the order of the file.
  for (const segment of segments.toSorted((a, b) => compareText(a.name, b.name))) {
    const { name, spec, origin } = segment;
    const vlan = 'vlan' in spec ? spec.vlan : undefined;
    if (segment.switches.length === 0) {
      if (vlan !== undefined)
        report.error('switch-key', [...origin, 'vlan'], '`vlan` goes with `switch` only: alone on a switch, a network needs no number', {
          at: 'key',
          remedy: 'Add `switch:` with the switch that it shares with others, or leave `vlan` out.',
        });
      continue;
    }
    const known = segment.switches.filter((text, index) => checkSwitch(text, switchOrigin(segment, index), 'value', names, report));
    checkKeys(segment, report);
    if (known.length < segment.switches.length) continue;
    if (vlan === undefined) while (taken.has(free) && free < LARGEST_VLAN) free += 1;
    const id = vlan ?? free;
    taken.add(id);
    vlans.set(name, { id, switches: segment.switches });
  }
  return vlans;
}

function switchOrigin({ spec, origin }: SegmentDraft, index: number): Origin {
  const place = [...origin, 'switch'];
  return 'switch' in spec && typeof spec.switch === 'string' ? place : [...place, index];
}

/** What is the switch's to say, or cannot be together with one. */
function checkKeys({ spec, origin, mode, overlay }: SegmentDraft, report: Report): void {
  for (const key of ['stp', 'ageing'] as const) {
    if (key in spec && (spec as SwitchSpec)[key] !== undefined)
      report.error('switch-key', [...origin, key], `\`${key}\` is for the switch to say that the network is on`, {
        at: 'key',
        remedy: 'Write it under `switches:`.',
      });
  }
  if (overlay !== undefined)
    report.error('switch-key', [...origin, 'switch'], '`switch` does not go with `overlay`: an overlay has no switch', {
      at: 'key',
      remedy: 'Leave one of the two out.',
    });
  if (mode.kind === 'macvlan')
    report.error(
      'switch-key',
      [...origin, 'switch'],
      '`switch` does not go with a macvlan: its machines sit on the interface of the host itself',
      {
        at: 'key',
        remedy: `Set \`attach: { interface: ${mode.parent}, by: veth }\`.`,
      },
    );
}

function readSwitch(name: string, spec: SwitchSpec, on: readonly SegmentDraft[], report: Report): Switch {
  const origin = ['switches', name];
  checkApart(name, on, report);
  for (const { shared, name: segment, origin: place } of on) {
    if (!shared || (spec.type ?? 'auto') === 'linux') continue;
    report.error(
      'shared-unguarded',
      [...place, 'shared'],
      `\`${segment}\` can be guarded on a Linux bridge only, and the switch \`${name}\` may be another`,
      {
        remedy: `Set \`type: linux\` for \`${name}\`.`,
        related: [{ message: `the switch \`${name}\``, origin, at: 'key' }],
      },
    );
  }
  const filtering = on.length > 1 || on.some((segment) => 'vlan' in segment.spec && segment.spec.vlan !== undefined);
  checkAgeing(name, spec, filtering, report);
  if (on.length === 0)
    report.warn('unused-switch', origin, `no network is on the switch \`${name}\``, {
      at: 'key',
      remedy: 'Write `switch:` under a network, or take it out.',
    });
  return {
    name,
    type: spec.type ?? 'auto',
    filtering,
    ...switchOf(spec),
    mtu: largestMtu(on),
    controllers: [],
    mirrors: [],
    ...(spec.machine !== undefined && { machine: spec.machine }),
    origin,
  };
}

/** Open vSwitch silently takes the nearest time that it can (ovs-vswitchd.conf.db(5), mac-aging-time). */
function checkAgeing(name: string, { type = 'auto', ageing = LEAST_AGEING }: SwitchSpec, filtering: boolean, report: Report): void {
  if (type === 'linux' || (type === 'auto' && !filtering)) return;
  if (Number.isInteger(ageing) && ageing >= LEAST_AGEING && ageing <= LONGEST_AGEING) return;
  report.error(
    'switch-ageing',
    ['switches', name, 'ageing'],
    `a switch of Open vSwitch${type === 'auto' ? `, which \`${name}\` may be,` : ''} cannot remember a MAC address for ${ageing} seconds`,
    { remedy: `Write a whole number from ${LEAST_AGEING} to ${LONGEST_AGEING}, or \`type: linux\`.` },
  );
}

/** Frames of two networks that have the same number, or none, could not be told apart. */
function checkApart(name: string, on: readonly SegmentDraft[], report: Report): void {
  const numbers = new Map<number | undefined, SegmentDraft>();
  for (const segment of on) {
    const vlan = 'vlan' in segment.spec ? segment.spec.vlan : undefined;
    const other = numbers.get(vlan);
    if (other === undefined) {
      numbers.set(vlan, segment);
      continue;
    }
    const message = vlan === undefined ? 'have no `vlan`' : `are VLAN ${vlan}`;
    report.error(
      'vlan-twice',
      [...segment.origin, vlan === undefined ? 'switch' : 'vlan'],
      `\`${other.name}\` and \`${segment.name}\` both ${message} on the switch \`${name}\``,
      {
        remedy: vlan === undefined ? 'Give one of them a `vlan`, from 1 to 4094.' : 'Give one of them another, from 1 to 4094.',
        related: [
          {
            message: `\`${other.name}\``,
            origin: vlan === undefined ? other.origin : [...other.origin, 'vlan'],
            ...(vlan === undefined && { at: 'key' as const }),
          },
        ],
      },
    );
  }
}
