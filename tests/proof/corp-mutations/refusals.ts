/** Which first packets the rules of a place refuse, and tell their senders so, by what they tell. */
import { families, hooked } from '../../../src/proof/path/hooks.ts';
import type { Station } from '../../../src/proof/path/model.ts';
import type { Ground } from '../../../src/proof/reach/ground.ts';
import { Hooks, type Situation } from '../../../src/proof/reach/hooks.ts';
import { decide } from '../../../src/proof/sets/chain.ts';
import { EMPTY } from '../../../src/proof/sets/node-table.ts';
import type { Reject, Statement } from '../../../src/resource/ruleset/statement.ts';
import type { Found } from './found.ts';
import { placesOf } from './places.ts';

const isReject = (statement: Statement): statement is Reject => statement.kind === 'reject';

export function refusalsAt(ground: Ground, station: Station): ReadonlyMap<string, Found> {
  const { space } = ground;
  const { diagram } = space;
  const found = new Map<string, Found>();
  const refuses = station.tables.some(({ table }) =>
    table.chains.some(({ rules }) => rules.some(({ statements }) => statements.some(isReject))),
  );
  if (!refuses) return found;
  const hooks = new Hooks(ground);
  for (const family of [4, 6] as const)
    for (const { where, hook, ...between } of placesOf(station, family)) {
      const situation: Situation = { family, state: 'new', direction: 'original', dnat: false, hops: 64, ...between };
      let packets = space.plain(family);
      for (const { ruled, chain } of hooked(station, hook, families[family])) {
        if (chain.hook.type === 'nat') continue;
        const { visits, accepted } = decide(hooks.viewOf(situation, packets), ruled.table, chain, packets);
        for (const { rule, matched } of visits)
          for (const statement of rule.statements) {
            if (!isReject(statement)) continue;
            const key = `${where}, ${statement.with}`;
            found.set(key, { family, packets: diagram.or(found.get(key)?.packets ?? EMPTY, matched) });
          }
        packets = accepted;
      }
    }
  return found;
}
