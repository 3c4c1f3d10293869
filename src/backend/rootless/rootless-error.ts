import type { CodeEntry } from '../../diagnostic/code-entry.ts';

/** Why an ordinary user cannot have a network of their own here; stable names for messages and the docs. @internal */
export const rootlessCodes = {
  'user-namespaces-forbidden': {
    title: 'User namespaces are forbidden',
    text: 'Without root, a bottle lives in a user namespace. The message names the setting that forbids them to you; root can change it, or run Netbottle.',
  },
  'state-not-private': {
    title: 'A state directory that others can get at',
    text: 'It belongs to somebody else, or is open to others, who could then take over what runs. Remove it, or name another in NETBOTTLE_STATE.',
  },
  'holder-not-started': { title: 'The process that holds the namespaces did not start', text: 'The message has what it said.' },
  'uplink-missing': {
    title: 'pasta is not installed',
    text: 'Without root, networks of mode `nat` and `routed` reach the outside through it. Debian and Ubuntu have it in the package passt.',
  },
  'tun-forbidden': {
    title: 'No access to /dev/net/tun',
    text: 'pasta needs it. It is open to everybody on most systems; `sudo chmod 666 /dev/net/tun` opens it, `sudo modprobe tun` makes it.',
  },
  'uplink-no-route': {
    title: 'The host has no way out itself',
    text: 'A `nat` or `routed` network reaches what the host reaches, and the host has no default route.',
  },
  'uplink-failed': { title: 'pasta did not start', text: 'The message has what it said.' },
} as const satisfies Record<string, CodeEntry>;

export type RootlessErrorCode = keyof typeof rootlessCodes;

export class RootlessError extends Error {
  readonly code: RootlessErrorCode;
  readonly remedy: string;

  constructor(code: RootlessErrorCode, message: string, remedy: string) {
    super(message);
    this.name = 'RootlessError';
    this.code = code;
    this.remedy = remedy;
  }
}
