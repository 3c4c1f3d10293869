import { meets, type RangeSet, rangeSet } from '../../collection/range-set.ts';
import type { DiagnosticCode } from '../../diagnostic/codes.ts';
import type { AddressSpace } from '../addresses/address-space.ts';
import type { End } from '../end.ts';
import { type Inhabitant, within } from '../inhabitants.ts';
import type { Forward } from '../nat/translation.ts';
import type { Report } from '../report.ts';
import type { MeantLine, MeantPolicy, SetTable } from './lines.ts';
import type { PolicyLine } from './policy-line.ts';

/** By region: the only spot in it where somebody is, or that there are several. */
type Presence = ReadonlyMap<string, string>;
const SEVERAL = '';

const MOST_WARNINGS = 100;

interface Fault {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly remedy: string;
}

/**
 * Warns of lines that no packet can match: nobody is at an end, or no router is between them.
 *
 * @returns the lines that can match
 */
export function checkPresence(
  policy: MeantPolicy,
  inhabitants: readonly Inhabitant[],
  forwards: readonly Forward[],
  space: AddressSpace,
  report: Report,
): readonly MeantLine[] {
  const from = presences(policy.from, inhabitants);
  const machines = presences(policy.machines, inhabitants);
  const to = presences(policy.to, inhabitants);
  // By a forward's router, a machine is reached from its own network too.
  const targets = rangeSet(forwards.flatMap((forward) => forward.to.addresses.map(space.pointOf)).map((point) => [point, point + 1]));
  const isForwarded = remembered(policy.to, (set) => meets(targets, set));
  let warnings = 0;
  return policy.lines.filter((meant) => {
    const fault = faultOf(meant.line, from(meant.from), machines(meant.machines), to(meant.to), isForwarded(meant.to));
    if (fault === undefined) return true;
    warnings += 1;
    if (warnings <= MOST_WARNINGS) report.warn(fault.code, meant.line.origin, fault.message, { at: 'key', remedy: fault.remedy });
    return false;
  });
}

function faultOf(line: PolicyLine, everybody: Presence, machines: Presence, to: Presence, isForwarded: boolean): Fault | undefined {
  // Whoever writes a network means the machines in it, unless there are none.
  const from = machines.size > 0 ? machines : everybody;
  if (from.size === 0) return nobodyIn(line.from, false);
  if (to.size === 0) return nobodyIn(line.to, true);
  if (isForwarded || isBetween(from, to)) return undefined;
  const together = [...from].some(([region, spot]) => to.get(region) === spot);
  const ends = `\`${line.text}\``;
  if (!together) {
    return {
      code: 'policy-without-router',
      message: `${ends} never applies: there is no way from one to the other`,
      remedy: 'Join their networks with a router, or leave the line out.',
    };
  }
  return {
    code: 'policy-without-router',
    message: `${ends} never applies: both are in one network, where packets pass no router and nothing is filtered`,
    remedy:
      line.action === 'allow'
        ? 'Leave the line out: they can talk in any case.'
        : 'Put them in two networks with a router between to keep them apart.',
  };
}

function nobodyIn(end: End, isDestination: boolean): Fault {
  const code = 'nobody-in-end';
  if (end.kind === 'outside' || end.kind === 'any') {
    return {
      code,
      message: 'nobody is in `internet`: no network of the file leads outside',
      remedy: 'Give a network mode `nat`, `routed` or `bridged`, or describe a network called `internet`.',
    };
  }
  const isNetwork = end.kind === 'nodes' && end.segment !== undefined;
  if (isNetwork && isDestination) {
    return {
      code,
      message: `nobody but routers is in \`${end.text}\``,
      remedy: 'Put a machine there. A router is reached by its name only.',
    };
  }
  return {
    code,
    message: `nobody has an address in \`${end.text}\``,
    remedy: end.kind === 'prefix' ? 'Correct it, or leave the line out.' : 'Put somebody there, or leave the line out.',
  };
}

/** Whether a packet can go from a spot to another of the same region. */
function isBetween(from: Presence, to: Presence): boolean {
  for (const [region, spot] of from) {
    const other = to.get(region);
    if (other !== undefined && (spot === SEVERAL || other === SEVERAL || spot !== other)) return true;
  }
  return false;
}

function presences(table: SetTable, inhabitants: readonly Inhabitant[]): (number: number) => Presence {
  return remembered(table, (set) => {
    const found = new Map<string, string>();
    for (const index of within(inhabitants, set)) {
      const { region = '', spot = '' } = inhabitants[index] ?? {};
      const known = found.get(region);
      if (known !== spot) found.set(region, known === undefined ? spot : SEVERAL);
    }
    return found;
  });
}

function remembered<Value>({ sets }: SetTable, find: (set: RangeSet) => Value): (number: number) => Value {
  const known = new Map<number, Value>();
  return (number) => {
    const value = known.get(number) ?? find(sets[number] ?? []);
    known.set(number, value);
    return value;
  };
}
