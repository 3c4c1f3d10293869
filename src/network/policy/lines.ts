import { type RangeSet, rangeSet } from '../../collection/range-set.ts';
import type { AddressSpace } from '../addresses/address-space.ts';
import type { Service } from '../service.ts';
import type { PolicyLine } from './policy-line.ts';

/** Sets by number: equal ones have the same. */
export interface SetTable {
  readonly sets: readonly RangeSet[];
  readonly numberOf: (set: RangeSet) => number;
}

/** A line as the packets that it speaks of, whichever words it uses for them. */
export interface MeantLine {
  readonly line: PolicyLine;
  /** Numbers in the tables. `machines` is `from` without the routers in a network. */
  readonly from: number;
  readonly machines: number;
  readonly to: number;
  readonly services: number;
}

export interface MeantPolicy {
  readonly lines: readonly MeantLine[];
  readonly from: SetTable;
  readonly machines: SetTable;
  readonly to: SetTable;
  readonly services: SetTable;
}

/** The line of numbers that services are ranges of: ports of TCP, ports of UDP, ICMP echo, everything else. */
const FIRST_OF = { tcp: 0, udp: 0x10000, icmp: 0x20000 } as const;
export const ALL_SERVICES: RangeSet = [0, 0x20002];

export function meantPolicy(lines: readonly PolicyLine[], space: AddressSpace): MeantPolicy {
  const [from, machines, to, services] = [setTable(), setTable(), setTable(), setTable()];
  return {
    lines: lines.map((line) => ({
      line,
      from: from.numberOf(space.sources(line.from)),
      machines: machines.numberOf(space.destinations(line.from)),
      to: to.numberOf(space.destinations(line.to)),
      services: services.numberOf(line.services === 'any' ? ALL_SERVICES : servicesSet(line.services)),
    })),
    from,
    machines,
    to,
    services,
  };
}

export function servicesSet(services: readonly Pick<Service, 'protocol' | 'ports'>[]): RangeSet {
  return rangeSet(
    services.map(({ protocol, ports }) => [FIRST_OF[protocol] + (ports?.from ?? 0), FIRST_OF[protocol] + (ports?.to ?? 0) + 1]),
  );
}

function setTable(): SetTable {
  const sets: RangeSet[] = [];
  const numbers = new Map<string, number>();
  const same = new Map<RangeSet, number>();
  return {
    sets,
    numberOf(set) {
      const known = same.get(set);
      if (known !== undefined) return known;
      const key = set.join(' ');
      const number = numbers.get(key) ?? sets.push(set) - 1;
      numbers.set(key, number);
      same.set(set, number);
      return number;
    },
  };
}
