import type { ResourceBase } from './resource.ts';

/** A network namespace (namespaces(7)); its name is what `ip netns` shows, `corp.web`. */
export interface Namespace extends ResourceBase {
  readonly kind: 'namespace';
  readonly name: string;
}
