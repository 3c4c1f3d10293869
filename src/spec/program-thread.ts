/**
 * What runs in the thread of a program. The program may do what it likes with its thread; the result that leaves it is plain data,
 * already compared with the format, so that an object that cannot leave a thread is said to be one.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { plainData } from './plain-data.ts';
import { type Validated, validate } from './validate.ts';

/** Given to a thread to say that it is one of these, and which file it is to run. */
export interface ProgramTask {
  readonly netbottleProgram: string;
}

export type ProgramResult =
  | { readonly kind: 'made'; readonly validated: Validated }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'threw'; readonly message: string; readonly stack: string };

/** What a thread starts from: this file, or where the built program begins. */
export const threadFile = import.meta.filename;

async function run(path: string): Promise<ProgramResult> {
  try {
    // Here and not above, so that only the thread loads it.
    const { createJiti } = await import('jiti');
    // Nothing is kept on the disk, for the file and what it imports may change.
    const jiti = createJiti(threadFile, { fsCache: false, moduleCache: false, interopDefault: false });
    const module = await jiti.import<Readonly<Record<string, unknown>>>(path);
    const made = module['default'];
    const value: unknown = typeof made === 'function' ? await made() : await made;
    if (value === undefined || value === null) return { kind: 'nothing' };
    const { data, diagnostics } = plainData(value);
    const readable = diagnostics.length === 0 ? () => ({ value: data, lost: [] }) : undefined;
    return { kind: 'made', validated: validate(data, diagnostics, readable) };
  } catch (error) {
    if (!(error instanceof Error)) return { kind: 'threw', message: String(error), stack: '' };
    return { kind: 'threw', message: error.message, stack: error.stack ?? '' };
  }
}

const isTask = (data: unknown): data is ProgramTask => typeof data === 'object' && data !== null && 'netbottleProgram' in data;

if (parentPort !== null && isTask(workerData)) {
  // Standard output is for our results.
  // biome-ignore lint/plugin: it is the program that prints, not we
  process.stdout.write = process.stderr.write.bind(process.stderr);
  const port = parentPort;
  void run(workerData.netbottleProgram).then((result) => port.postMessage(result));
}
