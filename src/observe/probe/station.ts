/** A source namespace: its sockets, and which probe each thing that comes back is about. */
import {
  bind,
  getSocketName,
  getSocketOption,
  POLLIN,
  POLLOUT,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  socket,
  tryConnect,
  tryReceive,
  trySend,
  trySendTo,
} from '../../backend/kernel/libc.ts';
import { type Attempt, EAGAIN, EINPROGRESS, ENOBUFS, icmpOutcome, localOutcome, socketOutcome } from './attempt.ts';
import type { Descriptors } from './descriptors.ts';
import { acknowledged, filling, largestSegment, limitSegments, pathMtu, ROUNDS } from './full-size.ts';
import type { Heard, Subject } from './icmp.ts';
import { isSpecial, listenTo, openEar, openMouth, setHeader } from './icmp-sockets.ts';
import { resetOnClose } from './listeners.ts';
import { echoRequest } from './packet.ts';
import type { Poller } from './poller.ts';
import type { Outcome, Probe } from './probe.ts';
import { addressKey, portOf, SO_ERROR, SOL_SOCKET, socketAddress, socketDomain } from './sockaddr.ts';

export interface Station {
  /** Sends the first packet of an attempt; to be called inside the namespace. */
  launch(attempt: Attempt): void;
}

interface Setting {
  readonly poller: Poller;
  readonly descriptors: Descriptors;
  readonly settle: (attempt: Attempt, outcome: Outcome) => void;
}

/** Whether it goes again as large as was named: what is told is not lost. TCP sees to it by itself. */
function isShrunk(attempt: Attempt, mtu: number): boolean {
  const { probe, size = 0, shrunk = 0 } = attempt;
  if (probe.full !== true || probe.bytes !== undefined || (probe.protocol !== 'tcp' && (mtu >= size || shrunk >= ROUNDS))) return false;
  if (probe.protocol === 'tcp') return true;
  attempt.size = mtu;
  attempt.shrunk = shrunk + 1;
  attempt.send?.();
  return true;
}

const payloadOf = (attempt: Attempt): Uint8Array => (attempt.size === undefined ? attempt.payload : filling(attempt, attempt.size));

const subjectKey = ({ protocol, to, first, second }: Subject): string => `${protocol} ${addressKey(to)} ${first} ${second}`;

