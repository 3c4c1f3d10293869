import { SystemError } from '../../backend/kernel/system-error.ts';
import type { Cause } from './icmp.ts';
import type { Responder } from './listeners.ts';
import type { Outcome, Probe } from './probe.ts';

/** A probe under way. */
export interface Attempt {
  readonly probe: Probe;
  /** Its place among the run's probes. */
  readonly number: number;
  readonly payload: Uint8Array;
  readonly responder: Responder;
  /** Milliseconds. */
  readonly timeout: number;
  descriptor?: number;
  /** Milliseconds of the monotonic clock (performance.now()). */
  started: number;
  deadline: number;
  /** How often it was sent. */
  sent: number;
  /** Sends it again; absent where the kernel does that by itself (TCP). */
  send?: () => void;
  /** For full packets: bytes of the one that is sent, and how often somebody on the way has named another size. */
  size?: number;
  shrunk?: number;
  /** Looks whether the other end has taken what was sent; absent where that is heard. */
  look?: () => void;
  /** When it was seen to reach a program that is not ours. */
  delivered?: number;
  outcome?: Outcome;
}

const EPERM = 1;
export const EAGAIN = 11;
const EACCES = 13;
const EINVAL = 22;
const EPIPE = 32;
const EPROTO = 71;
const EMSGSIZE = 90;
const ENOPROTOOPT = 92;
const EADDRNOTAVAIL = 99;
const ENETUNREACH = 101;
const ECONNRESET = 104;
export const ENOBUFS = 105;
const ETIMEDOUT = 110;
const ECONNREFUSED = 111;
const EHOSTUNREACH = 113;
export const EINPROGRESS = 115;

const failed = (call: string, errno: number, attempt: Attempt): Outcome => ({
  kind: 'failed',
  message: new SystemError(call, errno, `${attempt.probe.protocol} from ${attempt.probe.from}`).message,
});

const filtered = ({ responder }: Attempt): { readonly filtered?: true } => (responder.kind === 'ours' ? { filtered: true } : {});

/** What the source's own kernel says before anything has left. */
export function localOutcome(attempt: Attempt, errno: number): Outcome {
  switch (errno) {
    case EPERM:
      return { kind: 'filtered-at-source' };
    case EMSGSIZE:
      return { kind: 'too-big', milliseconds: 0 };
    case ENETUNREACH:
    case EHOSTUNREACH:
    case EACCES:
    case EINVAL:
    case EADDRNOTAVAIL:
      return { kind: 'no-route', code: new SystemError('connect', errno, '').code };
    default:
      return failed('connect', errno, attempt);
  }
}

/** What a socket was told later; used where the ICMP error itself, which knows its sender, was not heard. */
export function socketOutcome(attempt: Attempt, errno: number, now: number): Outcome {
  const milliseconds = now - attempt.started;
  switch (errno) {
    case 0:
    // Reset only after the handshake: before it, a reset is ECONNREFUSED.
    case ECONNRESET:
    case EPIPE:
      return { kind: 'answered', milliseconds };
    case ECONNREFUSED:
      return { kind: 'refused', how: attempt.probe.protocol === 'tcp' ? 'reset' : 'port-unreachable', ...filtered(attempt), milliseconds };
    case ENETUNREACH:
      return { kind: 'unreachable', reason: 'no-route', milliseconds };
    case EHOSTUNREACH:
      return { kind: 'unreachable', reason: 'host-unreachable', milliseconds };
    case EACCES:
    case EPERM:
      return { kind: 'unreachable', reason: 'admin-prohibited', milliseconds };
    case ENOPROTOOPT:
      return { kind: 'unreachable', reason: 'protocol-unreachable', milliseconds };
    case EPROTO:
      return { kind: 'unreachable', reason: 'malformed', milliseconds };
    case EMSGSIZE:
      return { kind: 'too-big', milliseconds };
    case ETIMEDOUT:
      return { kind: 'timed-out' };
    default:
      return failed('receive', errno, attempt);
  }
}

/** What an ICMP error from `by` means for the attempt that it is about. */
export function icmpOutcome(attempt: Attempt, cause: Cause, by: Probe['to'], now: number): Outcome {
  const milliseconds = now - attempt.started;
  switch (cause.kind) {
    case 'unreachable':
      return { kind: 'unreachable', reason: cause.reason, by, milliseconds };
    case 'port-unreachable':
      return { kind: 'refused', how: 'port-unreachable', by, ...filtered(attempt), milliseconds };
    case 'too-big':
      return { kind: 'too-big', mtu: cause.mtu, by, milliseconds };
  }
}

/** What silence until the deadline means. */
export function silentOutcome(attempt: Attempt): Outcome {
  if (attempt.delivered !== undefined) return { kind: 'delivered', milliseconds: attempt.delivered - attempt.started };
  if (attempt.probe.protocol === 'udp' && attempt.responder.kind === 'unknown') return { kind: 'no-answer' };
  return { kind: 'timed-out', ...(attempt.size !== undefined && { size: attempt.size }) };
}
