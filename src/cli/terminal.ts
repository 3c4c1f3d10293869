/** The process as commands see it: where results and progress go, and what can be asked. */
import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

export interface Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  readonly colors: ReturnType<typeof pc.createColors>;
  /** Colours for what goes to stderr. */
  readonly errorColors: ReturnType<typeof pc.createColors>;
  /** Results. */
  out(text: string): void;
  /** Progress and everything else that is not the result. */
  err(text: string): void;
  /** A line on stderr that the next one overwrites; nothing where stderr is no terminal. */
  transient(text: string): void;
  /** Undefined where nobody can answer. */
  ask(question: string): Promise<boolean | undefined>;
}

export interface TerminalOptions {
  readonly json: boolean;
  readonly verbose: boolean;
}

/** `NO_COLOR` (no-color.org) is honoured, and colour goes to terminals only. */
function colorsFor(stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> {
  const { NO_COLOR: none, FORCE_COLOR: forced } = process.env;
  return pc.createColors(none === undefined || none === '' ? stream.isTTY || (forced !== undefined && forced !== '0') : false);
}

export function terminal({ json, verbose }: TerminalOptions): Terminal {
  let shown = false;
  const clear = (): void => {
    if (shown) process.stderr.write('\r\x1b[K');
    shown = false;
  };
  return {
    json,
    verbose,
    colors: colorsFor(process.stdout),
    errorColors: colorsFor(process.stderr),
    out: (text) => {
      clear();
      process.stdout.write(`${text}\n`);
    },
    err: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    transient: (text) => {
      if (!process.stderr.isTTY) return;
      process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns ?? 80) - 1)}`);
      shown = true;
    },
    ask: async (question) => {
      if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
      clear();
      const prompt = createInterface({ input: process.stdin, output: process.stderr });
      try {
        return /^y(es)?$/i.test((await prompt.question(`${question} [y/N] `)).trim());
      } finally {
        prompt.close();
      }
    },
  };
}

/** The version of the documents that `-o json` prints. A field may be added in a version; nothing else changes. */
export const JSON_VERSION = 1;

export const jsonDocument = (kind: string, content: Readonly<Record<string, unknown>>): string =>
  JSON.stringify({ version: JSON_VERSION, kind, ...content }, undefined, 2);
