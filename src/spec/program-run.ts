import { Worker } from 'node:worker_threads';
import { type ProgramResult, type ProgramTask, threadFile } from './program-thread.ts';

/** What came of running a program, or why nothing did. */
export type Ran =
  | ProgramResult
  /** It left with process.exit(), or waits for what never comes. */
  | { readonly kind: 'left' }
  | { readonly kind: 'late'; readonly seconds: number };

/**
 * Runs a program in a thread of its own, which can be ended whatever it does, and costs less than a process.
 * What it prints goes to standard error.
 *
 * @param path absolute
 * @param limit milliseconds
 */
export function runProgram(path: string, limit: number): Promise<Ran> {
  const thread = startThread({ netbottleProgram: path });
  return new Promise((settle) => {
    let ran: Ran = { kind: 'left' };
    const timer = setTimeout(() => {
      ran = { kind: 'late', seconds: limit / 1000 };
      void thread.terminate();
    }, limit);
    thread.once('message', (result: ProgramResult) => {
      ran = result;
      clearTimeout(timer);
      // Timers that it left behind would keep it; what it has printed is on its way before the result.
      void thread.terminate();
    });
    thread.once('error', (error) => {
      ran = { kind: 'threw', message: error.message, stack: error.stack ?? '' };
    });
    thread.once('exit', () => {
      clearTimeout(timer);
      settle(ran);
    });
  });
}

/** In the build the file is JavaScript; from the source, jiti has to read it. */
function startThread(workerData: ProgramTask): Worker {
  if (!threadFile.endsWith('.ts')) return new Worker(threadFile, { workerData });
  const file = JSON.stringify(threadFile);
  const start = `require('node:module').createRequire(${file})('jiti').createJiti(${file}).import(${file})`;
  return new Worker(start, { workerData, eval: true });
}
