/** NAT at one station, for sets of packets. */
import type { RuledTable } from '../path/model.ts';
import type { Translated } from '../sets/chain.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { image } from '../sets/rewriting.ts';
import { type Mask, rewritingsOf } from '../sets/translation.ts';
import type { Hooks, Situation } from './hooks.ts';
import type { Hop, Rewritten } from './hop.ts';
import type { Space } from './space.ts';

/** Packets at a station, with what has been done to them there. */
export interface Held {
  readonly hop: Hop;
  readonly situation: Situation;
  readonly packets: Node;
}

export class Translation {
  readonly #space: Space;
  readonly #hooks: Hooks;

  constructor(space: Space, hooks: Hooks) {
    this.#space = space;
    this.#hooks = hooks;
  }

  /** Only first packets of connections are translated. Masquerading drops what leaves where there is no address for it. */
  of(hook: 'prerouting' | 'output' | 'postrouting', what: Rewritten['what'], held: Held, masks: readonly Mask[]): readonly Held[] {
    if (held.packets === EMPTY) return [];
    const { situation, hop } = held;
    if (situation.state !== 'new' || hop.station.tables.length === 0) return [held];
    const { asked, rest } = this.#hooks.translate(hop.station, hook, situation, held.packets);
    const results: Held[] = rest === EMPTY ? [] : [{ ...held, packets: rest }];
    for (const one of asked) results.push(...this.#rewritten(held, what, one, masks));
    return results;
  }

  #rewritten(
    { hop, situation }: Held,
    what: Rewritten['what'],
    { ruled, translated }: { readonly ruled: RuledTable; readonly translated: Translated },
    masks: readonly Mask[],
  ): readonly Held[] {
    const { sets, diagram } = this.#space;
    const { family } = situation;
    const known = this.#hooks.viewOf(situation, translated.packets);
    return rewritingsOf(known, ruled.table, translated, masks).map((rewriting): Held => {
      const packets = diagram.and(image(sets, rewriting, rewriting.packets), this.#space.plain(family));
      const extent = this.#space.extentOf(packets, 'source', family);
      return {
        hop: { ...hop, rewritten: [...hop.rewritten, { what, rewriting }], isTranslated: true },
        situation: {
          ...situation,
          dnat: situation.dnat || what === 'destination',
          ...(what === 'source' && extent !== undefined && { sources: [extent] }),
        },
        packets,
      };
    });
  }
}
