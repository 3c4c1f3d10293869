/** The hooks of netfilter in one namespace, for sets of packets. */
import type { Family } from '../../address/ip.ts';
import type { Chain, Hook } from '../../resource/ruleset/chain.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import type { Interval } from '../../resource/ruleset/interval.ts';
import { codeOf, nameCode } from '../field-codes.ts';
import type { Packet } from '../packet.ts';
import type { Program, Special } from '../path/flows/program.ts';
import { families, hooked } from '../path/hooks.ts';
import type { RuledTable, Station } from '../path/model.ts';
import { type Decisions, decide, type Entered, type Translated } from '../sets/chain.ts';
import type { Context } from '../sets/context.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { PacketSets } from '../sets/packet-sets.ts';
import { union } from '../sets/stretches.ts';
import type { Ground } from './ground.ts';
import type { Space } from './space.ts';

/** What is known of packets at one place, of all of them the same. */
export interface Situation {
  readonly family: Family;
  readonly state: Packet['state'];
  readonly direction: 'original' | 'reply';
  /** They are answers, and kept as what they answer. */
  readonly turned?: boolean;
  /** Whether their destination has been changed. */
  readonly dnat: boolean;
  /** The hop limit that they have. */
  readonly hops: number;
  /** All sources that there may be, in order and apart; looked for in the packets unless given. */
  readonly sources?: readonly Interval[];
  readonly inDevice?: string;
  readonly outDevice?: string;
  /** Of frames on a bridge. */
  readonly etherSource?: string;
  readonly etherDestination?: string;
}

/** Told of packets on their way through the rules of a place. */
export interface Witness {
  /** They come into a chain from another one. */
  readonly entered?: (at: { readonly station: Station; readonly chain: string; readonly situation: Situation }, packets: Node) => void;
  /** They are to be translated, as they come to it. */
  readonly translated?: (
    at: { readonly station: Station; readonly ruled: RuledTable; readonly situation: Situation },
    translated: Translated,
  ) => void;
}

export interface Range {
  readonly bridge?: boolean;
  /** Priorities: from the first on, up to but not with the second. */
  readonly from?: number;
  readonly to?: number;
}

export class Hooks {
  readonly #space: Space;
  readonly #ground: Ground;
  readonly #witness: Witness | undefined;

  constructor(ground: Ground, witness?: Witness) {
    this.#space = ground.space;
    this.#ground = ground;
    this.#witness = witness;
  }

  /** What filters let pass of the packets. */
  filter(station: Station, hook: Hook['hook'], situation: Situation, packets: Node, range: Range = {}): Node {
    const { bridge = false, from = Number.NEGATIVE_INFINITY, to = Number.POSITIVE_INFINITY } = range;
    let on = packets;
    for (const { ruled, chain } of hooked(station, hook, bridge ? ['bridge'] : families[situation.family])) {
      if (on === EMPTY) return EMPTY;
      const { type, priority } = chain.hook;
      if (type !== 'nat' && from <= priority && priority < to) on = this.#decide(station, ruled, chain, situation, on).accepted;
    }
    return on;
  }

  /** What flows let out of the port that the packets are asked about as they came, and those of which they make something else. */
  switched(
    station: Station,
    { table, evaluator, special }: Program,
    chain: Chain,
    situation: Situation,
    packets: Node,
  ): { readonly accepted: Node; readonly special: readonly { readonly special: Special; readonly packets: Node }[] } {
    if (packets === EMPTY) return { accepted: EMPTY, special: [] };
    const met: { readonly special: Special; readonly packets: Node }[] = [];
    const entered: Entered = (name, coming) => {
      const one = special.get(name);
      if (one !== undefined) met.push({ special: one, packets: coming });
    };
    return { ...this.#decide(station, { table, evaluator }, chain, situation, packets, entered), special: met };
  }

  /** What chains for translation ask for, and the packets that none of them speaks of. */
  translate(
    station: Station,
    hook: Hook['hook'],
    situation: Situation,
    packets: Node,
  ): { readonly asked: readonly { readonly ruled: RuledTable; readonly translated: Translated }[]; readonly rest: Node } {
    const { diagram } = this.#space;
    const asked: { readonly ruled: RuledTable; readonly translated: Translated }[] = [];
    let rest = packets;
    for (const { ruled, chain } of hooked(station, hook, families[situation.family])) {
      if (rest === EMPTY || chain.hook.type !== 'nat') continue;
      const { accepted, translated } = this.#decide(station, ruled, chain, situation, rest);
      asked.push(...translated.map((one) => ({ ruled, translated: one })));
      const taken = union(
        diagram,
        translated.map((one) => one.packets),
      );
      rest = diagram.diff(accepted, taken);
    }
    return { asked, rest };
  }

  /** The sets as rules of the place see them. */
  viewOf(situation: Situation, packets: Node): PacketSets {
    return this.#space.sets.knowing(this.#contextOf(situation, false, packets));
  }

  /** By whether packets are for the namespace itself, where rules ask for that. */
  #decide(
    station: Station,
    ruled: RuledTable,
    chain: Chain,
    situation: Situation,
    packets: Node,
    also?: Entered,
  ): Pick<Decisions, 'accepted' | 'translated'> {
    const { diagram, asksLocality } = this.#space;
    const local = this.#ground.local(station, situation.family, situation.turned === true ? 'source' : 'destination');
    const parts = asksLocality
      ? [
          { local: true, packets: diagram.and(packets, local) },
          { local: false, packets: diagram.diff(packets, local) },
        ]
      : [{ local: false, packets }];
    const decided = parts.flatMap((part) => {
      if (part.packets === EMPTY) return [];
      const sets = this.#space.sets.knowing(this.#contextOf(situation, part.local, part.packets));
      const { entered, translated } = this.#witness ?? {};
      const told: Entered = (name, coming) => {
        entered?.({ station, chain: name, situation }, coming);
        also?.(name, coming);
      };
      const decisions = decide(sets, ruled.table, chain, part.packets, 'outcome', told);
      for (const one of decisions.translated) translated?.({ station, ruled, situation }, one);
      return [decisions];
    });
    return {
      accepted: union(
        diagram,
        decided.map(({ accepted }) => accepted),
      ),
      translated: decided.flatMap(({ translated }) => translated),
    };
  }

