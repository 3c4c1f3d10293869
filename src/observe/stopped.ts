/** Promises about machines that are stopped: nothing can be measured at them. */
import type { Network, Node } from '../network/network.ts';
import type { Ends } from './ends.ts';
import type { Ask } from './question.ts';

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

/** The machine that a packet would be forwarded to, if it is stopped: its port is closed for as long. */
export function stoppedBehind({ probe, expected }: Ask, { forwards }: Network, stopped: ReadonlySet<string>): string | undefined {
  const { target, protocol, port, to } = probe;
  if (expected === 'silence' || target === undefined || port === undefined) return undefined;
  return forwards.find(
    (forward) =>
      stopped.has(forward.to.node) &&
      forward.at === target &&
      forward.protocol === protocol &&
      forward.ports.from <= port &&
      port <= forward.ports.to &&
      (forward.addresses.length === 0 || forward.addresses.some(({ family, value }) => family === to.family && value === to.value)),
  )?.to.node;
}

/** `web is stopped`, `web and db are stopped`. */
export const areStopped = (names: readonly string[]): string => {
  const [last = '', ...others] = names.toReversed();
  return others.length === 0 ? `${last} is stopped` : `${others.toReversed().join(', ')} and ${last} are stopped`;
};
