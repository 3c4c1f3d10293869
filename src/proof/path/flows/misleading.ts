/** Flows after which others are believed to be where they are not: nothing is known of any frame then, whatever it meets itself. */
import { type Action, readAction } from '../../../openflow/action.ts';
import { type Condition, layersOf } from '../../../openflow/match.ts';
import type { Flow, FlowGroup } from '../../../resource/openflow.ts';

/** Where switches and machines do not learn from, as long as the frame is none of neighbour discovery. */
const HARMLESS: ReadonlySet<string> = new Set([
  ...['eth_dst', 'ip_src', 'ip_dst', 'ipv6_src', 'ipv6_dst', 'tp_src', 'tp_dst'],
  ...['nw_ttl', 'ip_dscp', 'ip_ecn', 'icmp_type', 'icmp_code'],
]);

/** What switches alone learn from. */
const SWITCHED: ReadonlySet<string> = new Set(['eth_src', 'vlan_vid']);

const ICMPV6 = 58;

/** What is known of a switch. */
export interface Shores {
  readonly groups: readonly FlowGroup[];
  /** Whether whoever is behind a port switches nothing. */
  readonly isShore: (port: string) => boolean;
}

/**
 * Switches learn from the sources of frames and from the VLANs that these are in; machines from ARP, and from the addresses of
 * neighbour discovery.
 *
 * @returns what it does, in words
 */
export function misleading({ actions: words }: Flow, conditions: readonly Condition[], { groups, isShore }: Shores): string | undefined {
  const { etherType, ipProtocol } = layersOf(conditions);
  const mayDiscover = (etherType === undefined || etherType === 0x86dd) && (ipProtocol === undefined || ipProtocol === ICMPV6);
  const read = actionsIn(words, groups).map((word) => ({ word, ...readAction(word) }));
  const actions = read.flatMap((one) => (one.ok ? [one.action] : []));
  const isSwitched = actions.some((one) => SWITCHES.has(one.kind) || (one.kind === 'output' && !isShore(one.port)));
  const isHarmless = ({ field }: Condition): boolean => {
    if (SWITCHED.has(field)) return !isSwitched;
    return HARMLESS.has(field) && !(mayDiscover && field === 'ipv6_src');
  };
  for (const one of read) {
    if (!one.ok) return `does ${one.word}`;
    const { action } = one;
    if (action.kind === 'in_port') return 'sends frames back to where they came from';
    if ((action.kind === 'push_vlan' || action.kind === 'pop_vlan') && isSwitched) return 'changes the VLAN of frames';
    if (action.kind === 'set_field' && !action.conditions.every(isHarmless)) return `changes frames (${action.field})`;
  }
  return undefined;
}

/** Whoever goes on with a frame may switch it. */
const SWITCHES: ReadonlySet<Action['kind']> = new Set(['normal', 'flood', 'all', 'goto_table']);

function actionsIn(words: readonly string[], groups: readonly FlowGroup[]): readonly string[] {
  return words.flatMap((word) => {
    const read = readAction(word);
    const group = read.ok && read.action.kind === 'group' ? read.action.group : undefined;
    return [word, ...groups.filter(({ id }) => id === group).flatMap(({ buckets }) => buckets.flatMap(({ actions }) => actions))];
  });
}
