/** What `program.js` is made from: the command line; or, in the thread of a bottle.ts, what runs that. */
import { isMainThread } from 'node:worker_threads';

export async function start(): Promise<void> {
  if (!isMainThread) {
    await import('../spec/program-thread.ts');
    return;
  }
  // Whoever reads the results may stop, as `head` does; what is under way is finished nevertheless.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  let ended = false;
  // Nothing is left to do then. Without it Node takes the heap apart piece by piece, which is 20 ms after a large network.
  process.once('beforeExit', () => {
    if (!ended) throw new Error('the command waits for what never comes');
    process.exit();
  });
  const { main } = await import('./main.ts');
  await main();
  ended = true;
}
