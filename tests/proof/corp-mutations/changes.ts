import { formatAddress } from '../../../src/address/format.ts';
import type { Family } from '../../../src/address/ip.ts';
import { exampleOf } from '../../../src/proof/reach/sent-packet.ts';
import type { Space } from '../../../src/proof/reach/space.ts';
import type { Node } from '../../../src/proof/sets/diagram.ts';
import { EMPTY } from '../../../src/proof/sets/node-table.ts';
import type { Found } from './found.ts';
import type { Survey } from './survey.ts';

/** What opened and what closed, each with an example; nothing where no packet notices. */
export interface Changes {
  /** For somebody who begins something. */
  readonly first: readonly string[];
  /** For what belongs to a connection that is there, or that a place sends itself. */
  readonly tracked: readonly string[];
  /** For whoever is refused, and told so or not. */
  readonly told: readonly string[];
}

export function changes(space: Space, before: Survey, after: Survey): Changes {
  const { diagram } = space;
  const between = (
    one: ReadonlyMap<string, Found>,
    other: ReadonlyMap<string, Found>,
    keys: Iterable<string>,
    [more, less] = ['opened', 'closed'],
  ): readonly string[] =>
    [...new Set(keys)].flatMap((key) => {
      const family = one.get(key)?.family ?? other.get(key)?.family ?? 4;
      const [old, now] = [one.get(key)?.packets ?? EMPTY, other.get(key)?.packets ?? EMPTY];
      const say = (word: string, packets: Node): readonly string[] =>
        packets === EMPTY ? [] : [`${word}: ${key}: ${exampleText(space, family, packets)}`];
      return [...say(more, diagram.diff(now, old)), ...say(less, diagram.diff(old, now))];
    });
  return {
    first: [
      ...between(before.honest, after.honest, [...before.honest.keys(), ...after.honest.keys()]),
      // Not everybody is asked again.
      ...between(before.forged, after.forged, after.forged.keys()),
    ],
    tracked: [
      ...between(before.tracked, after.tracked, [...before.tracked.keys(), ...after.tracked.keys()]),
      ...between(before.selves, after.selves, [...before.selves.keys(), ...after.selves.keys()]),
    ],
    told: between(before.refused, after.refused, [...before.refused.keys(), ...after.refused.keys()], ['refused', 'no longer refused']),
  };
}

function exampleText(space: Space, family: Family, packets: Node): string {
  const packet = exampleOf(space, family, packets);
  if (packet === undefined) return 'a packet';
  const { source, destination, protocol, sourcePort, destinationPort, icmpType } = packet;
  const ports = sourcePort === undefined ? `type ${icmpType}` : `${sourcePort} to ${destinationPort}`;
  return `${formatAddress(source)} -> ${formatAddress(destination)}, protocol ${protocol}, ${ports}`;
}
