import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { socketPath } from '../socket-path.ts';
import { JsonStream } from './json-stream.ts';
import { OvsError } from './ovs-error.ts';

/** Milliseconds to wait for an answer. */
const LIMIT = 30_000;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: OvsError) => void;
  readonly timer: NodeJS.Timeout;
}

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: readonly unknown[];
  readonly result?: unknown;
  readonly error?: unknown;
}

/** A connection that speaks JSON-RPC 1.0 over a stream, as OVSDB servers and the control sockets of the daemons do (RFC 7047, section 4). */
export class JsonRpc {
  readonly #socket: Socket;
  readonly #stream = new JsonStream();
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #ended: OvsError | undefined;
  /** Called with what comes unasked. */
  notified: (method: string, params: readonly unknown[]) => void = () => undefined;
  /** Called once, when the connection is no more. */
  ended: (error: OvsError) => void = () => undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', (error) => this.#end(`the connection broke: ${error.message}`, error));
    socket.on('close', () => this.#end('the connection was closed'));
  }

  /** @throws OvsError `ovs-absent` */
  static async connect(path: string): Promise<JsonRpc> {
    const { path: near, release } = socketPath(path);
    const socket = createConnection(near);
    try {
      await once(socket, 'connect');
    } catch (error) {
      socket.destroy();
      throw new OvsError('ovs-absent', `nobody answers on ${path}: ${(error as Error).message}`, { cause: error });
    } finally {
      release();
    }
    return new JsonRpc(socket);
  }

  /** @throws OvsError `ovs-protocol`, also with what the other end calls an error */
  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    if (this.#ended !== undefined) throw this.#ended;
    const id = this.#next++;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new OvsError('ovs-protocol', `no answer to ${method} in ${LIMIT / 1000} seconds`));
      }, LIMIT);
      this.#waiting.set(id, { resolve, reject, timer });
      this.#send({ method, params, id });
    });
  }

  close(): void {
    this.#end('the connection was closed');
    this.#socket.destroy();
  }

  #send(message: unknown): void {
    this.#socket.write(JSON.stringify(message));
  }

  #take(chunk: Buffer): void {
    try {
      for (const value of this.#stream.push(chunk)) this.#understand(value as Message);
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      this.#end('what came is no JSON', error);
      this.#socket.destroy();
    }
  }

  #understand({ id, method, params, result, error }: Message): void {
    if (method === 'echo') this.#send({ id, result: params, error: null });
    else if (method !== undefined) this.notified(method, params ?? []);
    else if (typeof id === 'number') {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      clearTimeout(waiting?.timer);
      if (error === null || error === undefined) waiting?.resolve(result);
      else waiting?.reject(new OvsError('ovs-protocol', typeof error === 'string' ? error.trim() : JSON.stringify(error)));
    }
  }

  #end(message: string, cause?: unknown): void {
    if (this.#ended !== undefined) return;
    this.#ended = new OvsError('ovs-protocol', message, { cause });
    for (const { reject, timer } of this.#waiting.values()) {
      clearTimeout(timer);
      reject(this.#ended);
    }
    this.#waiting.clear();
    this.ended(this.#ended);
  }
}
