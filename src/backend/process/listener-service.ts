import { createSocket, type Socket as DatagramSocket } from 'node:dgram';
import { once } from 'node:events';
import { closeSync } from 'node:fs';
import type { Server } from 'node:net';
import type { Listener } from '../../resource/listener.ts';
import { within } from '../kernel/namespace.ts';
import { SystemError } from '../kernel/system-error.ts';
import { type LocalAddress, localAddresses, type OpenSocket, openOn, openOnAny } from './listening-socket.ts';
import { portOwner } from './port-owner.ts';
import { ProcessError } from './process-error.ts';
import { echo, greetingResponder, httpResponder } from './responder.ts';

/** A responder that answers, until it is closed. */
export interface Service {
  close(): Promise<void>;
}

/** Opens the port of a listener in its machine, and answers on it. */
export async function serve(listener: Listener, namespacePath: string): Promise<Service> {
  try {
    return listener.protocol === 'tcp' ? await serveTcp(listener, namespacePath) : await serveUdp(listener, namespacePath);
  } catch (error) {
    throw explain(error, listener, namespacePath);
  }
}

async function serveTcp({ machine, port, responder }: Listener, namespacePath: string): Promise<Service> {
  const { descriptor } = within(namespacePath, () => openOnAny('tcp', port));
  const name = `${machine} tcp/${port}`;
  if (responder === 'http') {
    const server = httpResponder(name);
    await take(server, descriptor);
    return { close: () => closed(server, () => server.closeAllConnections()) };
  }
  const { server, closeAll } = greetingResponder(name);
  await take(server, descriptor);
  return { close: () => closed(server, closeAll) };
}

async function take(server: Server, descriptor: number): Promise<void> {
  server.listen({ fd: descriptor });
  await once(server, 'listening');
  // Running out of descriptors, most likely: the connection is lost, the listener is not.
  server.on('error', () => undefined);
}

async function closed(server: Server, closeConnections: () => void): Promise<void> {
  const done = once(server, 'close');
  server.close();
  closeConnections();
  await done;
}

/**
 * A UDP answer has to come from the address that the question went to. A socket on all addresses does not tell which one
 * that was (Node has no IP_PKTINFO), so there is a socket on each, and the kernel prefers it to the one on all,
 * which gets what goes to addresses that came later: they are then looked up and get a socket too.
 */
async function serveUdp({ machine, port }: Listener, namespacePath: string): Promise<Service> {
  const sockets: DatagramSocket[] = [];
  const known = new Set<string>();
  const adopt = (open: OpenSocket): DatagramSocket => {
    const socket = datagramSocket(open);
    sockets.push(socket);
    return socket;
  };
  /** Sockets on the addresses that have none yet. */
  const catchUp = (): readonly DatagramSocket[] =>
    within(namespacePath, () => {
      const fresh = localAddresses().filter((local) => !known.has(keyOf(local)));
      for (const local of fresh) known.add(keyOf(local));
      return fresh.flatMap((local) => openIfThere(local, port)).map(adopt);
    }).map((socket) => socket.on('message', (message, from) => echo(machine, socket, message, from)));

  const close = async (): Promise<void> => {
    await Promise.all(sockets.map(async (socket) => await new Promise<void>((resolve) => socket.close(resolve))));
  };
  try {
    const any = adopt(within(namespacePath, () => openOnAny('udp', port)));
    any.on('message', (message, from) => {
      // With one new address it is the one that was meant; with several the kernel chooses.
      const fresh = catchUp();
      echo(machine, fresh.length === 1 && fresh[0] ? fresh[0] : any, message, from);
    });
    catchUp();
  } catch (error) {
    await close();
    throw error;
  }
  return { close };
}

/** A socket on an address, or none when the address went away since it was read, or is another program's by now. */
function openIfThere(local: LocalAddress, port: number): readonly OpenSocket[] {
  try {
    return [openOn('udp', local, port)];
  } catch (error) {
    if (error instanceof SystemError && (error.code === 'EADDRNOTAVAIL' || error.code === 'EADDRINUSE')) return [];
    throw error;
  }
}

const keyOf = ({ address, scope }: LocalAddress): string => `${address}%${scope}`;

function datagramSocket({ descriptor, family }: OpenSocket): DatagramSocket {
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4' });
  socket.on('error', () => undefined);
  try {
    // At once, unlike a bind to an address.
    socket.bind({ fd: descriptor });
    return socket;
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function explain(error: unknown, { machine, protocol, port }: Listener, namespacePath: string): unknown {
  if (!(error instanceof SystemError)) return error;
  const what = `${machine} cannot listen on ${protocol}/${port}`;
  if (error.code !== 'EADDRINUSE') return new ProcessError('listener-failed', `${what}: ${error.message}`);
  const owner = portOwner(namespacePath, protocol, port);
  return new ProcessError(
    'port-in-use',
    `${what}: ${owner ?? 'another process'} has the port`,
    `Take the service out of \`listen:\`, or end ${owner ?? 'the process'}.`,
  );
}
