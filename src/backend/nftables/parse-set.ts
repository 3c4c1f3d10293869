/** Named sets and maps, from libnftables-json(5). Undefined: there are no words for it. */
import { SOME_BITS } from '../../resource/ruleset/canonical-set.ts';
import type { DataType } from '../../resource/ruleset/field.ts';
import type { NamedSet, SetElement } from '../../resource/ruleset/named-set.ts';
import type { Atom } from '../../resource/ruleset/value.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { all, parseAtom, parseKey, parseVerdict } from './parse-value.ts';

const dataTypes: ReadonlySet<string> = new Set<DataType>([
  'ipv4_addr',
  'ipv6_addr',
  'ether_addr',
  'ether_type',
  'inet_proto',
  'inet_service',
  'ifname',
  'mark',
  'ct_state',
  'icmp_type',
  'icmpv6_type',
]);

const isDataType = (name: string): name is DataType => dataTypes.has(name);

function typesIn(json: unknown): readonly DataType[] | undefined {
  const names = isArray(json) ? json.map(String) : String(json).split(' . ');
  return all(names.map((name) => (name === 'integer' ? SOME_BITS : isDataType(name) ? name : undefined)));
}

export function parseSet(json: JsonObject): NamedSet | undefined {
  const { name, type, map, flags = [], elem = [], stmt = [] } = json;
  const known = ['family', 'name', 'table', 'handle', 'type', 'map', 'flags', 'elem', 'stmt'];
  const types = typesIn(type);
  if (typeof name !== 'string' || types === undefined || !Object.keys(json).every((key) => known.includes(key))) return undefined;
  if (!isArray(flags) || !isArray(elem) || !isArray(stmt)) return undefined;
  if (flags.some((flag) => flag !== 'interval') || !stmt.every(isCounter)) return undefined;
  const base = { name, types, interval: flags.length > 0, counter: stmt.length > 0 };
  if (map === undefined) {
    const elements = all(elem.map((item) => elementIn(item, types)));
    return elements === undefined ? undefined : { kind: 'set', ...base, elements };
  }
  const pairs = all(elem.map((item) => pairIn(item, types)));
  if (pairs === undefined) return undefined;
  if (map === 'verdict') {
    const elements = all(
      pairs.map(({ element, data }) => {
        const verdict = parseVerdict(data);
        return verdict === undefined ? undefined : { ...element, verdict };
      }),
    );
    return elements === undefined ? undefined : { kind: 'verdict-map', ...base, elements };
  }
  const data = typesIn(map);
  const elements =
    data === undefined
      ? undefined
      : all(
          pairs.map((pair) => {
            const value = dataIn(pair.data, data);
            return value === undefined ? undefined : { ...pair.element, value };
          }),
        );
  return data === undefined || elements === undefined ? undefined : { kind: 'map', ...base, data, elements };
}

const isCounter = (json: unknown): boolean => isObject(json) && 'counter' in json;

function pairIn(json: unknown, types: readonly DataType[]): { readonly element: SetElement; readonly data: unknown } | undefined {
  const element = isArray(json) ? elementIn(json[0], types) : undefined;
  return element === undefined || !isArray(json) ? undefined : { element, data: json[1] };
}

/** With more to say than its key, an element is an object. */
function elementIn(json: unknown, types: readonly DataType[]): SetElement | undefined {
  const full = isObject(json) && isObject(json['elem']) ? json['elem'] : undefined;
  if (full !== undefined && !Object.keys(full).every((key) => ['val', 'comment', 'counter'].includes(key))) return undefined;
  const key = parseKey(full === undefined ? json : full['val'], types);
  const comment = full?.['comment'];
  return key === undefined ? undefined : { key, comment: typeof comment === 'string' ? comment : '' };
}

function dataIn(json: unknown, types: readonly DataType[]): readonly Atom[] | undefined {
  const parts = isObject(json) && isArray(json['concat']) ? json['concat'] : [json];
  return parts.length === types.length ? all(parts.map((part, place) => parseAtom(part, types[place] ?? 'mark'))) : undefined;
}
