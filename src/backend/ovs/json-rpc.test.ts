import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { JsonRpc } from './json-rpc.ts';

/** A server on a socket of its own that does this with each connection. */
async function withServer(serve: (socket: Socket) => void, use: (path: string) => Promise<void>): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'json-rpc-'));
  const path = join(directory, 'db.sock');
  const server = createServer(serve);
  try {
    await new Promise<void>((resolve) => server.listen(path, resolve));
    await use(path);
  } finally {
    server.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

test('a question to somebody who goes away is an error at once', () =>
  withServer(
    (socket) => socket.once('data', () => socket.end()),
    async (path) => {
      const rpc = await JsonRpc.connect(path);
      await expect(rpc.request('transact', [])).rejects.toMatchObject({ code: 'ovs-protocol', message: 'the connection was closed' });
      await expect(rpc.request('transact', [])).rejects.toMatchObject({ code: 'ovs-protocol' });
    },
  ));

test('questions whether one still lives are answered, and errors are told in the words of the other end', () =>
  withServer(
    (socket) => {
      let said = '';
      socket.write('{"id":"echo","method":"echo","params":[1]}');
      socket.on('data', (chunk) => {
        said += String(chunk);
        if (said.includes('"result":[1]')) socket.write('{"id":1,"result":null,"error":"unknown method"}');
      });
    },
    async (path) => {
      const rpc = await JsonRpc.connect(path);
      await expect(rpc.request('nothing', [])).rejects.toMatchObject({ message: 'unknown method' });
      rpc.close();
    },
  ));

test('where nobody listens, nobody answers', async () => {
  await expect(JsonRpc.connect('/nonexistent/db.sock')).rejects.toMatchObject({ code: 'ovs-absent' });
});