  #contextOf(situation: Situation, local: boolean, packets: Node): Context {
    const { family } = situation;
    const within = new Map<Field, readonly Interval[]>();
    const turned = situation.turned === true;
    const { saddr, daddr } = addressFields[family];
    for (const [end, field] of [
      ['source', turned ? daddr : saddr],
      ['destination', turned ? saddr : daddr],
    ] as const) {
      if (end === 'source' && situation.sources !== undefined) within.set(field, situation.sources);
      else {
        const extent = this.#space.extentOf(packets, end, family);
        if (extent !== undefined) within.set(field, [extent]);
      }
    }
    return { known: knownOf(situation, local), within, turned };
  }
}

const addressFields = {
  4: { saddr: 'ip saddr', daddr: 'ip daddr' },
  6: { saddr: 'ip6 saddr', daddr: 'ip6 daddr' },
} as const;

/** Fields that only packets of the other family have. */
const foreign: { readonly [F in Family]: readonly Field[] } = {
  4: ['ip6 saddr', 'ip6 daddr', 'ip6 nexthdr', 'ip6 length', 'ip6 hoplimit', 'icmpv6 type', 'exthdr frag', 'frag frag-off', 'frag nexthdr'],
  6: ['ip saddr', 'ip daddr', 'ip protocol', 'ip length', 'ip frag-off', 'icmp type', 'igmp type'],
};
const ARP: readonly Field[] = ['arp operation', 'arp saddr ether', 'arp saddr ip', 'arp daddr ip', 'vlan id', 'vlan type'];

const nfproto = { 4: codeOf('nf_proto', 'ipv4'), 6: codeOf('nf_proto', 'ipv6') } as const;
const etherType = { 4: codeOf('ether_type', 'ip'), 6: codeOf('ether_type', 'ip6') } as const;

function knownOf(situation: Situation, local: boolean): ReadonlyMap<Field, bigint | undefined> {
  const { family, state, dnat, hops, direction } = situation;
  const name = (device = ''): bigint => nameCode(device);
  const mac = (text: string | undefined): bigint | undefined => (text ? BigInt(`0x${text.replaceAll(':', '')}`) : undefined);
  const isTracked = state !== 'invalid' && state !== 'untracked';
  const known = new Map<Field, bigint | undefined>([
    ['iifname', name(situation.inDevice)],
    ['oifname', name(situation.outDevice)],
    ['ibrname', undefined],
    ['ether saddr', mac(situation.etherSource)],
    ['ether daddr', mac(situation.etherDestination)],
    ['ether type', etherType[family]],
    ['meta protocol', etherType[family]],
    ['meta nfproto', nfproto[family]],
    ['meta pkttype', codeOf('pkt_type', 'host')],
    ['ct state', codeOf('ct_state', state)],
    ['ct status', isTracked ? (dnat ? codeOf('ct_status', 'dnat') : 0n) : undefined],
    ['ct direction', isTracked ? codeOf('ct_dir', direction) : undefined],
    ['fib daddr type', codeOf('fib_addrtype', local ? 'local' : 'unicast')],
    ['ip6 hoplimit', BigInt(hops)],
    ['exthdr frag', 0n],
  ]);
  for (const field of [...foreign[family], ...ARP]) known.set(field, undefined);
  return known;
}
