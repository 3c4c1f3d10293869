import type { Resource } from './kinds.ts';
import { HOST } from './resource.ts';

/** The namespaces that a resource is in; a cable is in two. What runs in a machine is its keeper's, wherever it looks to be. */
export function placesOf(resource: Resource): readonly string[] {
  switch (resource.kind) {
    case 'namespace':
      return [resource.name];
    case 'veth':
      return resource.ends.map(({ namespace }) => namespace);
    case 'bridge-port':
    case 'file':
      return [HOST];
    case 'listener':
    case 'process':
      return [];
    default:
      return [resource.namespace];
  }
}
