/** A part of a bottle: namespaces, by the backend whose things in them are meant. */

import type { Resource } from '../resource/kinds.ts';
import { placesOf } from '../resource/places.ts';
import type { Backend } from './backend.ts';

export type Part = ReadonlyMap<Backend['name'], ReadonlySet<string>>;

export const partOf = (backend: Backend['name'], places: Iterable<string>): Part => new Map([[backend, new Set(places)]]);

/** What is in any of them. */
export function join(parts: Iterable<Part>): Part {
  const all = new Map<Backend['name'], Set<string>>();
  for (const part of parts)
    for (const [backend, places] of part) {
      const known = all.get(backend) ?? new Set<string>();
      for (const place of places) known.add(place);
      all.set(backend, known);
    }
  return all;
}

/** The smallest part that has these in it; undefined where one of them is in no place, or makes others what they are. */
export function partWith(resources: readonly Resource[], backends: readonly Backend[]): Part | undefined {
  const parts = resources.map((resource) => {
    const backend = backends.find(({ kinds }) => kinds.has(resource.kind));
    const places = placesOf(resource);
    return backend === undefined || places.length === 0 || resource.kind === 'namespace' ? undefined : partOf(backend.name, places);
  });
  return parts.every((part) => part !== undefined) ? join(parts) : undefined;
}

export function resourcesIn(part: Part, backends: readonly Backend[], resources: readonly Resource[]): readonly Resource[] {
  const placesFor = new Map(
    backends.flatMap(({ name, kinds }) => {
      const places = part.get(name);
      return places === undefined ? [] : [...kinds].map((kind) => [kind, places] as const);
    }),
  );
  return resources.filter((resource) => {
    const places = placesFor.get(resource.kind);
    return places !== undefined && placesOf(resource).some((place) => places.has(place));
  });
}
