import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** Milliseconds that one file may take. */
const limit = 2000;

// A worker does not know TypeScript by itself.
const program = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { createJiti } = require(workerData.jiti);
  createJiti(workerData.judge).import(workerData.judge).then(({ judge }) => {
    parentPort.on('message', (text) => parentPort.postMessage(judge(text)));
    parentPort.postMessage('ready');
  });
`;

/** Judges texts in a thread of its own, so that one that hangs is noticed and left behind. */
export class Jury {
  #worker: Worker | undefined;

  async judge(text: string): Promise<readonly string[]> {
    this.#worker ??= await begin();
    const worker = this.#worker;
    worker.postMessage(text);
    const answer = await next(worker, limit);
    if (answer.kind === 'message') return Array.isArray(answer.message) ? answer.message.map(String) : [String(answer.message)];
    this.#worker = undefined;
    await worker.terminate();
    return [answer.kind === 'late' ? `no answer within ${limit} ms` : `the thread died: ${answer.error.message}`];
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }
}

async function begin(): Promise<Worker> {
  const jiti = createRequire(import.meta.url).resolve('jiti');
  const worker = new Worker(program, { eval: true, workerData: { jiti, judge: join(import.meta.dirname, 'judge.ts') } });
  const answer = await next(worker, 60_000);
  if (answer.kind !== 'message') throw new Error('the thread that judges did not start', { cause: answer });
  return worker;
}

type Answer =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'died'; readonly error: Error }
  | { readonly kind: 'late' };

function next(worker: Worker, patience: number): Promise<Answer> {
  return new Promise((resolve) => {
    const settle = (answer: Answer): void => {
      clearTimeout(timer);
      worker.off('message', onMessage);
      worker.off('error', onError);
      resolve(answer);
    };
    const onMessage = (message: unknown): void => settle({ kind: 'message', message });
    const onError = (error: Error): void => settle({ kind: 'died', error });
    const timer = setTimeout(() => settle({ kind: 'late' }), patience);
    worker.on('message', onMessage);
    worker.on('error', onError);
  });
}
