/** Statements of rules, from libnftables-json(5). Undefined: there are no words for it. */
import { widthOf } from '../../resource/ruleset/layout.ts';
import type { Nat, NatTarget, Reject, Statement } from '../../resource/ruleset/statement.ts';
import type { Key, Value } from '../../resource/ruleset/value.ts';
import { typeOf } from '../../resource/ruleset/value-type.ts';
import { matchesOf } from './headers.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { type ParsedField, parseFields } from './parse-field.ts';
import { all, parseKey, parseValue, parseVerdict } from './parse-value.ts';

export function parseStatement(json: unknown): readonly Statement[] | undefined {
  if (!isObject(json)) return undefined;
  const [name = '', ...rest] = Object.keys(json);
  if (rest.length > 0) return undefined;
  const body = json[name];
  if (name === 'match') return isObject(body) ? parseMatch(body) : undefined;
  if (name === 'vmap') return isObject(body) ? parseVerdictMap(body) : undefined;
  const one = parseOther(name, body, json);
  return one === undefined ? undefined : [one];
}

function parseOther(name: string, body: unknown, json: JsonObject): Statement | undefined {
  switch (name) {
    case 'counter':
    case 'notrack':
      return { kind: name };
    case 'masquerade':
      return body === null ? { kind: name } : undefined;
    case 'log':
      return isObject(body) ? parseLog(body) : undefined;
    case 'limit':
      return isObject(body) ? parseLimit(body) : undefined;
    case 'reject':
      return isObject(body) ? parseReject(body) : undefined;
    case 'snat':
    case 'dnat':
      return isObject(body) ? parseNat(name, body) : undefined;
    case 'mangle':
      return isObject(body) ? parseMangle(body) : undefined;
    default: {
      const verdict = parseVerdict(json);
      return verdict === undefined ? undefined : { kind: 'verdict', verdict };
    }
  }
}

/** Whether it has these keys at most: another one says something for which there are no words. */
const only = (body: JsonObject, ...keys: readonly string[]): boolean => Object.keys(body).every((key) => keys.includes(key));

const setName = (json: unknown): string | undefined => (typeof json === 'string' && json.startsWith('@') ? json.slice(1) : undefined);

function parseMatch({ op, left, right }: JsonObject): readonly Statement[] | undefined {
  const parsed = parseFields(left);
  if (parsed === undefined || (op !== '==' && op !== '!=' && op !== 'in')) return undefined;
  const fields = parsed.map(({ field }) => field);
  const before = parsed.flatMap(({ header }) => (header === undefined ? [] : matchesOf(header)));
  const set = setName(right);
  if (set !== undefined) return [...before, { kind: 'match', fields, operator: op, among: { set } }];
  const among = keysIn(right, parsed);
  return among === undefined ? undefined : [...before, { kind: 'match', fields, operator: op, among }];
}

/** One value, some in braces, or some bits. */
function keysIn(json: unknown, parsed: readonly ParsedField[]): readonly Key[] | undefined {
  const items = isArray(json) ? json : isObject(json) && isArray(json['set']) ? json['set'] : bitsIn(json);
  return all(items.map((item) => keyIn(item, parsed)));
}

function bitsIn(json: unknown): readonly unknown[] {
  return isObject(json) && isArray(json['|']) ? json['|'].flatMap(bitsIn) : [json];
}

function keyIn(json: unknown, parsed: readonly ParsedField[]): Key | undefined {
  const types = parsed.map(({ field }) => typeOf(field));
  const key = parseKey(
    isObject(json) && isObject(json['elem']) ? json['elem']['val'] : json,
    types,
    parsed.map(({ field }) => widthOf(field)),
  );
  return key === undefined ? undefined : all(key.map((value, place) => shifted(value, parsed[place]?.shift ?? 0)));
}

function shifted(value: Value, by: number): Value | undefined {
  if (by === 0) return value;
  const whole = (atom: unknown): number | undefined => {
    const number = typeof atom === 'number' ? atom / 2 ** by : Number.NaN;
    return Number.isInteger(number) ? number : undefined;
  };
  if (typeof value !== 'object') return whole(value);
  if ('prefix' in value || typeof value.to !== 'number') return undefined;
  const [from, end] = [whole(value.from), whole(value.to + 1)];
  return from === undefined || end === undefined ? undefined : { from, to: end - 1 };
}

