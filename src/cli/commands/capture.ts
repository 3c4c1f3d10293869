import { createWriteStream } from 'node:fs';
import type { Writable } from 'node:stream';
import { hasReader } from '../../backend/kernel/pipe.ts';
import { startPrinter } from '../../backend/pcap/printer.ts';
import { type Captured, type CaptureOutput, capture as captured } from '../../engine/capture/capture.ts';
import { EngineError } from '../../engine/error.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { version } from '../version.ts';
import { bottleNamed } from '../which.ts';

export interface CaptureOptions {
  readonly bottle?: string;
  readonly write?: string;
  readonly filter?: string;
  readonly ports?: boolean;
  readonly count?: string;
  readonly duration?: string;
  readonly snapLength?: string;
}

/** More than any packet has. */
const WHOLE = 262_144;

export async function capture(terminal: Terminal, where: readonly string[], options: CaptureOptions): Promise<ExitCode> {
  const { write, filter, ports = false } = options;
  const [count, duration] = [numberIn('count', options.count, 1), numberIn('duration', options.duration, 0)];
  const snapLength = numberIn('snap-length', options.snapLength, 1) ?? WHOLE;
  if (terminal.json && write === undefined)
    throw new EngineError('usage', 'standard output cannot have both the packets and JSON', {
      remedy: 'Write the packets into a file: `-w FILE`.',
    });
  const bottle = await bottleNamed(options.bottle);
  const request = {
    bottle,
    where,
    ports,
    snapLength,
    application: `netbottle ${version}`,
    ...(filter === undefined ? {} : { filter }),
    ...(count === undefined ? {} : { count }),
    ...(duration === undefined ? {} : { duration }),
  };
  const context = contextFor(terminal, false);
  const run = (output: CaptureOutput): Promise<Captured> => captured(context, request, output);
  if (write === undefined) {
    await (process.stdout.isTTY ? onTerminal(terminal, run) : run({ ...into(process.stdout), isRead: () => hasReader(process.stdout.fd) }));
    return exitCodes.ok;
  }
  const { packets, points } = await intoFile(write, run);
  if (terminal.json) terminal.out(jsonDocument('capture', { bottle, file: write, packets, points }));
  return exitCodes.ok;
}

function numberIn(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== '' && Number.isFinite(value) && value >= least && (option === 'duration' || Number.isInteger(value))) return value;
  throw new EngineError('usage', `--${option} ${text} is no ${option === 'duration' ? 'number of seconds' : 'whole number above 0'}`, {
    remedy: `For example \`--${option} 10\`.`,
  });
}

/** A pipe that nobody reads any more is an end like any other. */
function into(stream: Writable): CaptureOutput {
  let failure: NodeJS.ErrnoException | undefined;
  stream.on('error', (error) => {
    failure = error;
  });
  return {
    write: (blocks) =>
      new Promise((resolve, reject) => {
        stream.write(blocks, (error) => {
          const wrong = failure ?? (error as NodeJS.ErrnoException | null | undefined);
          if (wrong === undefined || wrong === null) resolve(true);
          else if (wrong.code === 'EPIPE') resolve(false);
          else reject(wrong);
        });
      }),
  };
}

async function intoFile(path: string, run: (output: CaptureOutput) => Promise<Captured>): Promise<Captured> {
  // Made with the first block: what is asked for wrongly overwrites nothing.
  let stream: Writable | undefined;
  const output = (): CaptureOutput => {
    stream = createWriteStream(path);
    return into(stream);
  };
  let opened: CaptureOutput | undefined;
  try {
    return await run({
      write: (blocks, packets) => {
        opened ??= output();
        return opened.write(blocks, packets);
      },
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (stream === undefined || code === undefined || error instanceof EngineError) throw error;
    throw new EngineError('usage', `${path} cannot be written: ${message}`, { cause: error, remedy: 'Name another file, or make room.' });
  } finally {
    await new Promise((resolve) => (stream === undefined ? resolve(undefined) : stream.end(resolve)));
  }
}

/** Each line with the place where its packet was seen. */
async function onTerminal(terminal: Terminal, run: (output: CaptureOutput) => Promise<Captured>): Promise<void> {
  const places = new Map<number, string>();
  let [width, seen] = [0, 0];
  const printer = startPrinter((line, packet) => {
    const place = packet === undefined ? '' : (places.get(packet) ?? '');
    if (packet !== undefined) places.delete(packet);
    terminal.out(`${terminal.colors.bold(place.padEnd(width + ' out'.length))}  ${line}`);
  });
  if (printer === undefined)
    throw new EngineError('host-lacks', 'on a terminal tcpdump prints the packets, and it is not installed', {
      remedy:
        'Install it (Debian: `apt install tcpdump`), write into a file with `-w FILE`, or pipe into a program: `| wireshark -k -i -`.',
    });
  try {
    await run({
      write: (blocks, packets) => {
        for (const { point, direction } of packets) places.set(++seen, `${point.padEnd(width)} ${direction}`);
        return printer.write(blocks);
      },
      follow: (points) => {
        width = Math.max(...points.map((place) => place.length));
      },
    });
  } finally {
    const complaint = await printer.end();
    if (complaint !== undefined) terminal.err(`tcpdump, which prints the packets, has failed: ${complaint}`);
  }
}
