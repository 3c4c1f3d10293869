/** What flows do with a frame, read from the words of ovs-actions(7). */
import { fields } from './field.ts';
import { type Condition, readWord } from './match.ts';

export type Action =
  | { readonly kind: 'drop' | 'normal' | 'flood' | 'all' | 'in_port' | 'pop_vlan' | 'dec_ttl' }
  | { readonly kind: 'output'; readonly port: string }
  | { readonly kind: 'group'; readonly group: number }
  | { readonly kind: 'goto_table'; readonly table: number }
  | { readonly kind: 'push_vlan'; readonly etherType: string }
  | { readonly kind: 'set_field'; readonly field: string; readonly value: string; readonly conditions: readonly Condition[] };

export type ReadAction =
  | { readonly ok: true; readonly action: Action }
  | { readonly ok: false; readonly unknown?: true; readonly reason: string; readonly remedy?: string };

const plain = ['drop', 'normal', 'flood', 'all', 'in_port', 'pop_vlan', 'dec_ttl'] as const;

/** All of them, as they are written. */
export const actionNames = [...plain, 'output', 'group', 'goto_table', 'push_vlan', 'set_field'] as const;

const MOST_GROUP = 0xffffff00;
const MOST_TABLE = 254;

export function readAction(text: string): ReadAction {
  const at = text.indexOf(':');
  const name = (at < 0 ? text : text.slice(0, at)).trim();
  const value = at < 0 ? undefined : text.slice(at + 1).trim();
  const word = plain.find((one) => one === name);
  if (word !== undefined) return value === undefined ? found({ kind: word }) : wrong(`\`${name}\` has no value`);
  if (!actionNames.some((one) => one === name)) return { ok: false, unknown: true, reason: `there is no action \`${name}\`` };
  if (value === undefined || value === '') return wrong(`\`${name}\` wants a value, \`${name}:…\``);
  switch (name) {
    case 'output':
      return found({ kind: 'output', port: value });
    case 'group':
      return numbered(name, value, MOST_GROUP, (group) => ({ kind: 'group', group }));
    case 'goto_table':
      return numbered(name, value, MOST_TABLE, (table) => ({ kind: 'goto_table', table }));
    case 'push_vlan':
      return value === '0x8100' || value === '0x88a8'
        ? found({ kind: 'push_vlan', etherType: value })
        : wrong(`\`${value}\` is no type of a VLAN tag`, 'Write `push_vlan:0x8100`, or `0x88a8` for the outer one of two.');
    default:
      return readSetField(value);
  }
}

const found = (action: Action): ReadAction => ({ ok: true, action });
const wrong = (reason: string, remedy?: string): ReadAction => ({ ok: false, reason, ...(remedy !== undefined && { remedy }) });

function numbered(name: string, text: string, most: number, act: (number: number) => Action): ReadAction {
  const number = Number(text);
  return /^\d{1,10}$/.test(text) && number <= most
    ? found(act(number))
    : wrong(`\`${name}\` wants a number from 0 to ${most}, not \`${text}\``);
}

/** `set_field:VALUE->FIELD`. */
function readSetField(text: string): ReadAction {
  const at = text.indexOf('->');
  const remedy = 'Write `set_field:VALUE->FIELD`, such as `set_field:10.1.0.9->ip_dst`.';
  if (at < 0) return wrong(`\`set_field:${text}\` does not say which field`, remedy);
  const [value, field] = [text.slice(0, at).trim(), text.slice(at + 2).trim()];
  if (!Object.hasOwn(fields, field) || UNCHANGED.has(fields[field]?.is ?? ''))
    return wrong(`\`${field}\` is no field that can be set`, remedy);
  const word = readWord(`${field}=${value}`);
  if (!word.ok) return wrong(word.reason, remedy);
  return found({ kind: 'set_field', field, value, conditions: word.conditions });
}

/** What a frame is, and where it came in, stays as it is. */
const UNCHANGED: ReadonlySet<string> = new Set(['in_port', 'eth_type', 'ip_proto', 'dl_vlan', 'dl_vlan_pcp', 'vlan_tci', 'tcp_flags']);
