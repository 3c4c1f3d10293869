/** What the built-in responders say. They know nothing of namespaces: they are given sockets. */
import type { Socket as DatagramSocket, RemoteInfo } from 'node:dgram';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';

/** A connection on which nothing is said for this long is closed. Milliseconds. */
const IDLE_LIMIT = 10 * 60_000;

/** `web tcp/80, you are 10.1.0.9:40312` as an HTTP page, whatever is asked for. */
export function httpResponder(name: string): HttpServer {
  return createHttpServer((request, response) => {
    const { remoteAddress = '', remotePort = 0 } = request.socket;
    const text = `${name}, you are ${endpoint(remoteAddress, remotePort)}\n`;
    // What was sent is read to its end, or the client may see a reset connection instead of the answer.
    request.resume();
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', 'content-length': Buffer.byteLength(text) });
    response.end(text);
  });
}

/** `web tcp/22`, and then whatever comes, until the other side ends. */
export function greetingResponder(name: string): { readonly server: Server; closeAll(): void } {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(IDLE_LIMIT, () => socket.destroy());
    socket.write(`${name}\n`);
    socket.pipe(socket);
  });
  return { server, closeAll: () => open.forEach((socket) => void socket.destroy()) };
}

/** An answer of another responder: two of them would talk to each other for ever. */
const ANSWER = /^[a-z][a-z0-9-]* udp\/\d+ /;

/** `web udp/53 ` and what came, from the address that it was sent to. */
export function echo(name: string, socket: DatagramSocket, message: Buffer, from: RemoteInfo): void {
  if (ANSWER.test(message.subarray(0, 80).toString('latin1'))) return;
  const { family, port } = socket.address();
  // An IPv4 sender has an IPv6 form on a socket of both families, which one of IPv4 alone does not know.
  const to = family === 'IPv4' ? plain(from.address) : from.address;
  // A datagram that cannot be sent (no route back, too long) is lost, as datagrams are.
  socket.send(Buffer.concat([Buffer.from(`${name} udp/${port} `), message]), from.port, to, () => undefined);
}

/** IPv4 as people write it, also where it came through an IPv6 socket. @internal */
export function endpoint(address: string, port: number): string {
  return plain(address).includes(':') ? `[${address}]:${port}` : `${plain(address)}:${port}`;
}

const plain = (address: string): string => (address.startsWith('::ffff:') ? address.slice(7) : address);
