import { readFileSync } from 'node:fs';

/** A process beyond doubt: its number can be given to another one after its death, the time of its start cannot. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since boot (proc_pid_stat(5), field 22). */
  readonly startTime: number;
}

export interface ProcessStat extends ProcessIdentity {
  /** One letter: R, S, D, Z, T, … */
  readonly state: string;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
}

/** What the kernel says about a process, or nothing if there is none of that number. */
export function readStat(pid: number): ProcessStat | undefined {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    // ENOENT and ESRCH: it has ended. Nothing else is possible, the file is readable by all.
    return undefined;
  }
  // The second field is the program's name in parentheses, which may hold spaces and parentheses.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    state: fields[0] ?? '?',
    parent: Number(fields[1]),
    group: Number(fields[2]),
    session: Number(fields[3]),
    startTime: Number(fields[19]),
  };
}

export function identify(pid: number): ProcessIdentity | undefined {
  const stat = readStat(pid);
  return stat && { pid, startTime: stat.startTime };
}

/** Whether that very process still runs. One that has ended and waits for its parent (a zombie) does not. */
export function isAlive(identity: ProcessIdentity): boolean {
  const stat = readStat(identity.pid);
  return stat !== undefined && stat.startTime === identity.startTime && stat.state !== 'Z' && stat.state !== 'X';
}