export function createStation({ poller, descriptors, settle }: Setting): Station {
  const underWay = new Map<string, Attempt>();
  const ears = new Map<4 | 6, () => void>();
  const mouths = new Map<string, number>();
  const identifier = 1 + Math.floor(Math.random() * 0xfffe);
  const received = new Uint8Array(2048);

  function heed(heard: Heard): void {
    const attempt = underWay.get(subjectKey(heard.subject));
    if (attempt === undefined || attempt.outcome !== undefined) return;
    const now = performance.now();
    if (heard.kind === 'error' && heard.cause.kind === 'too-big' && isShrunk(attempt, heard.cause.mtu)) return;
    if (heard.kind === 'error') settle(attempt, icmpOutcome(attempt, heard.cause, heard.by, now));
    else settle(attempt, { kind: 'answered', milliseconds: now - attempt.started });
  }

  function listen(probe: Probe): void {
    const { family } = probe.to;
    if (ears.has(family)) return;
    const ear = openEar(probe, descriptors);
    const hear = (): void => listenTo(ear, family, heed);
    ears.set(family, hear);
    poller.watch(ear, POLLIN, hear);
  }

  function mouthFor(probe: Probe): number {
    const key = probe.source === undefined ? `${probe.to.family}` : addressKey(probe.source);
    const mouth = mouths.get(key) ?? openMouth(probe, descriptors);
    mouths.set(key, mouth);
    return mouth;
  }

  /** An ICMP error comes before the socket's own (ip_local_deliver serves raw sockets first) and says more: it is heard first. */
  function conclude(attempt: Attempt, outcome: () => Outcome): void {
    for (const hear of ears.values()) hear();
    if (attempt.outcome === undefined) settle(attempt, outcome());
  }

  function sendWith(attempt: Attempt, send: () => number): void {
    attempt.send = () => {
      const errno = -send();
      attempt.sent += 1;
      // Full buffers for the moment: one of the next sendings gets through.
      if (errno <= 0 || errno === EAGAIN || errno === ENOBUFS) return;
      conclude(attempt, () => (attempt.sent === 1 ? localOutcome(attempt, errno) : socketOutcome(attempt, errno, performance.now())));
    };
    attempt.send();
  }

  function launchEcho(attempt: Attempt): void {
    const { probe } = attempt;
    const sequence = underWay.size & 0xffff;
    const first = probe.tag ?? identifier;
    underWay.set(subjectKey({ protocol: 'icmp', to: probe.to, first, second: sequence }), attempt);
    measureWay(attempt);
    const packet = (): Uint8Array => echoRequest(probe.to.family, first, sequence, payloadOf(attempt));
    const destination = socketAddress(probe.to, 0);
    const mouth = mouthFor(probe);
    sendWith(attempt, () => {
      if (!isSpecial(probe)) return trySendTo(mouth, packet(), destination);
      setHeader(mouth, probe.to.family, probe);
      const result = trySendTo(mouth, packet(), destination);
      setHeader(mouth, probe.to.family, {});
      return result;
    });
  }

  function connectedSocket(attempt: Attempt, type: number): number | undefined {
    const { probe } = attempt;
    const descriptor = descriptors.keep(socket(socketDomain(probe.to), type | SOCK_NONBLOCK, 0));
    attempt.descriptor = descriptor;
    if (probe.source !== undefined || probe.tag !== undefined)
      bind(descriptor, socketAddress(probe.source ?? { family: probe.to.family, value: 0n }, probe.tag ?? 0));
    if (isSpecial(probe)) setHeader(descriptor, probe.to.family, probe);
    if (probe.protocol === 'tcp' && probe.bytes !== undefined) limitSegments(descriptor, probe.to.family, probe.bytes);
    const errno = -tryConnect(descriptor, socketAddress(probe.to, probe.port ?? 0));
    if (errno > 0 && errno !== EINPROGRESS) {
      conclude(attempt, () => localOutcome(attempt, errno));
      return undefined;
    }
    const name = new Uint8Array(28);
    getSocketName(descriptor, name);
    underWay.set(subjectKey({ protocol: probe.protocol, to: probe.to, first: portOf(name), second: probe.port ?? 0 }), attempt);
    return descriptor;
  }

  /** Inside the namespace; afterwards a socket can be asked no more what its way takes. */
  function measureWay(attempt: Attempt): void {
    const size = attempt.probe.full === true ? (attempt.probe.bytes ?? pathMtu(attempt.probe, descriptors)) : undefined;
    if (size !== undefined) attempt.size = size;
  }

  /** A segment of full size goes there, and comes back where it is our own listener that gets it. Of a program it is enough to have got it. */
  function stream(attempt: Attempt, descriptor: number): void {
    poller.forget(descriptor);
    const sent = trySend(descriptor, largestSegment(attempt, descriptor));
    if (sent < 0) {
      conclude(attempt, () => socketOutcome(attempt, -sent, performance.now()));
      return;
    }
    const done = (): void => conclude(attempt, () => ({ kind: 'answered', milliseconds: performance.now() - attempt.started }));
    if (attempt.responder.kind !== 'ours')
      attempt.look = () => {
        if (acknowledged(descriptor) > sent) done();
      };
    let back = 0;
    poller.watch(descriptor, POLLIN, () => {
      const length = tryReceive(descriptor, received);
      if (length > 0) back += length;
      if (length === -EAGAIN || (length > 0 && (attempt.responder.kind !== 'ours' || back < sent))) return;
      // Whoever wants no more of it has got some of it.
      if (attempt.responder.kind === 'ours' || length < 0) done();
      else poller.forget(descriptor);
    });
  }

  function launchTcp(attempt: Attempt): void {
    const descriptor = connectedSocket(attempt, SOCK_STREAM);
    if (descriptor === undefined) return;
    attempt.sent = 1;
    poller.watch(descriptor, POLLOUT, () => {
      const error = new Int32Array(1);
      getSocketOption(descriptor, SOL_SOCKET, SO_ERROR, new Uint8Array(error.buffer));
      if (attempt.responder.kind === 'ours') resetOnClose(descriptor);
      if (attempt.probe.full === true && error[0] === 0) return stream(attempt, descriptor);
      conclude(attempt, () => socketOutcome(attempt, error[0] ?? 0, performance.now()));
    });
  }

  function launchUdp(attempt: Attempt): void {
    const descriptor = connectedSocket(attempt, SOCK_DGRAM);
    if (descriptor === undefined) return;
    poller.watch(descriptor, POLLIN, () => {
      const errno = -tryReceive(descriptor, received);
      if (errno !== EAGAIN) conclude(attempt, () => socketOutcome(attempt, Math.max(errno, 0), performance.now()));
    });
    measureWay(attempt);
    sendWith(attempt, () => trySend(descriptor, payloadOf(attempt)));
  }

  const launchers = { icmp: launchEcho, tcp: launchTcp, udp: launchUdp } as const;
  return {
    launch(attempt) {
      attempt.started = performance.now();
      attempt.deadline = attempt.started + attempt.timeout;
      listen(attempt.probe);
      launchers[attempt.probe.protocol](attempt);
    },
  };
}
