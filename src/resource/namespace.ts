import type { Kind } from './kind.ts';
import { namespaceKey, type ResourceBase } from './resource.ts';

/** A network namespace (namespaces(7)); its name is what `ip netns` shows, `corp.web`. */
export interface Namespace extends ResourceBase {
  readonly kind: 'namespace';
  readonly name: string;
}

export const namespaceKind: Kind<Namespace> = {
  identity: ({ name }) => namespaceKey(name),
  provides: ({ name }) => [namespaceKey(name)],
  requires: () => [],
  goesWith: () => [],
  differences: () => [],
  describe: ({ name }) => `netns ${name}`,
};
