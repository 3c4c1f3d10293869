/**
 * Somebody to answer where nobody listens yet.
 *
 * A listener is bound to the one address that is probed: the answer then comes from where the probe went, a daemon that
 * listens on another address of the node is not in the way, and a node without IPv6 needs no special case.
 */
import {
  bind,
  POLLIN,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOCK_STREAM,
  setSocketOption,
  socket,
  tryAccept,
  tryBind,
  tryListen,
  tryReceive,
  tryReceiveFrom,
  trySend,
  trySendTo,
} from '../../backend/kernel/libc.ts';
import { within } from '../../backend/kernel/namespace.ts';
import { SystemError } from '../../backend/kernel/system-error.ts';
import { enlargeBuffer } from './buffer.ts';
import type { Descriptors } from './descriptors.ts';
import type { Poller } from './poller.ts';
import type { Probe } from './probe.ts';
import { addressKey, IPPROTO_UDP, ints, SO_LINGER, SO_REUSEADDR, SOL_SOCKET, socketAddress, socketDomain } from './sockaddr.ts';

/** `ours`: the probe's own listener. `theirs`: a program of the node's. `unknown`: the address is none of the bottle's. */
export type Responder = { readonly kind: 'ours' | 'theirs' | 'unknown' } | { readonly kind: 'failed'; readonly message: string };

export interface Listeners {
  responder(probe: Probe): Responder;
}

interface Setting {
  readonly poller: Poller;
  readonly descriptors: Descriptors;
  readonly namespacePath: (node: string) => string;
  /** Called with the payload of each UDP datagram that reached a node where a program of its own listens. */
  readonly delivered: (payload: Uint8Array) => void;
}

const EADDRINUSE = -98;
const EADDRNOTAVAIL = -99;
const EAGAIN = -11;

/** Closing sends a reset: a momentary listener must leave no connection in TIME_WAIT that keeps its port from a real one. */
export const resetOnClose = (descriptor: number): void => setSocketOption(descriptor, SOL_SOCKET, SO_LINGER, ints(1, 0));

const landingOf = ({ landing, to, port = 0 }: Probe): Required<Probe>['landing'] => landing ?? { address: to, port };

export function spotOf(probe: Probe): string {
  const { address, port } = landingOf(probe);
  return `${probe.target} ${probe.protocol} ${addressKey(address)} ${port}`;
}

/** Packets to one address of a node are overheard once, whatever their port. */
export const overhearingOf = (probe: Probe): string => `${probe.target} ${addressKey(landingOf(probe).address)}`;

/** What comes is sent back before anything else is read. */
const data = new Uint8Array(65536);

/** Sends back what comes, until the other end closes. */
function echoTcp(descriptor: number, { poller, descriptors }: Setting): void {
  poller.watch(descriptor, POLLIN, () => {
    const length = tryReceive(descriptor, data);
    if (length > 0) trySend(descriptor, data.subarray(0, length));
    else if (length !== EAGAIN) {
      poller.forget(descriptor);
      descriptors.close(descriptor);
    }
  });
}

function listenTcp(probe: Probe, echoes: boolean, setting: Setting): number {
  const { poller, descriptors } = setting;
  const { address, port } = landingOf(probe);
  const descriptor = descriptors.keep(socket(socketDomain(address), SOCK_STREAM | SOCK_NONBLOCK, 0));
  // Connections of a daemon that has just ended may linger; a listening daemon still makes the bind fail.
  setSocketOption(descriptor, SOL_SOCKET, SO_REUSEADDR, ints(1));
  const result = tryBind(descriptor, socketAddress(address, port)) || tryListen(descriptor, 4096);
  if (result < 0) {
    descriptors.close(descriptor);
    return result;
  }
  poller.watch(descriptor, POLLIN, () => {
    for (let accepted = tryAccept(descriptor); accepted >= 0; accepted = tryAccept(descriptor)) {
      descriptors.keep(accepted);
      resetOnClose(accepted);
      if (echoes) echoTcp(accepted, setting);
      else descriptors.close(accepted);
    }
  });
  return 0;
}

