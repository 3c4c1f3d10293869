import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** The program under test is the one that these sources make. */
export function setup(): void {
  execFileSync(join(import.meta.dirname, '..', 'bottle'), ['--version'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
