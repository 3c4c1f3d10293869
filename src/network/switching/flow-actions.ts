/** What flows and groups do with frames, checked: Open vSwitch refuses what the frames need not have, and a bucket sends once. */
import type { Origin } from '../../diagnostic/diagnostic.ts';
import { suggest } from '../../diagnostic/suggest.ts';
import { type Action, actionNames, readAction } from '../../openflow/action.ts';
import { type Condition, hasTag, isThere, layersOf, protocolsOf } from '../../openflow/match.ts';
import { listed } from '../nodes.ts';
import { placesOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import type { SwitchPorts } from './ports.ts';
import type { SwitchAction } from './switch.ts';

const MOST_TABLE = 254;

export interface ActionContext {
  readonly ports: SwitchPorts;
  readonly report: Report;
  /** Those that there are. */
  readonly groups: ReadonlySet<number>;
}

interface Placed {
  readonly text: string;
  readonly place: Origin;
  readonly action: Action;
}

/** What is wrong with an action, and what to do about it; undefined where nothing is. */
type Fault = { readonly reason: string; readonly remedy: string } | undefined;

/** Of a flow: one after the other, with the frame as it is then. */
export function readFlowActions(
  spec: string | readonly string[],
  origin: Origin,
  context: ActionContext & { readonly table: number; readonly conditions: readonly Condition[] },
): readonly SwitchAction[] {
  const { groups, table, conditions } = context;
  let tags = hasTag(conditions) ? 1 : 0;
  return readEach(spec, origin, context, ({ action }, index, all): Fault => {
    switch (action.kind) {
      case 'drop':
        return alone(all);
      case 'group':
        return groups.has(action.group)
          ? undefined
          : {
              reason: `there is no group ${action.group}`,
              remedy: `Describe it under \`groups:\`, \`{ id: ${action.group}, buckets: … }\`.`,
            };
      case 'goto_table':
        if (action.table <= table)
          return {
            reason: `\`goto_table\` leads on only, and ${action.table} is not behind ${table}`,
            remedy: `Take a table from ${table + 1} to ${MOST_TABLE}.`,
          };
        return index === all.length - 1 ? undefined : { reason: '`goto_table` comes last', remedy: 'Write it at the end.' };
      case 'push_vlan':
        tags += 1;
        return undefined;
      case 'pop_vlan':
        tags -= 1;
        return tags < 0 ? withoutTag('pop_vlan') : undefined;
      case 'dec_ttl':
        return isThere('nw_ttl', layersOf(conditions)) ? undefined : withoutProtocol('dec_ttl', ['ip', 'ipv6']);
      case 'set_field':
        if (action.field === 'vlan_vid') return tags < 1 ? withoutTag('set_field') : tagBit(action);
        return isThere(action.field, layersOf(conditions)) ? undefined : withoutProtocol(action.field, protocolsOf(action.field));
      default:
        return undefined;
    }
  });
}

const SENDS: ReadonlySet<Action['kind']> = new Set(['output', 'normal', 'flood', 'all', 'in_port']);

/** Of a bucket: a set, of which each kind is done once, whatever the order (OpenFlow 1.4, 5.10). */
export function readBucketActions(spec: string | readonly string[], origin: Origin, context: ActionContext): readonly SwitchAction[] {
  return readEach(spec, origin, context, ({ action }, index, all): Fault => {
    switch (action.kind) {
      case 'drop':
        return alone(all);
      case 'group':
        return { reason: 'a group leads to no other group', remedy: 'Write what that one does into the bucket.' };
      case 'goto_table':
        return { reason: 'a group leads to no table', remedy: 'Write `goto_table` into the flow, after `group`.' };
      case 'set_field':
        return action.field === 'vlan_vid' ? tagBit(action) : undefined;
      default: {
        const last = all.findLastIndex((other) => SENDS.has(other.action.kind));
        return !SENDS.has(action.kind) || index === last
          ? undefined
          : { reason: 'a bucket sends a frame out once, and this is not the last of its ways', remedy: 'Write a bucket for each.' };
      }
    }
  });
}

function readEach(
  spec: string | readonly string[],
  origin: Origin,
  { ports, report }: ActionContext,
  faultOf: (one: Placed, index: number, all: readonly Placed[]) => Fault,
): readonly SwitchAction[] {
  const placed = placesOf(spec, origin);
  if (placed.length === 0)
    report.error('flow-action', origin, 'there are no actions', { remedy: 'Write `drop` where nothing is to happen.' });
  const all = placed.flatMap(({ text, place }): readonly Placed[] => {
    const read = readAction(text);
    if (read.ok) return [{ text, place, action: read.action }];
    const near = suggest(text.split(':', 1)[0]?.toLowerCase() ?? '', actionNames);
    const otherwise = near === undefined ? `There are ${listed(actionNames, 20)}.` : `Did you mean \`${near}\`?`;
    report.error('flow-action', place, read.reason, { remedy: read.remedy ?? otherwise });
    return [];
  });
  return all.flatMap((one, index): readonly SwitchAction[] => {
    const { text, place, action } = one;
    const fault = faultOf(one, index, all);
    if (fault !== undefined) {
      report.error('flow-action', place, fault.reason, { remedy: fault.remedy });
      return [];
    }
    if (action.kind !== 'output') return [text];
    const port = ports.read(action.port, place);
    return port === undefined ? [] : [{ output: port }];
  });
}

const alone = (all: readonly Placed[]): Fault =>
  all.length === 1 ? undefined : { reason: '`drop` is for frames with which nothing else is done', remedy: 'Leave it out, or the others.' };

const withoutProtocol = (what: string, protocols: readonly string[]): Fault => ({
  reason: `\`${what}\` changes what only some frames have, and nothing says that these do`,
  remedy: `Add the protocol to \`match\`: ${protocols.map((one) => `\`${one}\``).join(' or ')}.`,
});

const withoutTag = (what: string): Fault => ({
  reason: `\`${what}\` is about the tag of a frame, and nothing says that these have one`,
  remedy: 'Add `dl_vlan=…` to `match`, or `push_vlan:0x8100` before it.',
});

/** Of the value, the thirteenth bit says that there is a tag. */
function tagBit({ value }: { readonly value: string }): Fault {
  const vid = Number(value);
  return vid >= 0x1000
    ? undefined
    : {
        reason: `\`${value}\` would be no tag: the number of a VLAN is written with 4096 added`,
        remedy: `Write \`set_field:${4096 + vid}->vlan_vid\`.`,
      };
}
