/**
 * The mark on a network device: its alias (`ip link show` prints it), `netbottle:corp:veth:web/dmz:0`.
 * What bears no mark is never changed or removed.
 */
export interface Mark {
  readonly bottle: string;
  readonly kind: string;
  readonly name: string;
  /** Which end of a veth. */
  readonly end: 0 | 1;
}

const PREFIX = 'netbottle';

export const markText = ({ bottle, kind, name, end }: Mark): string => `${PREFIX}:${bottle}:${kind}:${name}:${end}`;

/** The mark in an alias; undefined for what is not ours. */
export function markIn(alias: string): Mark | undefined {
  if (alias === '') return undefined;
  const [prefix, bottle, kind, name, end, ...rest] = alias.split(':');
  if (prefix !== PREFIX || bottle === undefined || kind === undefined || name === undefined || rest.length > 0) return undefined;
  return { bottle, kind, name, end: end === '1' ? 1 : 0 };
}
