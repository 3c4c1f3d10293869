import type { Kind } from './kind.ts';
import { namespaceKey, type ResourceBase } from './resource.ts';

/** A network namespace (namespaces(7)); its name is what `ip netns` shows, `corp.web`. */
export interface Namespace extends ResourceBase {
  readonly kind: 'namespace';
  readonly name: string;
  /** Only of what is there: the link by which `ip netns` knows it is gone. */
  readonly unlinked?: true;
}

export const namespaceKind: Kind<Namespace> = {
  identity: ({ name }) => namespaceKey(name),
  provides: ({ name }) => [namespaceKey(name)],
  requires: () => [],
  goesWith: () => [],
  differences: (before, after) =>
    before.unlinked === true && after.unlinked !== true
      ? [{ field: 'name in /run/netns', before: '', after: after.name, effect: 'live' }]
      : [],
  describe: ({ name }) => `netns ${name}`,
};
