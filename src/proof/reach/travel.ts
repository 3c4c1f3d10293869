/** Packets on a wire, on their way to whoever takes them in. */
import { groupBy } from '../../collection/group-by.ts';
import { type Interval, merged } from '../../resource/ruleset/interval.ts';
import type { Station } from '../path/model.ts';
import type { Diagram, Node } from '../sets/diagram.ts';
import { union } from '../sets/stretches.ts';
import type { Situation } from './hooks.ts';
import type { Hop } from './hop.ts';

export interface Travel {
  readonly station: Station;
  readonly members: readonly Station[];
  readonly device: string;
  readonly before: Hop['before'];
  readonly packets: Node;
  readonly state: Situation['state'];
  readonly sources: readonly Interval[];
  readonly hops: number;
}

/** Those that come to the same interface of the same station as one: rules are asked once for all of them. */
export function together(diagram: Diagram, travels: readonly Travel[]): readonly Travel[] {
  const groups = groupBy(travels, ({ station, device, state, hops, members }) =>
    [station.namespace, device, state, hops, members.length].join(' '),
  );
  return [...groups.values()].flatMap((group) => {
    const [first, ...others] = group;
    if (first === undefined || others.length === 0) return group;
    return [
      {
        ...first,
        before: group.flatMap(({ before }) => before),
        packets: union(
          diagram,
          group.map(({ packets }) => packets),
        ),
        sources: merged(group.flatMap(({ sources }) => sources)),
      },
    ];
  });
}
