/** What values, keys and matches of nftables say of a packet, read with others' means: nothing of what is tried is used. */
import ipaddr from 'ipaddr.js';
import type { Field } from '../../../src/resource/ruleset/field.ts';
import type { NamedSet } from '../../../src/resource/ruleset/named-set.ts';
import type { Match } from '../../../src/resource/ruleset/statement.ts';
import type { Atom, Key, Value } from '../../../src/resource/ruleset/value.ts';
import { type AnyPacket, read } from './packet.ts';
import { any, between, every, is, type Truth, type Z3 } from './z3.ts';

/** From `nft describe`. */
const words: { readonly [field: string]: { readonly [word: string]: number } } = {
  'meta nfproto': { ipv4: 2, ipv6: 10 },
  'meta l4proto': { icmp: 1, tcp: 6, udp: 17, esp: 50, 'ipv6-icmp': 58, sctp: 132 },
  'ct state': { invalid: 1, established: 2, related: 4, new: 8, untracked: 64 },
  'ct status': { snat: 16, dnat: 32 },
  'ct direction': { original: 0, reply: 1 },
  'fib daddr type': { unicast: 1, local: 2, broadcast: 3 },
  'icmp type': { 'echo-reply': 0, redirect: 5, 'echo-request': 8 },
  'icmpv6 type': { 'packet-too-big': 2, 'echo-request': 128, 'nd-neighbor-solicit': 135 },
  'tcp flags': { fin: 1, syn: 2, rst: 4, ack: 16 },
};
const sameWords: { readonly [field: string]: string } = { 'ip protocol': 'meta l4proto', 'ip6 nexthdr': 'meta l4proto' };

const big = (bytes: readonly number[]): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

function code(field: Field, atom: Atom): bigint {
  if (typeof atom === 'number') return BigInt(atom);
  const word = words[sameWords[field] ?? field]?.[atom];
  if (word !== undefined) return BigInt(word);
  if (field === 'iifname' || field === 'oifname') return nameCode(atom);
  if (field.startsWith('ip ') || field.startsWith('ip6 ')) return big(ipaddr.parse(atom).toByteArray());
  if (field.startsWith('ether ')) return big(atom.split(':').map((byte) => Number.parseInt(byte, 16)));
  throw new Error(`${field} has no word ${atom}`);
}

/** IFNAMSIZ is 16. */
export const nameCode = (name: string): bigint => big([...Buffer.from(name.padEnd(16, '\0'))]);

export function extent(field: Field, value: Value): readonly [bigint, bigint] {
  if (typeof value !== 'object') return [code(field, value), code(field, value)];
  if ('from' in value) return [code(field, value.from), code(field, value.to)];
  const width = field.startsWith('ip6 ') ? 128n : 32n;
  const free = (1n << (width - BigInt(value.length))) - 1n;
  return [code(field, value.prefix), code(field, value.prefix) | free];
}

/** All fields are there. */
export const has = (z3: Z3, packet: AnyPacket, fields: readonly Field[]): Truth =>
  every(
    z3,
    fields.map((field) => read(z3, packet, field).has),
  );

/** Their values are what the key says, of fields that are there. */
export const fits = (z3: Z3, packet: AnyPacket, fields: readonly Field[], key: Key): Truth =>
  every(
    z3,
    fields.map((field, place) => {
      const value = key[place];
      if (value === undefined) throw new Error(`a key has nothing for ${field}`);
      return between(z3, read(z3, packet, field).value, ...extent(field, value));
    }),
  );

/** A field that is not there stops the rule, whatever the operator (NFT_BREAK). */
export function holds(z3: Z3, packet: AnyPacket, { fields, operator, among }: Match, sets: readonly NamedSet[]): Truth {
  const keys = 'set' in among ? keysIn(sets, among.set) : among;
  const there = has(z3, packet, fields);
  if (operator === 'in') {
    const [field] = fields;
    if (field === undefined) throw new Error('flags of no field');
    const { value } = read(z3, packet, field);
    const mask = keys.reduce((sum, [one]) => sum | (one === undefined ? 0n : extent(field, one)[0]), 0n);
    return z3.And(there, z3.Not(is(z3, value.and(mask), 0)));
  }
  const found = any(
    z3,
    keys.map((key) => fits(z3, packet, fields, key)),
  );
  return z3.And(there, operator === '!=' ? z3.Not(found) : found);
}

export function setCalled(sets: readonly NamedSet[], name: string): NamedSet {
  const set = sets.find((one) => one.name === name);
  if (set === undefined) throw new Error(`no set is called ${name}`);
  return set;
}

const keysIn = (sets: readonly NamedSet[], name: string): readonly Key[] => setCalled(sets, name).elements.map(({ key }) => key);
