import type { CodeEntry } from '../../diagnostic/code-entry.ts';

/** What can go wrong with Open vSwitch; stable names for messages and the docs. @internal */
export const ovsCodes = {
  'ovs-absent': {
    title: 'No Open vSwitch answers',
    text: 'Its database has no socket, or nobody is behind it. That of the host is started by its own service; those of a bottle are started by `bottle up`.',
  },
  'ovs-start': {
    title: 'A daemon of Open vSwitch that did not start',
    text: 'The message has its last words; its log is in the directory of the bottle.',
  },
  'ovs-transaction': {
    title: 'A transaction that the database of Open vSwitch refused',
    text: 'The message has its reason. Nothing of the transaction was done.',
  },
  'ovs-protocol': {
    title: 'What Open vSwitch said was not understood',
    text: 'The connection to its database ended in the middle, or what came is no OVSDB (RFC 7047).',
  },
  'ovs-silent': {
    title: 'A switch daemon that does not come to its work',
    text: 'The database has taken what is wanted, but ovs-vswitchd did not say in time that it is so. It may be stopped, or overloaded; its log tells more.',
  },
  'ovs-interface': {
    title: 'A port that Open vSwitch could not open',
    text: 'The message has its words, as in the column `error` of `ovs-vsctl list interface`.',
  },
  'openflow-refused': {
    title: 'Flows that the switch refused',
    text: 'All flows and groups of a switch are changed at once or not at all; the message has the first that it did not take.',
  },
} as const satisfies Record<string, CodeEntry>;

export type OvsErrorCode = keyof typeof ovsCodes;

export class OvsError extends Error {
  readonly code: OvsErrorCode;
  readonly remedy: string | undefined;

  constructor(code: OvsErrorCode, message: string, options: { readonly remedy?: string; readonly cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'OvsError';
    this.code = code;
    this.remedy = options.remedy;
  }
}
