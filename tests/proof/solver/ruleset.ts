/** What a chain of nftables does to any packet: as nf_tables_core.c goes through rules, with the packets at each place as a formula. */
import type { Chain, Rule } from '../../../src/resource/ruleset/chain.ts';
import type { Statement } from '../../../src/resource/ruleset/statement.ts';
import type { Key } from '../../../src/resource/ruleset/value.ts';
import type { Verdict } from '../../../src/resource/ruleset/verdict.ts';
import type { Table } from '../../../src/resource/table.ts';
import { fits, has, holds, setCalled } from './conditions.ts';
import type { AnyPacket } from './packet.ts';
import { any, every, type Truth, type Z3 } from './z3.ts';

export interface Outcome {
  readonly accepted: Truth;
  readonly dropped: Truth;
  readonly rejected: Truth;
  /** By what it is done by. */
  readonly translated: ReadonlyMap<Statement, Truth>;
}

type Fate = 'accepted' | 'dropped' | 'rejected';

export function outcomeOf(z3: Z3, table: Table, chain: Chain, packet: AnyPacket): Outcome {
  const fates: Record<Fate, Truth[]> = { accepted: [], dropped: [], rejected: [] };
  const translated = new Map<Statement, Truth[]>();

  /** What is left of the packets that come to a chain: those that it says nothing of, or that it returns. */
  function through({ rules }: Chain, coming: Truth): Truth {
    let here = coming;
    const back: Truth[] = [];
    for (const rule of rules) {
      const { on, returned } = pass(rule, here);
      here = on;
      back.push(...returned);
    }
    return any(z3, [here, ...back]);
  }

  function pass({ statements }: Rule, coming: Truth): { readonly on: Truth; readonly returned: readonly Truth[] } {
    let inRule = coming;
    const next: Truth[] = [];
    const returned: Truth[] = [];
    const verdict = (given: Verdict, packets: Truth): void => {
      if (given === 'accept') fates.accepted.push(packets);
      else if (given === 'drop') fates.dropped.push(packets);
      else if (given === 'continue') next.push(packets);
      else if (given === 'return') returned.push(packets);
      else if ('jump' in given) next.push(through(chainCalled(given.jump), packets));
      // Nothing of this chain comes afterwards: it goes on where this one would return to.
      else returned.push(through(chainCalled(given.goto), packets));
    };
    for (const statement of statements) {
      switch (statement.kind) {
        case 'match': {
          const condition = holds(z3, packet, statement, table.sets);
          next.push(z3.And(inRule, z3.Not(condition)));
          inRule = z3.And(inRule, condition);
          break;
        }
        case 'vmap': {
          const { fields } = statement;
          const there = has(z3, packet, fields);
          const seen: Truth[] = [];
          for (const [key, to] of entriesOf(table, statement)) {
            const own = z3.And(there, fits(z3, packet, fields, key));
            verdict(to, every(z3, [inRule, own, z3.Not(any(z3, seen))]));
            seen.push(own);
          }
          inRule = z3.And(inRule, z3.Not(any(z3, seen)));
          break;
        }
        case 'verdict':
          verdict(statement.verdict, inRule);
          inRule = z3.Bool.val(false);
          break;
        case 'reject':
          fates.rejected.push(inRule);
          inRule = z3.Bool.val(false);
          break;
        case 'snat':
        case 'dnat':
        case 'masquerade':
          translated.set(statement, [...(translated.get(statement) ?? []), inRule]);
          fates.accepted.push(inRule);
          inRule = z3.Bool.val(false);
          break;
        case 'counter':
          break;
        default:
          throw new Error(`what ${statement.kind} does is not written here`);
      }
    }
    return { on: any(z3, [inRule, ...next]), returned };
  }

  function chainCalled(name: string): Chain {
    const found = table.chains.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no chain is called ${name}`);
    return found;
  }

  const left = through(chain, z3.Bool.val(true));
  fates[chain.hook?.policy === 'drop' ? 'dropped' : 'accepted'].push(left);
  return {
    accepted: any(z3, fates.accepted),
    dropped: any(z3, fates.dropped),
    rejected: any(z3, fates.rejected),
    translated: new Map([...translated].map(([by, packets]) => [by, any(z3, packets)])),
  };
}

/** Of entries that overlap, which the kernel would refuse in one set, the exact ones come first. */
function entriesOf({ sets }: Table, { map }: Statement & { readonly kind: 'vmap' }): readonly (readonly [Key, Verdict])[] {
  const entries = 'entries' in map ? map.entries : elementsOf(setCalled(sets, map.name));
  const isExact = ([key]: readonly [Key, Verdict]): boolean => key.every((value) => typeof value !== 'object');
  return [...entries.filter(isExact), ...entries.filter((entry) => !isExact(entry))];
}

function elementsOf(set: Table['sets'][number]): readonly (readonly [Key, Verdict])[] {
  if (set.kind !== 'verdict-map') throw new Error(`${set.name} is no verdict map`);
  return set.elements.map(({ key, verdict }) => [key, verdict]);
}
