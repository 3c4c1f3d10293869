/** Sets of packets of whole networks: one diagram for all tables of one or more models. */
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { lastOf } from '../../address/prefix.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Interval, merged } from '../../resource/ruleset/interval.ts';
import type { Table } from '../../resource/table.ts';
import { codeOf } from '../field-codes.ts';
import type { Model, Station } from '../path/model.ts';
import { NotFollowed } from '../path/not-followed.ts';
import type { Codes } from '../sets/address-codes.ts';
import { extentOf } from '../sets/context.ts';
import type { Diagram, Node } from '../sets/diagram.ts';
import { etherTypes, layoutOf, segmentOf, takesWholeAddresses } from '../sets/layout.ts';
import { PacketSets } from '../sets/packet-sets.ts';
import { among, intersection, union } from '../sets/stretches.ts';
import { bitsOf, FOLLOWED } from '../sets/universe.ts';
import { type Vocabulary, vocabularyOf } from '../sets/vocabulary.ts';
import { codesOf } from './landmarks.ts';

export type End = 'source' | 'destination';

/** What is known wherever rules are asked: the sets have no room for it. */
const KNOWN: ReadonlySet<Field> = new Set([
  ...(['iifname', 'oifname', 'ibrname', 'ct state', 'ct status', 'ct direction', 'fib daddr type'] as const),
  ...(['ether saddr', 'ether daddr', 'ip6 hoplimit', 'exthdr frag', 'meta pkttype'] as const),
]);

/** What packets are put to, and asked about, that is not in the models. */
interface Besides {
  /** Of other addresses nothing can be asked but as parts of a model's: no set tells them apart. */
  readonly asked?: readonly (Address | Prefix)[];
  readonly rules?: readonly Pick<Table, 'chains' | 'sets'>[];
}

export class Space {
  readonly sets: PacketSets;
  /** Whether rules ask if an address is one of the host that they are on. */
  readonly asksLocality: boolean;
  readonly #plain: { readonly [F in Family]: Node };
  readonly #beginning: { readonly [F in Family]: Node };
  readonly #messages = new Map<string, Node>();

  constructor(models: readonly Model[], { asked = [], rules = [] }: Besides = {}) {
    const tables = [...models.flatMap(({ stations }) => [...stations.values()].flatMap(tablesOf)), ...rules];
    const { fields } = vocabularyOf(tables);
    if (fields.includes('ct mark')) throw new Error('rules that look at marks of connections are not followed');
    this.asksLocality = fields.includes('fib daddr type');
    const told = fields.filter((field) => !KNOWN.has(field));
    const vocabulary: Vocabulary = { fields: [...told, 'th sport', 'th dport'], names: [] };
    const codes = takesWholeAddresses(vocabulary) ? codesOf(models, tables, asked) : undefined;
    this.sets = new PacketSets(layoutOf(vocabulary, undefined, codes), 'inet');
    this.#plain = { 4: this.keep(this.#plainOf(4)), 6: this.keep(this.#plainOf(6)) };
    this.#beginning = { 4: this.keep(this.#beginningOf(4)), 6: this.keep(this.#beginningOf(6)) };
  }

  get diagram(): Diagram {
    return this.sets.diagram;
  }

  keep(set: Node): Node {
    return this.diagram.keep(set);
  }

  /** Packets of a family in one piece, without extension headers or a mark. */
  plain(family: Family): Node {
    return this.#plain[family];
  }

  /** Those that a connection can begin with: of ICMP, questions alone. */
  beginning(family: Family): Node {
    return this.#beginning[family];
  }

