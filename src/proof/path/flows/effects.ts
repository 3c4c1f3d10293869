/** What a flow does with frames, with what its groups do worked out. */
import type { Action } from '../../../openflow/action.ts';
import { readAction } from '../../../openflow/action.ts';
import type { Flow, FlowGroup } from '../../../resource/openflow.ts';
import type { NotFollowed } from '../not-followed.ts';

/** A frame that leaves: by a port, or by whichever it is switched to, or by all of them. */
type Out = { readonly port: string } | 'switched' | 'everywhere';

/** What is done to a frame, in order. */
export type Change =
  | { readonly kind: 'dec_ttl' | 'push_vlan' | 'pop_vlan' }
  /** The bits of a field that the mask has; `name` is how the field is called where it is set, such as `tcp_dst`. */
  | {
      readonly kind: 'set';
      readonly name: string;
      readonly field: string;
      readonly value: bigint;
      readonly mask: bigint;
      readonly bits: number;
    };

interface Copy {
  readonly out: Out;
  readonly changes: readonly Change[];
}

export interface Effect {
  /** One after the other. Of each, one of the alternatives is done; there are several where a group chooses. */
  readonly parts: readonly Part[];
  /** Table that goes on with the frame, as it is then. */
  readonly next?: { readonly table: number; readonly changes: readonly Change[] };
}

type Part = readonly (readonly Copy[])[];

/** What is known of the switch. */
export interface Surroundings {
  readonly groups: readonly FlowGroup[];
  /** What a port is called where frames leave by it. */
  readonly deviceOf: (port: string) => string;
  /** Whether the cable of a port is in at both ends; undefined where that is not known. */
  readonly isLive: (port: string) => boolean | undefined;
  /** The error that a flow of the switch does something that is not followed. */
  readonly not: (what: string) => NotFollowed;
}

/** @throws NotFollowed */
export function effectOf({ actions }: Flow, around: Surroundings): Effect {
  const parts: Part[] = [];
  const changes: Change[] = [];
  let next: Effect['next'];
  for (const action of readAll(actions, around)) {
    const change = changeOf(action, around);
    if (change !== undefined) changes.push(change);
    else if (action.kind === 'goto_table') next = { table: action.table, changes: [...changes] };
    else if (action.kind !== 'group') parts.push([outsOf(action, changes, around)]);
    else {
      const group = around.groups.find(({ id }) => id === action.group);
      if (group === undefined) throw around.not(`leads to group ${action.group}`);
      parts.push(choicesOf(group, changes, around));
    }
  }
  return { parts, ...(next !== undefined && { next }) };
}

function readAll(words: readonly string[], { not }: Surroundings): readonly Action[] {
  return words.map((word) => {
    const read = readAction(word);
    if (!read.ok) throw not(`does ${word}`);
    return read.action;
  });
}

function changeOf(action: Action, { not }: Surroundings): Change | undefined {
  if (action.kind === 'dec_ttl' || action.kind === 'push_vlan' || action.kind === 'pop_vlan') return { kind: action.kind };
  if (action.kind !== 'set_field') return undefined;
  const [condition, ...more] = action.conditions;
  if (condition === undefined || !('value' in condition) || more.length > 0) throw not(`sets ${action.field}`);
  return { kind: 'set', name: action.field, ...condition };
}

function outsOf(action: Action, changes: readonly Change[], { deviceOf, not }: Surroundings): readonly Copy[] {
  const out = (to: Out): readonly Copy[] => [{ out: to, changes: [...changes] }];
  switch (action.kind) {
    case 'drop':
      return [];
    case 'normal':
      return out('switched');
    case 'flood':
    case 'all':
      return out('everywhere');
    case 'output':
      return out({ port: deviceOf(action.port) });
    default:
      throw not(action.kind === 'in_port' ? 'sends frames back to where they came from' : `does ${action.kind}`);
  }
}

/** What each of the buckets does of which the group may take one; of `all`, what all of them do. */
function choicesOf({ type, buckets }: FlowGroup, changes: readonly Change[], around: Surroundings): Part {
  const done: (readonly Copy[])[] = [];
  for (const { actions, weight, watchPort } of buckets) {
    if (type !== 'ff' && watchPort !== undefined) throw around.not('lets a group watch a port');
    const isLive = watchPort === undefined ? true : around.isLive(watchPort);
    // One without weight is never chosen.
    if (isLive === false || (type === 'select' && weight === 0)) continue;
    done.push(bucketOf(actions, changes, around));
    if (type === 'ff' && isLive === true) return done;
  }
  if (type === 'all') return [done.flat()];
  // Where no port of `ff` is known to be up, it may be that none is.
  return type === 'ff' || done.length === 0 ? [...done, []] : done;
}

/** A bucket is a set of actions: each once, fields are set after all else, and the last way out is taken (OpenFlow 1.3.5, 5.10). */
function bucketOf(words: readonly string[], before: readonly Change[], around: Surroundings): readonly Copy[] {
  const actions = readAll(words, around);
  const own = actions.flatMap((action) => changeOf(action, around) ?? []);
  const once = (wanted: Change['kind']): readonly Change[] => own.filter(({ kind }) => kind === wanted).slice(-1);
  const changes = [...before, ...once('pop_vlan'), ...once('push_vlan'), ...once('dec_ttl'), ...own.filter(({ kind }) => kind === 'set')];
  const outs = actions.filter((action) => changeOf(action, around) === undefined);
  return outs.flatMap((action) => outsOf(action, changes, around)).slice(-1);
}

/** What is done to frames that leave by a device: nothing where none do; undefined where that hangs on what groups choose. */
export function changesBy({ parts }: Effect, device: string): readonly Change[] | 'stays' | undefined {
  const is = ({ out }: Copy): boolean => typeof out === 'string' || out.port === device;
  const leaving = parts.map((part) => part.map((copies) => copies.filter(is)));
  const [first, ...others] = leaving.flat(2).map(({ changes }) => changes);
  if (first === undefined) return 'stays';
  const isCertain = leaving.some((part) => part.length > 0 && part.every((copies) => copies.length > 0));
  return isCertain && others.every((changes) => areSame(changes, first)) ? first : undefined;
}

const areSame = (some: readonly Change[], others: readonly Change[]): boolean => textOf(some) === textOf(others);

const textOf = (changes: readonly Change[]): string =>
  changes.map((change) => (change.kind === 'set' ? `${change.name}=${change.value}/${change.mask}` : change.kind)).join();

export const copiesOf = ({ parts }: Effect): readonly Copy[] => parts.flat(2);
