/** OpenFlow rules of a switch, checked: what Open vSwitch would take for something else, or not look at, is refused. */

import type { Origin } from '../../diagnostic/diagnostic.ts';
import { suggest } from '../../diagnostic/suggest.ts';
import { fields, protocols } from '../../openflow/field.ts';
import { type Condition, isThere, layersOf, protocolsOf, readWord } from '../../openflow/match.ts';
import type { FlowSpec } from '../../spec/schema/flow.ts';
import type { SwitchSpec } from '../../spec/schema/switch.ts';
import { listOf, placesOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import { type ActionContext, readBucketActions, readFlowActions } from './flow-actions.ts';
import type { SwitchPorts } from './ports.ts';
import type { FlowTables, SwitchFlow, SwitchGroup } from './switch.ts';

const PRIORITY = 32768;

/** Undefined where the switch only switches. */
export function readFlows(name: string, spec: SwitchSpec, ports: SwitchPorts, report: Report): FlowTables | undefined {
  if (spec.flows === undefined && spec.groups === undefined) return undefined;
  const origin = ['switches', name];
  const groups = (spec.groups ?? []).map((_group, index) => readGroup(spec, index, [...origin, 'groups', index], ports, report));
  const context = { ports, report, groups: new Set(groups.map(({ id }) => id)) };
  const flows = (spec.flows ?? []).map((flow, index) => readFlow(flow, [...origin, 'flows', index], context));
  // Of those with something wrong in them, less is known than they match.
  checkTwice(
    flows.filter(({ match }, index) => match.length === listOf(spec.flows?.[index]?.match).length),
    report,
  );
  const switches = flows.some(({ table, priority, match }) => table === 0 && priority === 0 && match.length === 0);
  const rest: SwitchFlow = { table: 0, priority: 0, match: [], actions: ['normal'], origin: [...origin, 'flows'] };
  return { flows: switches ? flows : [...flows, rest], groups };
}

function readFlow({ table = 0, priority = PRIORITY, match = [], actions }: FlowSpec, origin: Origin, context: ActionContext): SwitchFlow {
  const { words, conditions } = readMatch(match, [...origin, 'match'], context);
  return {
    table,
    priority,
    match: words,
    actions: readFlowActions(actions, [...origin, 'actions'], { ...context, table, conditions }),
    origin,
  };
}

interface ReadMatch {
  readonly words: SwitchFlow['match'];
  readonly conditions: readonly Condition[];
}

function readMatch(spec: string | readonly string[], origin: Origin, { ports, report }: ActionContext): ReadMatch {
  const placed = placesOf(spec, origin);
  const conditions: Condition[] = [];
  const words = placed.flatMap(({ text, place }) => {
    const word = readWord(text);
    if (!word.ok) {
      report.error('flow-match', place, word.reason, { remedy: wordRemedy(text, word.unknown ? word.name : undefined) });
      return [];
    }
    const twice = word.conditions.find((one) => conditions.some((other) => other.field === one.field && !isSame(one, other)));
    const again = word.conditions.length === 1 && word.conditions.some((one) => conditions.some((other) => other.field === one.field));
    if (twice !== undefined || again) {
      report.error('flow-match', place, `\`${text}\` says something of \`${(twice ?? word.conditions[0])?.field}\` that is said already`, {
        remedy: 'Leave one out: a frame has one value in a field.',
      });
      return [];
    }
    conditions.push(...word.conditions);
    return [{ ...word, place }];
  });
  const layers = layersOf(conditions);
  for (const { name, place } of words) {
    if (isThere(name, layers)) continue;
    report.error('flow-match', place, `\`${name}\` is looked at only in frames that have it, and nothing says that these have`, {
      remedy: `Add the protocol: ${protocolsOf(name)
        .map((one) => `\`${one}\``)
        .join(' or ')}.`,
    });
  }
  const read = words.flatMap(({ name, value, place }): SwitchFlow['match'] => {
    if (name !== 'in_port') return [{ field: name, value }];
    const port = ports.read(value, place);
    return port === undefined ? [] : [{ field: name, value: port }];
  });
  return { words: read, conditions };
}

/** @param unknown a word that is neither field nor protocol */
function wordRemedy(text: string, unknown: string | undefined): string {
  const near = unknown === undefined ? undefined : suggest(unknown, [...Object.keys(fields), ...Object.keys(protocols)]);
  if (near !== undefined) return `Did you mean \`${near}\`?`;
  if (text.includes(',')) return 'Write each field by itself: `[tcp, tcp_dst=80]`.';
  if (unknown !== undefined) return 'ovs-fields(7) has the words; docs/switches.md says which of them a file may use.';
  const [name = ''] = text.split('=');
  return Object.hasOwn(protocols, name) ? `Write \`${name}\`.` : 'ovs-fields(7) says what each field takes.';
}

const isSame = (one: Condition, other: Condition): boolean =>
  'value' in one && 'value' in other && one.value === other.value && one.mask === other.mask;

function readGroup({ groups = [] }: SwitchSpec, index: number, origin: Origin, ports: SwitchPorts, report: Report): SwitchGroup {
  const { id = 0, type = 'all', buckets = [] } = groups[index] ?? {};
  const earlier = groups.findIndex((other) => other.id === id);
  if (earlier < index)
    report.error('flow-group', [...origin, 'id'], `there are two groups ${id}`, {
      remedy: 'Give one of them another number.',
      related: [{ message: 'the first', origin: [...origin.slice(0, -1), earlier, 'id'] }],
    });
  if (type === 'indirect' && buckets.length !== 1)
    report.error('flow-group', [...origin, 'buckets'], `a group that is \`indirect\` has one bucket, and this one ${buckets.length}`, {
      remedy: 'Write `type: all`, or leave out the others.',
    });
  return {
    id,
    type,
    buckets: buckets.map(({ actions, weight, watch_port: watched }, place) => {
      const here = [...origin, 'buckets', place];
      if (type === 'ff' && watched === undefined)
        report.error('flow-group', here, 'a bucket of a group `ff` is used while a port is up, and this one does not say which', {
          remedy: 'Add `watch_port`.',
        });
      if (weight !== undefined && type !== 'select')
        report.error('flow-group', [...here, 'weight'], '`weight` is for groups whose type is `select`', {
          at: 'key',
          remedy: 'Leave it out.',
        });
      const watchPort = watched === undefined ? undefined : ports.read(watched, [...here, 'watch_port']);
      return {
        actions: readBucketActions(actions, [...here, 'actions'], { ports, report, groups: new Set() }),
        ...(weight !== undefined && { weight }),
        ...(watchPort !== undefined && { watchPort }),
      };
    }),
  };
}

/** Which of two that match the same decides would be chance. */
function checkTwice(flows: readonly SwitchFlow[], report: Report): void {
  const seen = new Map<string, SwitchFlow>();
  for (const flow of flows) {
    const words = flow.match.map(({ field, value }) => `${fields[field]?.is ?? field}=${JSON.stringify(value)}`);
    const key = `${flow.table} ${flow.priority} ${words.sort().join(' ')}`;
    const first = seen.get(key);
    if (first === undefined) seen.set(key, flow);
    else
      report.error('flow-twice', flow.origin, `two rules of table ${flow.table} and priority ${flow.priority} match the same`, {
        remedy: 'Leave one out, or give it another priority.',
        related: [{ message: 'the first', origin: first.origin }],
      });
  }
}
