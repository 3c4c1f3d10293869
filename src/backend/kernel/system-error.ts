import { getSystemErrorMap } from 'node:util';

/** A system call that failed, with what it was called on. */
export class SystemError extends Error {
  readonly call: string;
  readonly errno: number;
  /** `EPERM`, `EEXIST`, … (errno(3)). */
  readonly code: string;
  readonly subject: string;

  constructor(call: string, errno: number, subject: string) {
    const [code, text] = getSystemErrorMap().get(-errno) ?? [`errno ${errno}`, 'unknown error'];
    super(`${call}: ${text} (${code}): ${subject}`);
    this.name = 'SystemError';
    this.call = call;
    this.errno = errno;
    this.code = code;
    this.subject = subject;
  }
}
