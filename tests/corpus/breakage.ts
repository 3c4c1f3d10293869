/** Ways to break the form of a file in one place, as people do. */

type Json = null | boolean | number | string | readonly Json[] | JsonMap;
interface JsonMap {
  readonly [key: string]: Json;
}

/** Where in a file: the keys that lead to it. */
type Path = readonly string[];

export interface Breakage {
  readonly what: string;
  /** YAML, of which JSON is a part. */
  readonly text: string;
}

/** Texts that stand for what JSON cannot say. */
const alias = '@alias';
const again = '@again:';

const wrongValues: readonly Json[] = [null, 5, true, 'text', [], [5], alias];
const wrongParts: readonly Json[] = [{}, { zzz: 1 }, [{ name: 'zzz' }]];

/** A file that is broken in one place, in one of the ways that fit there. Some are right in form all the same. */
export function breakageOf(file: unknown, place: number, way: number): Breakage {
  const root = file as JsonMap;
  const places = placesIn(root, []);
  const path = places[place % places.length] ?? [];
  const ways = broken(root, path);
  const { what, value } = ways[way % ways.length] ?? { what: 'nothing', value: root };
  return { what: `${what} at ${path.join('.') || 'the top'}`, text: textOf(value) };
}

function textOf(value: Json): string {
  return JSON.stringify(value).replaceAll(`"${alias}"`, '*alias').replaceAll('"<<":', '<<: ').replaceAll(`"${again}`, '"');
}

function placesIn(value: Json, path: Path): readonly Path[] {
  if (!isMap(value)) return [path];
  return [path, ...Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key]))];
}

function broken(root: JsonMap, path: Path): readonly { readonly what: string; readonly value: Json }[] {
  const here = at(root, path);
  const inside = isMap(here) ? insideMap(here).map(({ what, value }) => ({ what, value: set(root, path, value) })) : [];
  const key = path.at(-1);
  if (key === undefined || here === undefined) return inside;
  const parent = path.slice(0, -1);
  const moved = without(root, path);
  const renamed = (name: string) => ({ what: `renamed ${name}`, value: add(moved, parent, name, here) });
  const siblings = Object.entries((at(root, parent) ?? {}) as JsonMap).filter(
    ([name, one]) => name !== key && isMap(one) && !takesAnyKey(name),
  );
  return [
    ...inside,
    ...(path.length > 1 ? [...wrongValues, ...wrongParts] : wrongValues).map((value) => ({
      what: `became ${JSON.stringify(value)}`,
      value: set(root, path, value),
    })),
    ...[`${key}x`, key.toUpperCase(), `${key}_`, `${key}:auto`].map(renamed),
    { what: 'twice', value: add(root, parent, again + key, here) },
    ...parent.map((_, depth) => ({ what: `moved to depth ${depth}`, value: add(moved, path.slice(0, depth), key, here) })),
    ...parent.map((_, depth) => ({ what: `repeated at depth ${depth}`, value: add(root, path.slice(0, depth), key, here) })),
    ...siblings.map(([name]) => ({ what: `moved into ${name}`, value: add(moved, [...parent, name], key, here) })),
    ...(isMap(here)
      ? [
          {
            what: 'spilled',
            value: Object.entries(here).reduce<Json>((all, [name, one]) => add(all, parent, name, one), set(root, path, null)),
          },
        ]
      : []),
  ];
}

function insideMap(here: JsonMap): readonly { readonly what: string; readonly value: Json }[] {
  const entries = Object.entries(here);
  const [first, ...others] = entries;
  return [
    { what: 'an unknown key', value: { ...here, zzz: 1 } },
    { what: 'an unknown part', value: { ...here, zzz: { subnet: '10.99.0.0/24' } } },
    { what: 'a merge', value: { ...here, '<<': alias } },
    { what: 'a list', value: entries.map(([name, one]) => ({ name, ...(isMap(one) ? one : {}) })) },
    ...(first && others.length > 0 ? [{ what: 'only the first', value: { [first[0]]: first[1], '<<': alias } }] : []),
  ];
}

/** Sections that take text under any key: what is moved there is wrong in meaning by itself. */
const takesAnyKey = (section: string): boolean => ['policy', 'expect', 'forwards', 'services'].includes(section);

const isMap = (value: Json | undefined): value is JsonMap => typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: Json | undefined, [key, ...deeper]: Path): Json | undefined {
  return key === undefined ? value : isMap(value) ? at(value[key], deeper) : undefined;
}

function set(value: Json, [key, ...deeper]: Path, to: Json): Json {
  return key === undefined ? to : isMap(value) ? { ...value, [key]: set(value[key] ?? {}, deeper, to) } : value;
}

function without(value: Json, [key, ...deeper]: Path): Json {
  if (key === undefined || !isMap(value)) return value;
  const { [key]: part = null, ...others } = value;
  return deeper.length === 0 ? others : { ...value, [key]: without(part, deeper) };
}

/** Another entry; one of that name is there twice then. */
function add(value: Json, path: Path, key: string, entry: Json): Json {
  const map = at(value, path);
  return isMap(map) ? set(value, path, { ...map, [Object.hasOwn(map, key) ? again + key : key]: entry }) : value;
}
