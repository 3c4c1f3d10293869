import { bottleJsonSchema } from '../../spec/json-schema.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

export async function schema(terminal: Terminal): Promise<ExitCode> {
  terminal.out(JSON.stringify(bottleJsonSchema(), undefined, 2));
  return exitCodes.ok;
}
