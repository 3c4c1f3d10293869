/** Flows and groups as ovs-ofctl(8) reads and prints them. */
import { createHash } from 'node:crypto';
import { type Flow, type FlowGroup, flowText } from '../../resource/openflow.ts';

/**
 * The first bytes of the cookies of our flows; the rest is a digest. So a flow is known again in whatever words the switch
 * tells of it, and its counters lead back to the file.
 */
const COOKIE = '6e62';

export const cookieOf = (flow: Flow): string => `${COOKIE}${createHash('sha256').update(flowText(flow)).digest('hex').slice(0, 12)}`;

export const flowLine = (flow: Flow): string => `cookie=0x${cookieOf(flow)},${flowText(flow)}`;

/** For taking away this flow and no other: its match, without what it does. */
export function strictMatch(flow: Flow): string {
  const text = flowText(flow);
  return text.slice(0, text.indexOf(' actions='));
}

/** A line of `diff-flows`, without its sign, or of `dump-flows`. */
export interface PrintedFlow {
  readonly flow: Flow;
  /** Sixteen digits; undefined for none. */
  readonly cookie: string | undefined;
  readonly packets: number;
  readonly bytes: number;
}

/** Is between the match and the actions, or before the match, and no part of either. */
const BESIDE =
  /^(cookie|duration|n_packets|n_bytes|idle_age|hard_age|idle_timeout|hard_timeout|importance|send_flow_rem|reset_counts|no_.*_counts|check_overlap)$/;

export function parseFlow(line: string): PrintedFlow {
  const [head = '', actions = ''] = cut(line.trim(), 'actions=');
  const fields = head.split(/[\s,]+/).flatMap((part) => (part === '' ? [] : [cut(part, '=')]));
  const beside = new Map(fields.filter(([name]) => BESIDE.test(name)));
  const given = new Map(fields.filter(([name]) => !BESIDE.test(name)));
  const { table = '0', priority = '32768', ...match } = Object.fromEntries([...given].map(([name, value]) => [name, unquoted(value)]));
  return {
    flow: { table: Number(table), priority: Number(priority), match, actions: actionsIn(actions) },
    cookie: beside.get('cookie')?.replace(/^0x/, '').padStart(16, '0'),
    packets: Number(beside.get('n_packets') ?? 0),
    bytes: Number(beside.get('n_bytes') ?? 0),
  };
}

/** A line of `dump-groups`; undefined for others. */
export function parseGroup(line: string): FlowGroup | undefined {
  const parts = /^\s*group_id=(\d+),type=(all|select|indirect|ff|fast_failover)(.*)$/.exec(line);
  if (parts === null) return undefined;
  const [, id, type = '', rest = ''] = parts;
  const buckets = rest.split(/,?bucket=/).slice(1);
  return {
    id: Number(id),
    type: type === 'fast_failover' ? 'ff' : (type as FlowGroup['type']),
    buckets: buckets.map((bucket) => {
      const [head, actions] = cut(bucket, 'actions=');
      const weight = /weight:(\d+)/.exec(head)?.[1];
      const port = /watch_port:("[^"]*"|[^,]+)/.exec(head)?.[1];
      return {
        actions: actionsIn(actions),
        ...(weight === undefined ? {} : { weight: Number(weight) }),
        ...(port === undefined ? {} : { watchPort: unquoted(port) }),
      };
    }),
  };
}

function cut(text: string, separator: string): readonly [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** Names of ports are printed in quotes. */
const unquoted = (text: string): string => text.replaceAll('"', '');

/** Commas within parentheses belong to one action. */
function actionsIn(text: string): readonly string[] {
  const actions: string[] = [];
  let [depth, start] = [0, 0];
  for (let at = 0; at <= text.length; at++) {
    if (text[at] === '(') depth++;
    else if (text[at] === ')') depth--;
    else if (at === text.length || (text[at] === ',' && depth === 0)) {
      actions.push(unquoted(text.slice(start, at)));
      start = at + 1;
    }
  }
  return actions.filter((action) => action !== '' && action !== 'drop');
}
