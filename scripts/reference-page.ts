import type { Shape } from '../src/spec/shape.ts';
import { expected, flowText, plural } from '../src/spec/wording.ts';
import { bottleJsonSchema } from './json-schema.ts';

const preface = `# The bottle file

<!-- Written by scripts/generate.ts from src/spec/schema: change it there. -->

A bottle file describes one network. It is YAML 1.2 (\`bottle.yaml\`), or TypeScript or JavaScript (\`bottle.ts\`) whose
default export is the same description, or a function that returns it. JSON is YAML, and can be used too.

A program may take 30 seconds, and is stopped then. What it prints goes to standard error. It runs in a thread of its own,
and with all that you may do: run no program whose author you do not trust.

\`\`\`yaml
name: corp
networks:
  dmz: { subnet: [10.1.0.0/24, fd00:1::/64], domain: dmz.corp }
  hub: { subnet: 10.4.0.0/24 }
routers:
  core: { networks: { dmz: [10.1.0.2, fd00:1::2], hub: 10.4.0.1 } }
machines:
  web: { networks: { dmz: auto }, listen: [http, https] }
  alice: { networks: { hub: auto } }
expect:
  alice -> web: [http, https, ping]
\`\`\`

Names of machines, networks and so on become host names: 1 to 63 lower-case letters, digits and hyphens, beginning with a
letter and ending with a letter or a digit; the name of the bottle itself has at most 32. YAML takes a colon at the end of a text for the end
of a key: an IPv6 address that ends in \`::\` has to be in quotes.

Not taken from YAML: anchors, aliases, merge keys, tags, directives, further documents, and control characters. Every
machine and address leads back to one line of the file; to say things once, use TypeScript. A file has at most 5 MB.

What is wrong with a file is said all at once, with the line and a remedy; [errors.md](errors.md) explains every code.
`;

/** The reference of the file format, in Markdown: every key with its type, default and meaning. */
export function referencePage(): string {
  const writer = new PageWriter();
  writer.section('The file', bottleJsonSchema(), []);
  return `${preface}\n${writer.text()}`;
}

class PageWriter {
  readonly #parts: string[] = [];
  /** The section in which a set of keys was described first. */
  readonly #described = new Map<string, string>();

  text(): string {
    return `${this.#parts.join('\n\n')}\n`;
  }

  section(heading: string, shape: Shape, path: readonly string[]): void {
    const { properties = {}, required = [] } = shape;
    const keys = JSON.stringify(properties);
    const same = this.#described.get(keys);
    this.#parts.push(`## ${heading}`);
    if (shape.description && path.length > 0) this.#parts.push(shape.description);
    if (same !== undefined) {
      this.#parts.push(`The same keys as ${same}.`);
      return;
    }
    this.#described.set(keys, heading);
    const rows = Object.entries(properties).map(([key, one]) => row(key, one, required.includes(key)));
    this.#parts.push(['| key | value | unless given | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n'));
    for (const [key, one] of Object.entries(properties)) this.#inside(one, [...path, key]);
  }

  #inside(shape: Shape, path: readonly string[]): void {
    for (const choice of shape.anyOf ?? []) this.#inside(choice, path);
    if (shape.items) this.#inside(shape.items, [...path.slice(0, -1), `${path.at(-1)}[]`]);
    if (shape.properties) this.section(`\`${path.join('.')}\``, shape, path);
    if (shape.additionalProperties) this.#inside(shape.additionalProperties, [...path, placeholder(path)]);
  }
}

function placeholder(path: readonly string[]): string {
  return path.at(-1) === 'networks' && path.length > 1 ? 'NETWORK' : path.at(-1) === 'ends' ? 'MACHINE' : 'NAME';
}

function row(key: string, shape: Shape, required: boolean): string {
  const unless = required ? '**required**' : shape.default === undefined ? '' : `\`${String(shape.default)}\``;
  const examples = (shape.examples ?? []).map((one) => `\`${key}: ${flowText(one)}\``);
  const meaning = [shape.description, examples.length > 0 && `Example: ${examples.join(', ')}`].filter(Boolean).join(' ');
  return `| ${cells([`\`${key}\``, value(shape), unless, meaning])} |`;
}

function cells(texts: readonly string[]): string {
  return texts.map((text) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ');
}

function value(shape: Shape): string {
  const range = shape.minimum !== undefined && shape.maximum !== undefined ? `, ${shape.minimum} to ${shape.maximum}` : '';
  const part = shape.additionalProperties || undefined;
  if (part && !shape.anyOf) return part.title ? `${plural(part.title)} by name` : `for each, ${expected(part)}`;
  return expected(shape) + range;
}
