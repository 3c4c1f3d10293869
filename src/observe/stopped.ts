/** Promises about machines that are stopped: nothing can be measured at them. */
import type { Node } from '../network/network.ts';
import type { Ends } from './ends.ts';

interface AtNode {
  readonly node?: Node;
}

/** Those that run. Where none is left, that is why nothing is measured. */
export function running<T extends AtNode>(ends: Ends<T>, stopped: ReadonlySet<string>): Ends<T> {
  const items = ends.items.filter(({ node }) => node === undefined || !stopped.has(node.name));
  return items.length > 0 || ends.items.length === 0 ? { ...ends, items } : { items, unmeasured: areStopped(stoppedIn(ends, stopped)) };
}

export const stoppedIn = ({ items }: Ends<AtNode>, stopped: ReadonlySet<string>): readonly string[] => [
  ...new Set(items.flatMap(({ node }) => (node !== undefined && stopped.has(node.name) ? [node.name] : []))),
];

/** `web is stopped`, `web and db are stopped`. */
export const areStopped = (names: readonly string[]): string => {
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? `${last} is stopped` : `${others.toReversed().join(', ')} and ${last} are stopped`;
};
