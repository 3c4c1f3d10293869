/** Packets that no rule stops, and that get nowhere: in a circle, or where somebody has no route for them. */
import { formatAddress } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Station } from '../../proof/path/model.ts';
import type { Fate } from '../../proof/reach/leaf.ts';
import { exampleOf } from '../../proof/reach/sent-packet.ts';
import type { Space } from '../../proof/reach/space.ts';
import type { Node } from '../../proof/sets/diagram.ts';
import { nameOfNamespace } from '../explain/place-names.ts';
import { packetName } from './why-not.ts';

export interface Lost {
  readonly what: 'loop' | 'no route' | 'not forwarded';
  readonly from: string;
  /** The machine or router where it ends. */
  readonly at: string;
  /** `10.1.0.0 -> 10.9.0.1 tcp/80`. */
  readonly example: string;
}

/** Of packets that end alike at one place in one family, one is told. */
export class LostPackets {
  readonly #network: Network;
  readonly #space: Space;
  readonly #lost = new Map<string, Lost>();

  constructor(network: Network, space: Space) {
    this.#network = network;
    this.#space = space;
  }

  /** @param packets as they are sent */
  add(from: string, family: Family, fate: Fate, station: Station, packets: Node): void {
    const at = nameOfNamespace(this.#network, station.namespace);
    const what = fate === 'hop-limit' ? 'loop' : fate === 'not-forwarded' ? 'not forwarded' : 'no route';
    const key = [what, from, at, family].join(' ');
    if (this.#lost.has(key)) return;
    const example = exampleOf(this.#space, family, packets);
    if (example === undefined) return;
    const text = `${formatAddress(example.source)} -> ${formatAddress(example.destination)} ${packetName(example)}`;
    this.#lost.set(key, { what, from, at, example: text });
  }

  get all(): readonly Lost[] {
    return [...this.#lost.values()];
  }
}