function listenUdp(probe: Probe, { poller, descriptors }: Setting): number {
  const { address, port } = landingOf(probe);
  const descriptor = descriptors.keep(socket(socketDomain(address), SOCK_DGRAM | SOCK_NONBLOCK, 0));
  const result = tryBind(descriptor, socketAddress(address, port));
  if (result < 0) {
    descriptors.close(descriptor);
    return result;
  }
  enlargeBuffer(descriptor, 'receive');
  const data = new Uint8Array(65536);
  const sender = new Uint8Array(address.family === 4 ? 16 : 28);
  poller.watch(descriptor, POLLIN, () => {
    for (let length = tryReceiveFrom(descriptor, data, sender); length >= 0; length = tryReceiveFrom(descriptor, data, sender))
      trySendTo(descriptor, data.subarray(0, length), sender);
  });
  return 0;
}

/**
 * Hears every UDP datagram that the node's stack takes in (raw(7)), behind its input filter: the only way to tell a
 * datagram that a foreign program got and left unanswered from one that was lost.
 */
function overhearUdp(probe: Probe, { poller, descriptors, delivered }: Setting): void {
  const { address } = landingOf(probe);
  const descriptor = descriptors.keep(socket(socketDomain(address), SOCK_RAW | SOCK_NONBLOCK, IPPROTO_UDP));
  bind(descriptor, socketAddress(address, 0));
  enlargeBuffer(descriptor, 'receive');
  const data = new Uint8Array(65536);
  poller.watch(descriptor, POLLIN, () => {
    for (let length = tryReceive(descriptor, data); length >= 0; length = tryReceive(descriptor, data)) {
      const header = address.family === 4 ? ((data[0] ?? 0) & 15) * 4 : 0;
      if (length >= header + 8) delivered(data.subarray(header + 8, length));
    }
  });
}

/** Sees to it that each spot that the probes go to has somebody who answers. */
export function openListeners(probes: readonly Probe[], setting: Setting): Listeners {
  const responders = new Map<string, Responder>();
  const nodes = new Map<string, Probe[]>();
  const filled = new Set(probes.flatMap((probe) => (probe.full === true && probe.protocol === 'tcp' ? [spotOf(probe)] : [])));
  for (const probe of probes) {
    if (probe.target === undefined || probe.protocol === 'icmp') continue;
    const spot = spotOf(probe);
    if (responders.has(spot)) continue;
    responders.set(spot, { kind: 'theirs' });
    const spots = nodes.get(probe.target);
    if (spots) spots.push(probe);
    else nodes.set(probe.target, [probe]);
  }

  const open = (probe: Probe, overheard: Set<string>): Responder => {
    const result = probe.protocol === 'tcp' ? listenTcp(probe, filled.has(spotOf(probe)), setting) : listenUdp(probe, setting);
    if (result === 0) return { kind: 'ours' };
    // An address that has gone from the node: the probe itself shows what comes of it.
    if (result === EADDRNOTAVAIL) return { kind: 'unknown' };
    if (result !== EADDRINUSE) throw new SystemError('bind', -result, spotOf(probe));
    if (probe.protocol === 'udp' && !overheard.has(overhearingOf(probe))) {
      overheard.add(overhearingOf(probe));
      overhearUdp(probe, setting);
    }
    return { kind: 'theirs' };
  };

  for (const [node, spots] of nodes) {
    try {
      within(setting.namespacePath(node), () => {
        const overheard = new Set<string>();
        for (const probe of spots) responders.set(spotOf(probe), open(probe, overheard));
      });
    } catch (error) {
      const message = `${node}: ${error instanceof Error ? error.message : String(error)}`;
      for (const probe of spots) responders.set(spotOf(probe), { kind: 'failed', message });
    }
  }
  return { responder: (probe) => responders.get(spotOf(probe)) ?? { kind: 'unknown' } };
}
