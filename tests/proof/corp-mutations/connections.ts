/**
 * What the rules of a place let pass of packets that belong to connections, or that it sends itself; and of those by which neighbours
 * and listeners of multicast are found, of which connection tracking keeps nothing. A connection may be there since
 * before a change, so that whatever the rules would let pass of one counts: by who comes in where and leaves where, and how it is
 * tracked. How first packets get about is asked from end to end instead.
 */
import { CONNTRACK } from '../../../src/proof/path/hooks.ts';
import type { Station } from '../../../src/proof/path/model.ts';
import type { Ground } from '../../../src/proof/reach/ground.ts';
import { Hooks, type Situation } from '../../../src/proof/reach/hooks.ts';
import { union } from '../../../src/proof/sets/stretches.ts';
import type { Found } from './found.ts';
import { placesOf } from './places.ts';

const HOPS = 64;

const tracked: readonly (readonly [string, Pick<Situation, 'state' | 'direction' | 'dnat'>])[] = (
  ['established', 'related'] as const
).flatMap((state) =>
  (['original', 'reply'] as const).flatMap((direction) =>
    [false, true].map((dnat) => [`${state}, ${direction}${dnat ? ', to a forwarded port' : ''}`, { state, direction, dnat }] as const),
  ),
);
/** Also what looks like a first packet, or like one of a connection, and is outside of its window. */
const strange = ['invalid', { state: 'invalid', direction: 'original', dnat: false }] as const;
const own = ['new, to itself', { state: 'new', direction: 'original', dnat: false }] as const;

/** RFC 4861, RFC 3810: by the hop limit that they have. */
const discovery = new Map([
  [255, ['nd-router-solicit', 'nd-router-advert', 'nd-neighbor-solicit', 'nd-neighbor-advert', 'nd-redirect']],
  [1, ['mld-listener-query', 'mld-listener-report', 'mld-listener-done', 'mld2-listener-report']],
]);

export function ofConnections(ground: Ground, station: Station): ReadonlyMap<string, Found> {
  const { space } = ground;
  const found = new Map<string, Found>();
  if (station.tables.length === 0) return found;
  const hooks = new Hooks(ground);
  for (const family of [4, 6] as const)
    for (const { where, hook, ...between } of placesOf(station, family)) {
      const isOwn = [between.inDevice, between.outDevice].includes('lo');
      for (const [what, known] of [...(isOwn ? [own] : []), strange, ...tracked]) {
        const situation: Situation = { family, hops: HOPS, ...known, ...between };
        const packets = hooks.filter(station, hook, situation, space.plain(family), { from: CONNTRACK });
        found.set(`${where}, ${what}`, { family, packets });
      }
      if (family === 4 || isOwn || hook === 'forward') continue;
      for (const [hops, names] of discovery) {
        const situation: Situation = { family, hops, state: 'untracked', direction: 'original', dnat: false, ...between };
        const messages = union(
          space.diagram,
          names.map((name) => space.messages(6, name)),
        );
        found.set(`${where}, ${hops === 1 ? 'multicast listeners' : 'neighbour discovery'}`, {
          family,
          packets: hooks.filter(station, hook, situation, messages),
        });
      }
    }
  return found;
}
