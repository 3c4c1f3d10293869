import { suggest } from '../diagnostic/suggest.ts';
import type { Shape } from './shape.ts';
import { alternatives, flowText, quoted, withArticle } from './wording.ts';

/** What other tools call things. */
const otherWords: Readonly<Record<string, string>> = {
  address: 'networks',
  addresses: 'networks',
  bridge: 'bridges',
  checks: 'expect',
  cidr: 'subnet',
  cmd: 'command',
  containers: 'machines',
  cwd: 'directory',
  default: 'gateway',
  dir: 'directory',
  env: 'environment',
  exec: 'run',
  hosts: 'machines',
  interfaces: 'networks',
  ip: 'address',
  nameservers: 'dns',
  nets: 'networks',
  nodes: 'machines',
  ports: 'listen',
  prefix: 'subnet',
  processes: 'run',
  ranges: 'subnet',
  segments: 'networks',
  servers: 'machines',
  subnets: 'networks',
  switches: 'networks',
  tests: 'expect',
  type: 'mode',
  vms: 'machines',
  workdir: 'directory',
};

/** Says what was probably meant by a key that is not known where it stands. */
export class UnknownKeys {
  /** Which parts of the file know a key, by what they are called. */
  readonly #owners = new Map<string, Set<string>>();

  constructor(root: Shape) {
    this.#collect({ ...root, title: undefined }, 'file');
  }

  remedy(key: string, shape: Shape, value: Readonly<Record<string, unknown>>): string {
    const known = Object.keys(shape.properties ?? {});
    const other = otherWords[key.toLowerCase()];
    if (other !== undefined && known.includes(other)) return `Did you mean ${quoted(other)}?${sample(shape.properties?.[other], other)}`;
    const elsewhere = this.#owners.get(key);
    if (elsewhere) return belongs(key, [...elsewhere]);
    const near = meantKey(key, shape);
    if (near) return `Did you mean ${quoted(near)}${Object.hasOwn(value, near) ? ', which is there already' : ''}?`;
    const further = suggest(key, this.#owners.keys());
    if (further) return `Did you mean ${quoted(further)}? ${belongs(further, [...(this.#owners.get(further) ?? [])])}`;
    return `Known here: ${known.map(quoted).join(', ')}.`;
  }

  #collect(shape: Omit<Shape, 'title'> & { readonly title?: string | undefined }, title: string): void {
    const inside = shape.title && shape.properties ? withArticle(shape.title) : title;
    for (const [key, one] of Object.entries(shape.properties ?? {})) {
      const owners = this.#owners.get(key) ?? new Set();
      this.#owners.set(key, owners.add(inside));
      this.#collect(one, quoted(key));
    }
    if (shape.additionalProperties) this.#collect(shape.additionalProperties, inside);
    if (shape.items) this.#collect(shape.items, inside);
    for (const choice of shape.anyOf ?? []) this.#collect(choice, inside);
  }
}

/** The key of a shape that a mistyped one most likely stands for. */
export function meantKey(key: string, shape: Shape): string | undefined {
  return suggest(key, Object.keys(shape.properties ?? {}));
}

function sample(shape: Shape | undefined, key: string): string {
  const value = shape?.examples?.[0];
  return value === undefined ? '' : ` For example ${quoted(`${key}: ${flowText(value)}`)}.`;
}

function belongs(key: string, owners: readonly string[]): string {
  if (owners.includes('file')) return `${quoted(`${key}:`)} stands at the top of the file, not indented.`;
  return `${quoted(key)} belongs to ${alternatives(owners)}.`;
}
