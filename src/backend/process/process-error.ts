import type { CodeEntry } from '../../diagnostic/code-entry.ts';

/** What can go wrong with processes and listeners; stable names for messages and the docs. @internal */
export const processCodes = {
  'program-not-found': {
    title: 'A program that does not exist',
    text: 'Machines see the programs of the host. The first word of `run:` is looked for in PATH, as a shell does.',
  },
  'process-died': {
    title: 'A process that ended right after its start',
    text: 'The message has the last lines that it wrote; `bottle logs` has all of them. What had been changed was undone.',
  },
  'process-view': {
    title: 'A machine that cannot be entered',
    text: 'Its host name, hosts file, resolver or working directory could not be put in place. The message says which.',
  },
  'port-in-use': {
    title: 'A port that another process of the machine has',
    text: 'A machine that runs a server needs no `listen:` for the same port.',
  },
  'listener-failed': { title: 'A socket that could not be made', text: 'The message has the reason in the words of the kernel.' },
  'no-namespace': { title: 'A machine without its namespace', text: 'Somebody took it away. `bottle up` makes it anew.' },
  'already-running': { title: 'A process that runs already', text: 'Two commands started the same one. `bottle show` lists what runs.' },
  'keeper-not-started': {
    title: 'A keeper that did not start',
    text: 'The keeper looks after what runs in the machines of a bottle. The message has the last lines of its log.',
  },
  'keeper-silent': {
    title: 'A keeper that does not answer',
    text: '`bottle down` ends it and all that it looks after; `bottle up` starts anew.',
  },
  'process-survives': {
    title: 'A process that is there after SIGKILL',
    text: 'It waits in the kernel and cannot be ended, most often for a network file system. Once it is gone, run `bottle down` again.',
  },
} as const satisfies Record<string, CodeEntry>;

export type ProcessErrorCode = keyof typeof processCodes;

export class ProcessError extends Error {
  readonly code: ProcessErrorCode;
  readonly remedy: string | undefined;

  constructor(code: ProcessErrorCode, message: string, remedy?: string) {
    super(message);
    this.name = 'ProcessError';
    this.code = code;
    this.remedy = remedy;
  }
}
