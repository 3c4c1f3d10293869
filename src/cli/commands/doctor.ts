import { release } from 'node:os';
import { doctor as findings } from '../../engine/preflight/doctor.ts';
import { exitCodes } from '../exit.ts';
import { isOrdinaryUser, tried } from '../rootless.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { version } from '../version.ts';

export async function doctor(terminal: Terminal): Promise<number> {
  // What an ordinary user can do is tried where their bottles live.
  if (isOrdinaryUser()) return tried();
  const found = findings();
  const bad = found.some(({ state, required }) => required && state === 'missing');
  if (terminal.json) {
    terminal.out(jsonDocument('doctor', { netbottle: version, node: process.version, kernel: release(), findings: found }));
    return bad ? exitCodes.error : exitCodes.ok;
  }
  const { green, red, yellow, dim } = terminal.colors;
  terminal.out(`Netbottle ${version}, Node.js ${process.versions.node}, Linux ${release()}`);
  for (const { name, purpose, state, problem, remedy, required } of found) {
    const sign = state === 'ok' ? green('ok     ') : required ? red('missing') : yellow(state === 'blocks' ? 'blocks ' : 'missing');
    terminal.out(`${sign} ${name}  ${dim(purpose)}`);
    if (problem !== undefined) terminal.out(`        ${problem}\n        ${remedy}`);
  }
  return bad ? exitCodes.error : exitCodes.ok;
}
