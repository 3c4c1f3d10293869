import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { EngineError } from '../../engine/error.ts';
import { bottleShape } from '../../spec/bottle-shape.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import type { Terminal } from '../terminal.ts';

const FILE = 'bottle.yaml';
const SCHEMA = '.bottle.schema.json';

/** Writes a first network, and the schema beside it, which editors with a YAML language server read by the modeline. */
export async function init(terminal: Terminal, directory = '.'): Promise<ExitCode> {
  const path = join(directory, FILE);
  if (existsSync(path))
    throw new EngineError('usage', `${path} is there already`, {
      remedy: 'It was left as it is. Name another directory: `bottle init DIRECTORY`.',
    });
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, SCHEMA), `${JSON.stringify(bottleShape, undefined, 2)}\n`);
  writeFileSync(path, firstNetwork(nameFor(directory)));
  terminal.out(`Wrote ${path} and ${join(dirname(path), SCHEMA)}. Next: bottle up ${path}`);
  return exitCodes.ok;
}

/** The directory's name, if it can be one. */
function nameFor(directory: string): string {
  const name = basename(resolve(directory))
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 32)
    .replace(/-+$/, '');
  return name === '' ? 'lab' : name;
}

const firstNetwork = (name: string): string => `# yaml-language-server: $schema=./${SCHEMA}
name: ${name}
networks:
  office: { subnet: 10.1.0.0/24 }
  servers: { subnet: 10.2.0.0/24 }
routers:
  core: { networks: { office: 10.1.0.1, servers: 10.2.0.1 } }
machines:
  alice: { networks: { office: auto } }
  web: { networks: { servers: 10.2.0.10 }, listen: [http] }
expect:
  office -> web: [ping, http]
  servers -> office: ping
`;
