import { bottleShape } from '../../spec/bottle-shape.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export async function schema(terminal: Terminal): Promise<ExitCode> {
  terminal.out(JSON.stringify(bottleShape, undefined, 2));
  return exitCodes.ok;
}