  /** @throws Error where it is not known that they would be asked about */
  ranges(end: End, family: Family, ranges: readonly Interval[]): Node {
    const codes = this.#codes(family);
    const all = merged(ranges);
    return among(this.diagram, this.#bitsOf(end, family), codes === undefined ? all : all.map((range) => codes.numbers(range)));
  }

  /** From the least to the greatest address that members have; undefined for none. */
  extentOf(packets: Node, end: End, family: Family): Interval | undefined {
    const extent = extentOf(this.diagram, packets, this.#bitsOf(end, family));
    return extent === undefined ? undefined : (this.#codes(family)?.addresses(extent) ?? extent);
  }

  /** The least address that what a slot has may stand for. */
  addressIn(family: Family, number: bigint): Address {
    const codes = this.#codes(family);
    if (codes !== undefined) return { family, value: codes.addresses({ from: number, to: number }).from };
    return { family, value: family === 4 ? number >> 96n : number };
  }

  #codes(family: Family): Codes | undefined {
    return this.sets.layout.addresses?.of[family];
  }

  #bitsOf(end: End, family: Family): readonly number[] {
    const bits = bitsOf(this.sets.layout.slot(end));
    return family === 4 && this.sets.layout.addresses === undefined ? bits.slice(0, 32) : bits;
  }

  addresses(end: End, family: Family, addresses: readonly Address[]): Node {
    const own = addresses.filter((one) => one.family === family);
    return this.ranges(
      end,
      family,
      own.map(({ value }) => ({ from: value, to: value })),
    );
  }

  prefix(end: End, prefix: Prefix): Node {
    return this.ranges(end, prefix.family, [{ from: prefix.value, to: lastOf(prefix) }]);
  }

  toPorts(protocol: 'tcp' | 'udp', from: number, to: number): Node {
    return this.sets.among(['meta l4proto', 'th dport'], [[protocol, { from, to }]]);
  }

  echoRequests(family: Family): Node {
    return this.messages(family, 'echo-request');
  }

  /** ICMP messages of a type. */
  messages(family: Family, name: string): Node {
    const key = `${family} ${name}`;
    const known =
      this.#messages.get(key) ??
      this.keep(intersection(this.diagram, [this.plain(family), this.#icmp(family), this.typed(typeOf(family, name))]));
    this.#messages.set(key, known);
    return known;
  }

  /** Those whose first byte behind the network header is this one: the type of an ICMP message. */
  typed(type: number): Node {
    return among(this.diagram, this.typeBits, [{ from: BigInt(type), to: BigInt(type) }]);
  }

  /** The type of an ICMP message stands where others have half of their source port. */
  get typeBits(): readonly number[] {
    return bitsOf(this.sets.layout.slot('sport')).slice(0, 8);
  }

  #icmp(family: Family): Node {
    return this.sets.among(['meta l4proto'], [[family === 4 ? 'icmp' : 'ipv6-icmp']]);
  }

  #beginningOf(family: Family): Node {
    const { diagram } = this;
    const questions = QUESTIONS[family].map((name) => this.typed(typeOf(family, name)));
    const icmp = this.#icmp(family);
    return diagram.or(diagram.diff(this.plain(family), icmp), intersection(diagram, [this.plain(family), icmp, union(diagram, questions)]));
  }

  #plainOf(family: Family): Node {
    const { diagram, layout } = this.sets;
    const none = (bits: readonly number[]): Node => among(diagram, bits, [{ from: 0n, to: 0n }]);
    const is = (slot: string, number: number): Node => this.sets.inSlot(slot, BigInt(number), BigInt(number));
    const rules = [this.sets.all, is('protocol', etherTypes.indexOf(family === 4 ? 'ip' : 'ip6'))];
    rules.push(is('reach', (layout.slot('reach').codes?.length ?? 1) - 1));
    for (const slot of layout.slots) {
      const segment = segmentOf(slot.name);
      const isFragment = segment?.header === 'ip' && segment.offset >= 48 && segment.offset < 64;
      if (UNUSED.has(slot.name) || isFragment) rules.push(none(bitsOf(slot)));
    }
    if (family === 6 && layout.looksAt('ip6', 48, 8)) {
      const followed = FOLLOWED.map((number) => ({ from: BigInt(number), to: BigInt(number) }));
      rules.push(diagram.not(among(diagram, layout.bitsAt('ip6', 48, 8), followed)));
    }
    if (family === 4 && layout.addresses === undefined)
      for (const end of ['source', 'destination']) rules.push(none(bitsOf(layout.slot(end)).slice(32)));
    return intersection(diagram, rules);
  }
}

const tablesOf = ({ tables, programs }: Station): readonly Table[] => [
  ...tables.map(({ table }) => table),
  ...[...programs.values()].flatMap((program) => (program instanceof NotFollowed ? [] : [program.table])),
];

/** Slots of fields that are known, and of what whole packets that come from nowhere else do not have. */
const UNUSED: ReadonlySet<string> = new Set([
  ...['state', 'iifname', 'oifname', 'ibrname', 'ct status', 'ct direction', 'fib daddr type'],
  ...['exthdr frag', 'frag frag-off', 'frag nexthdr', 'meta mark', 'meta pkttype'],
]);

/** What connection tracking takes for the beginning of something (nf_conntrack_proto_icmp.c, nf_conntrack_proto_icmpv6.c). */
const QUESTIONS = {
  4: ['echo-request', 'timestamp-request', 'info-request', 'address-mask-request'],
  6: ['echo-request'],
} as const;

const typeOf = (family: Family, name: string): number => Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', name));