function parseVerdictMap({ key, data }: JsonObject): readonly Statement[] | undefined {
  const parsed = parseFields(key);
  if (parsed === undefined) return undefined;
  const fields = parsed.map(({ field }) => field);
  const name = setName(data);
  const before = parsed.flatMap(({ header }) => (header === undefined ? [] : matchesOf(header)));
  if (name !== undefined) return [...before, { kind: 'vmap', fields, map: { name } }];
  if (!isObject(data) || !isArray(data['set'])) return undefined;
  const entries = all(
    data['set'].map((pair) => {
      if (!isArray(pair)) return undefined;
      const [where, verdict] = [keyIn(pair[0], parsed), parseVerdict(pair[1])];
      return where === undefined || verdict === undefined ? undefined : ([where, verdict] as const);
    }),
  );
  return entries === undefined ? undefined : [...before, { kind: 'vmap', fields, map: { entries } }];
}

function parseLog(body: JsonObject): Statement | undefined {
  const { prefix = '', group } = body;
  return only(body, 'prefix', 'group') && typeof prefix === 'string' && typeof group === 'number'
    ? { kind: 'log', prefix, group }
    : undefined;
}

function parseLimit(body: JsonObject): Statement | undefined {
  const { rate, burst = 0, per } = body;
  if (!only(body, 'rate', 'burst', 'per') || typeof rate !== 'number' || typeof burst !== 'number') return undefined;
  return per === 'second' || per === 'minute' || per === 'hour' ? { kind: 'limit', rate, per, burst } : undefined;
}

const reasons: { readonly [words: string]: Reject['with'] } = {
  'icmpx port-unreachable': 'port-unreachable',
  'icmpx admin-prohibited': 'admin-prohibited',
  'icmpx host-unreachable': 'host-unreachable',
  'icmpx no-route': 'no-route',
  'icmp port-unreachable': 'port-unreachable',
  'icmp admin-prohibited': 'admin-prohibited',
  'icmp host-unreachable': 'host-unreachable',
  'icmp net-unreachable': 'no-route',
  'icmpv6 port-unreachable': 'port-unreachable',
  'icmpv6 admin-prohibited': 'admin-prohibited',
  'icmpv6 addr-unreachable': 'host-unreachable',
  'icmpv6 no-route': 'no-route',
};

function parseReject({ type, expr }: JsonObject): Statement | undefined {
  const reason = type === 'tcp reset' ? type : reasons[`${String(type)} ${String(expr)}`];
  return reason === undefined ? undefined : { kind: 'reject', with: reason };
}

function parseNat(kind: Nat['kind'], body: JsonObject): Statement | undefined {
  const { addr, port } = body;
  // Of a table that has one family, nft does not say it.
  const { family = typeof addr === 'string' && addr.includes(':') ? 'ip6' : 'ip' } = body;
  if (!only(body, 'family', 'addr', 'port') || (family !== 'ip' && family !== 'ip6')) return undefined;
  if (isObject(addr) && isObject(addr['map']) && port === undefined) {
    const [parsed, map] = [parseFields(addr['map']['key']), setName(addr['map']['data'])];
    return parsed === undefined || map === undefined ? undefined : { kind, family, to: { fields: parsed.map(({ field }) => field), map } };
  }
  if (addr !== undefined && typeof addr !== 'string') return undefined;
  const ports = port === undefined ? undefined : parsePorts(port);
  if (port !== undefined && ports === undefined) return undefined;
  return { kind, family, to: { ...(addr === undefined ? {} : { address: addr }), ...(ports === undefined ? {} : { port: ports }) } };
}

function parsePorts(json: unknown): NatTarget['port'] | undefined {
  const value = parseValue(json, 'inet_service');
  return typeof value === 'number' || (typeof value === 'object' && 'from' in value) ? value : undefined;
}

function parseMangle({ key, value }: JsonObject): Statement | undefined {
  if (!isObject(key)) return undefined;
  const option = key['tcp option'];
  if (isObject(option)) {
    if (option['name'] !== 'maxseg' || option['field'] !== 'size') return undefined;
    if (typeof value === 'number') return { kind: 'maxseg', size: value };
    return isObject(value) && isObject(value['rt']) && value['rt']['key'] === 'mtu' ? { kind: 'maxseg', size: 'rt mtu' } : undefined;
  }
  const field = parseFields(key)?.[0]?.field ?? metaTrace(key);
  if (typeof value !== 'number' || (field !== 'meta mark' && field !== 'ct mark' && field !== 'meta nftrace')) return undefined;
  return { kind: 'set', field, value };
}

/** Can be set only, so it is no field. */
const metaTrace = ({ meta }: JsonObject): 'meta nftrace' | undefined =>
  isObject(meta) && meta['key'] === 'nftrace' ? 'meta nftrace' : undefined;
