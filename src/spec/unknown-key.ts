import { suggest } from '../diagnostic/suggest.ts';
import type { Shape } from './shape.ts';
import { sampleOf } from './shape-fit.ts';
import { alternatives, flowText, plural, quoted, withArticle } from './wording.ts';

/** What other tools, and people, call things. */
const otherWords: Readonly<Record<string, readonly string[]>> = {
  address: ['networks'],
  addresses: ['address', 'networks'],
  bridge: ['bridges'],
  checks: ['expect'],
  cidr: ['subnet'],
  cmd: ['command'],
  containers: ['machines'],
  cwd: ['directory'],
  default: ['gateway'],
  dir: ['directory'],
  env: ['environment'],
  exec: ['run'],
  hosts: ['machines'],
  hwaddr: ['mac'],
  interfaces: ['networks'],
  ip: ['address', 'networks'],
  ips: ['address', 'networks'],
  machine: ['machines'],
  nameservers: ['dns'],
  nets: ['networks'],
  nodes: ['machines'],
  ports: ['listen'],
  prefix: ['subnet'],
  processes: ['run'],
  ranges: ['subnet'],
  segments: ['networks'],
  servers: ['machines'],
  subnets: ['subnet', 'networks'],
  switches: ['networks'],
  tests: ['expect'],
  type: ['mode'],
  vms: ['machines'],
  workdir: ['directory'],
};

/** Says what was probably meant by a key that is not known where it stands. */
export class UnknownKeys {
  /** Which parts of the file know a key, by what they are called. */
  readonly #owners = new Map<string, Set<string>>();

  constructor(root: Shape) {
    this.#collect({ ...root, title: undefined }, 'file');
  }

  remedy(key: string, shape: Shape, value: Readonly<Record<string, unknown>>): string {
    if (/^(\/\/|\/\*|;)/.test(key)) return 'A comment begins with `#`.';
    const other = otherWord(key, shape);
    if (other !== undefined) {
      const sample = Object.hasOwn(value, other) ? undefined : sampleOf(shape.properties?.[other]);
      return `Did you mean ${quoted(other)}?${sample === undefined ? '' : ` For example ${quoted(`${other}: ${flowText(sample)}`)}.`}`;
    }
    const near = meantKey(key, shape);
    const elsewhere = this.#owners.get(key);
    const isPlural = near === plural(key) || (near !== undefined && plural(near) === key);
    if (elsewhere && !isPlural) return belongs(key, [...elsewhere]);
    if (near) return `Did you mean ${quoted(near)}${Object.hasOwn(value, near) ? ', which is there already' : ''}?`;
    const further = suggest(key, this.#owners.keys());
    if (further) return `Did you mean ${quoted(further)}? ${belongs(further, [...(this.#owners.get(further) ?? [])])}`;
    return `Known here: ${Object.keys(shape.properties ?? {})
      .map(quoted)
      .join(', ')}.`;
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

/** The key of a shape that another one most likely stands for. */
export function meantKey(key: string, shape: Shape): string | undefined {
  return otherWord(key, shape) ?? suggest(key, Object.keys(shape.properties ?? {}));
}

function otherWord(key: string, shape: Shape): string | undefined {
  const word = key.toLowerCase();
  if (!Object.hasOwn(otherWords, word)) return undefined;
  return otherWords[word]?.find((one) => Object.hasOwn(shape.properties ?? {}, one));
}

function belongs(key: string, owners: readonly string[]): string {
  if (owners.includes('file')) return `${quoted(`${key}:`)} stands at the top of the file, not indented.`;
  return `${quoted(key)} belongs to ${alternatives(owners)}.`;
}
