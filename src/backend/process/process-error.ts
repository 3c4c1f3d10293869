/** What can go wrong with processes and listeners; stable names for messages and the docs. */
export type ProcessErrorCode =
  /** The program does not exist in the machine. */
  | 'program-not-found'
  /** It ended with an error right after its start. */
  | 'process-died'
  /** The machine's view (name, hosts, resolver, directory) could not be made. */
  | 'process-view'
  /** Another process in the machine has the port. */
  | 'port-in-use'
  /** The socket could not be made for another reason. */
  | 'listener-failed'
  /** The namespace is not there. */
  | 'no-namespace'
  /** Something else of that name is looked after already. */
  | 'already-running'
  /** The keeper did not come up. */
  | 'keeper-not-started'
  /** The keeper is there, and does not answer. */
  | 'keeper-silent'
  /** It is there after SIGKILL (uninterruptible sleep in the kernel, most often a dead network file system). */
  | 'process-survives';

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
