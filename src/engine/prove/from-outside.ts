/** What whoever is outside may begin with those inside: by the host, and from networks that the host has others in. */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Network } from '../../network/network.ts';
import { asSent } from '../../proof/reach/hop.ts';
import { sendByDoor, sendFromOutside } from '../../proof/reach/question.ts';
import { servicesIn } from '../../proof/reach/service-words.ts';
import { EMPTY } from '../../proof/sets/node-table.ts';
import { union } from '../../proof/sets/stretches.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { EngineError } from '../error.ts';
import { doorsOf, isJoined } from './doors.ts';
import { groundFor } from './ground-for.ts';

/** Somebody, or some, by their addresses. */
export interface Target {
  readonly name: string;
  readonly at: readonly (Address | Prefix)[];
}

/** Names of targets, with what may be begun with each of them; those with which it is the same in one. */
export interface Reached {
  readonly to: readonly string[];
  readonly services: readonly string[];
}

/** @throws EngineError `usage` where nothing comes from outside; NotFollowed */
export function reachedFromOutside(network: Network, resources: readonly Resource[], targets: readonly Target[]): readonly Reached[] {
  if (!network.segments.some((segment) => isJoined(segment) || segment.attachment.mode === 'nat' || segment.attachment.mode === 'routed'))
    throw new EngineError('usage', `nobody outside has a way into ${network.name}`, {
      remedy: 'Only networks whose mode is `nat`, `routed` or `bridged` are joined with others.',
    });
  const ground = groundFor(network, resources);
  const { space, model } = ground;
  const { diagram } = space;
  const doors = doorsOf(network, model);
  const addressed = ({ at }: Target, family: Family) =>
    union(
      diagram,
      at
        .filter((one) => one.family === family)
        .map((one) => ('length' in one ? space.prefix('destination', one) : space.addresses('destination', family, [one]))),
    );
  const arrived = ([4, 6] as const).map((family) => {
    const all = union(
      diagram,
      targets.map((target) => addressed(target, family)),
    );
    const wanted = diagram.and(space.beginning(family), all);
    const outcomes = [...sendFromOutside(ground, family, wanted), ...doors.map((door) => sendByDoor(ground, door, family, wanted))];
    // What the host itself takes is not the network's, though it is at an address in it.
    const leaves = outcomes.flatMap((outcome) => outcome.leaves);
    const taken = leaves.filter(({ fate, hop }) => fate === 'delivered' && hop.station.namespace !== HOST);
    const delivered = union(
      diagram,
      taken.map(({ hop, packets }) => asSent(space, hop, packets)),
    );
    return { family, delivered };
  });
  const ends = space.sets.bitsOfSlots('source', 'destination');
  const cells = groupBy(targets, (target) =>
    union(
      diagram,
      arrived.map(({ family, delivered }) => diagram.exists(diagram.and(delivered, addressed(target, family)), ends)),
    ),
  );
  return [...cells].flatMap(([asked, same]) =>
    asked === EMPTY ? [] : [{ to: same.map(({ name }) => name), services: servicesIn(space, asked) }],
  );
}
