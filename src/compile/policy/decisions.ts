/** The lines of a policy at one hook of one forwarder, as rules: whoever denies comes first, then who allows, then the rest. */
import type { Prefix } from '../../address/ip.ts';
import type { Policy } from '../../network/policy/policy-line.ts';
import type { PortRange, Service } from '../../network/service.ts';
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import { counter, verdict } from '../../resource/ruleset/statement.ts';
import type { Box, BoxEnd, BoxService } from './box.ts';
import { type LineVerdict, lookupsOf } from './lookups.ts';
import type { Addresses } from './parts.ts';
import { OTHERWISE, outcomes, verdictOf } from './permit.ts';
import { MOST_ELEMENTS, type Wide, wideRules } from './wide.ts';

/** What a line says here. */
export interface Said {
  /** Its number. */
  readonly line: number;
  readonly from: Addresses;
  readonly to: Addresses;
  readonly services: readonly Service[] | 'any';
}

export interface Decisions {
  readonly rules: readonly Rule[];
  /** That the rules lead to. */
  readonly chains: readonly Chain[];
  readonly sets: readonly NamedSet[];
}

/** @param hook what the names of maps begin with */
export function decisionsOf(hook: string, policy: Policy, said: readonly Said[], inside: readonly Prefix[]): Decisions {
  const rules: Rule[] = [];
  const chains: Chain[] = [];
  const sets: NamedSet[] = [];
  for (const outcome of outcomes) {
    const own = said.filter(({ line }) => policy.lines[line]?.action === outcome.action && policy.lines[line].log === outcome.log);
    if (own.length === 0) continue;
    const lineOf = (number: number): LineVerdict => {
      const { text, origin } = policy.lines[number] ?? { text: '', origin: [] };
      return { verdict: verdictOf(outcome, text), comment: commentOf(origin) };
    };
    const { boxes, wides } = elementsOf(own);
    const name = `${hook}-${outcome.action}${outcome.log ? '-log' : ''}`;
    const lookups = lookupsOf(name, boxes, inside, lineOf, commentOf(['policy']));
    const wide = wideRules(wides, lineOf);
    rules.push(...lookups.rules, ...wide.rules);
    chains.push(...lookups.chains);
    sets.push(...lookups.sets, ...wide.sets);
  }
  const { otherwise } = policy;
  rules.push({ statements: [counter, verdict(verdictOf(otherwise, OTHERWISE))], comment: commentOf(otherwise.origin) });
  return { rules, chains, sets };
}

function elementsOf(said: readonly Said[]): { readonly boxes: readonly Box[]; readonly wides: readonly Wide[] } {
  const boxes: Box[] = [];
  const wides: Wide[] = [];
  for (const { line, from, to, services: named } of said) {
    const services = servicesOf(named);
    for (const family of [4, 6] as const) {
      const own = (addresses: Addresses): Addresses =>
        typeof addresses === 'string' ? addresses : addresses.filter((prefix) => prefix.family === family);
      const [sources, targets] = [endsIn(own(from)), endsIn(own(to))];
      if (sources.length * targets.length * services.length > MOST_ELEMENTS) {
        wides.push({ family, from: own(from), to: own(to), services, line });
        continue;
      }
      for (const source of sources)
        for (const target of targets) for (const service of services) boxes.push({ family, from: source, to: target, service, line });
    }
  }
  return { boxes, wides };
}

const endsIn = (addresses: Addresses): readonly BoxEnd[] => (typeof addresses === 'string' ? [addresses] : addresses);

/** Ports that overlap are joined. */
function servicesOf(services: readonly Service[] | 'any'): readonly BoxService[] {
  if (services === 'any') return ['any'];
  const ranges = (['tcp', 'udp'] as const).flatMap((protocol) =>
    joinedRanges(services.flatMap((service) => (service.protocol === protocol && service.ports !== undefined ? [service.ports] : []))).map(
      (ports) => ({ protocol, ports }),
    ),
  );
  return services.some(({ protocol }) => protocol === 'icmp') ? ['echo', ...ranges] : ranges;
}

function joinedRanges(ranges: readonly PortRange[]): readonly PortRange[] {
  const joined: PortRange[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last !== undefined && range.from <= last.to) joined.splice(-1, 1, { from: last.from, to: Math.max(last.to, range.to) });
    else joined.push(range);
  }
  return joined;
}
