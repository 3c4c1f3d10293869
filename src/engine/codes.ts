import type { CodeEntry } from '../diagnostic/codes.ts';

/** What can go wrong besides the file. The docs page is generated from it. @internal */
export const engineCodes = {
  busy: {
    title: 'Another command is at work on the bottle',
    text: 'One command at a time changes a bottle. The message names the process that holds the lock; it is given back when that process ends, however it ends.',
  },
  'name-taken': {
    title: 'A name that the bottle needs belongs to somebody else',
    text: 'A device, namespace or table on the host has the name already and does not bear the mark of this bottle. It is left as it is, and nothing is changed.',
  },
  'host-lacks': {
    title: 'The host lacks something that the bottle needs',
    text: 'Found before anything is changed. `bottle doctor` lists everything at once.',
  },
  'apply-failed': {
    title: 'A change could not be made',
    text: 'What had been done was undone: the host holds what it held before. The details are those of the kernel or the tool that refused; `cause` in JSON is the code of what went wrong, where it has one.',
  },
  'undo-failed': {
    title: 'A change could not be made, and not everything could be put back',
    text: 'The details name both failures. `bottle up` tries again from what is there; `bottle down` removes all of it.',
  },
  interrupted: { title: 'The command was stopped by a signal', text: 'What had been done was undone.' },
  declined: {
    title: 'A change that interrupts what runs was not agreed to',
    text: 'Replacing, restarting or deleting what runs asks first. Without a terminal it needs `--yes`.',
  },
  'not-running': { title: 'No such bottle is running', text: '`bottle ls` lists those that are.' },
  'no-cable': {
    title: 'The bottle has no cable of that name',
    text: 'A cable is `MACHINE/NETWORK`, or the name of a link; the name of a network means all cables of it. Overlays, and networks on an interface of the host, have none.',
  },
  'no-machine': { title: 'The bottle has no machine of that name', text: '`bottle show` lists them.' },
  'no-process': {
    title: 'The machine has no process of that name',
    text: 'A process is what `run:` starts. What `listen:` answers with is no process and writes nothing. `bottle show MACHINE` lists both.',
  },
  'machine-stopped': { title: 'The machine is stopped', text: '`bottle start` starts it again; `bottle show` says which are stopped.' },
  'not-followed': {
    title: 'The proof has no words for something on the way',
    text: 'Flows that change tags, the choice of a group, or a controller decide where these packets go, and what they decide is not guessed. Promises that hang on it are measured, and not proved.',
  },
  'state-unreadable': {
    title: 'The notes about a running bottle cannot be read',
    text: 'A file in the state directory is damaged. `bottle down` removes the bottle by the marks on what it made, without the notes.',
  },
  'state-unwritable': {
    title: 'The state directory cannot be written',
    text: 'It is full, read-only, or belongs to somebody else. What had been done was undone; `bottle down` needs no room in it.',
  },
  'broken-promise': {
    title: 'An `expect` line does not hold',
    text: 'Measured with real packets. The network stays up, so that you can look at it.',
  },
  file: {
    title: 'The file has errors',
    text: 'Only in JSON: `diagnostics` has all of them, each with its own code. Nothing was changed.',
  },
  usage: { title: 'The command line is not understood', text: '`bottle COMMAND --help` shows what it takes.' },
  internal: { title: 'A mistake in Netbottle', text: 'Please report it with the output of `bottle doctor`.' },
} as const satisfies Record<string, CodeEntry>;

export type EngineCode = keyof typeof engineCodes;
