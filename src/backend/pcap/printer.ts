/** tcpdump(1), which prints the packets of a capture file that is being written. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { inUserNamespace } from '../home.ts';
import { program } from '../host/abilities.ts';

/** A line begins with the number of its packet, counting from 1, unless it goes on with the one before. */
const NUMBERED = /^ *(\d+) {2}(.*)$/;

export interface Printer {
  /** False once tcpdump has ended. */
  write(bytes: Buffer): Promise<boolean>;
  /** Waits until all is printed. Gives what tcpdump complained of, if it did. */
  end(): Promise<string | undefined>;
}

/** Undefined where tcpdump is not installed. `print` gets each line, and the number of the packet that it begins. */
export function startPrinter(print: (line: string, packet: number | undefined) => void): Printer | undefined {
  const tcpdump = program('tcpdump');
  if (tcpdump === undefined) return undefined;
  const words = [tcpdump, '-#', '-n', '-l', '-r', '-'];
  // It insists on giving up root for a user of its own, whom the user namespace may not have. In another one inside it is nobody.
  const [file = tcpdump, ...args] = inUserNamespace() ? ['unshare', '--user', ...words] : words;
  // Ctrl-C is for whoever captures: it ends when its input does, and prints what it has.
  const child = spawn(file, args, { stdio: 'pipe', detached: true });
  let [isOpen, complaint] = [true, ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  child.stdin.on('error', () => {
    isOpen = false;
  });
  let begun = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (begun + text).split('\n');
    begun = lines.pop() ?? '';
    for (const line of lines) {
      const [, number, rest] = NUMBERED.exec(line) ?? [];
      print(rest ?? line, number === undefined ? undefined : Number(number));
    }
  });
  const ended = once(child, 'close');
  return {
    write: async (bytes) => {
      if (isOpen && !child.stdin.write(bytes)) await Promise.race([once(child.stdin, 'drain'), ended]);
      return isOpen;
    },
    end: async () => {
      child.stdin.end();
      await ended;
      return child.exitCode === 0 ? undefined : complaint.trim();
    },
  };
}
