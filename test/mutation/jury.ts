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
    const worker = await this.#ready();
    const answer = await new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(() => {
        worker.removeAllListeners();
        this.#worker = undefined;
        worker.terminate().then(() => resolve([`no answer within ${limit} ms`]), reject);
      }, limit);
      worker.once('message', (message: unknown) => {
        clearTimeout(timer);
        worker.removeAllListeners();
        resolve(message);
      });
      worker.once('error', (error) => {
        clearTimeout(timer);
        this.#worker = undefined;
        resolve([`the thread died: ${error.message}`]);
      });
      worker.postMessage(text);
    });
    return Array.isArray(answer) ? answer.map(String) : [String(answer)];
  }

  async close(): Promise<void> {
    await this.#worker?.terminate();
  }

  async #ready(): Promise<Worker> {
    if (this.#worker) return this.#worker;
    const jiti = createRequire(import.meta.url).resolve('jiti');
    const worker = new Worker(program, { eval: true, workerData: { jiti, judge: join(import.meta.dirname, 'judge.ts') } });
    await new Promise((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
    });
    worker.removeAllListeners();
    this.#worker = worker;
    return worker;
  }
}
