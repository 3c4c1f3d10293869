import type { Random } from './random.ts';

type Texts = readonly [string, ...string[]];

/** What YAML has a meaning for, and what upsets programs that read text. */
const marks: Texts = [
  '\n',
  '\r\n',
  '\r',
  '\t',
  '  ',
  '"',
  "'",
  '\\',
  '[',
  ']',
  '{',
  '}',
  ':',
  ': ',
  ',',
  '- ',
  '? ',
  '#',
  '|',
  '>',
  '%',
  '@',
  '`',
  '&a',
  '*a',
  '<<: *a',
  '!!str',
  '!x',
  '---\n',
  '...\n',
  '\0',
  '\u001b[31m',
  '\ufeff',
  '\u2028',
  '\u202e',
  '\ud800',
  'networks:',
  'machines:',
  'routers:',
  'links:',
  'bridges:',
  'expect:',
  'policy:',
  'forwards:',
  'otherwise:',
  'subnet:',
  'nat:',
  'tenant: acme',
  'shared: true',
  'mtu: 68',
  'gateway: none',
  'host: auto',
];

/** Values that YAML takes, and that mean something to the file format or look as if they did. */
const values: Texts = [
  '0',
  '-1',
  '255',
  '256',
  '65536',
  '4294967296',
  '99999999999999999999',
  '1e400',
  '.inf',
  '.nan',
  '0x7f',
  '1_000',
  '1.5',
  'null',
  '~',
  'true',
  'yes',
  '[]',
  '{}',
  '""',
  '[[]]',
  '{ a: b }',
  'é',
  'e\u0301',
  '漢字',
  '🚀',
  '__proto__',
  'constructor',
  'toString',
  'auto',
  'none',
  'any',
  'default',
  'only',
  'only ping',
  'only [ping]',
  'nothing',
  'otherwise',
  'drop',
  'reject',
  '{ allow: any, log: true }',
  '{ deny: [ssh, ping], action: reject }',
  '{ masquerade: internet }',
  '{ snat: { internet: 198.51.100.3 }, except: [lan] }',
  'acme',
  'host',
  'any -> any',
  'host tcp/80',
  'edge tcp/1-65535',
  '198.51.100.3 udp/53',
  'web:80',
  'web:9000-9010',
  'internet',
  '->',
  'a -> b',
  'web',
  'edge',
  'core',
  'lan',
  'dmz',
  'hub',
  'left',
  'nat',
  'bridged',
  'routed',
  'host-only',
  'internal',
  'macvlan',
  '02:00:00:00:00:01',
  'ff:ff:ff:ff:ff:ff',
  '01:00:5e:00:00:01',
  '0.0.0.0',
  '0.0.0.0/0',
  '"::"',
  '::/0',
  '::1',
  '127.0.0.1',
  '10.0.0.0/8',
  '10.1.0.0',
  '10.1.0.1',
  '10.1.0.2',
  '10.1.0.0/24',
  '10.1.0.0/30',
  '10.1.0.255',
  '10.1.0.0/33',
  'fd00:1::1',
  'fd00::/129',
  'fd00:1::/64',
  'fe80::1%eth0',
  '::ffff:10.1.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '01.02.03.04',
  '10.1',
  '10.1.0.0/31',
  '10.1.0.0/0',
  'tcp/0',
  'tcp/80',
  'tcp/65536',
  'tcp/9-1',
  'tcp/1-65535',
  'udp/',
  'icmp',
  'icmp/8',
  'ping',
  'ssh',
  'x-very-long-name-that-goes-on',
  '../../etc',
  '$(reboot)',
  '-rf',
];

/** Changes a text in one to four ways that chance decides. `others` are spliced in. */
export function mutate(text: string, others: Texts, random: Random): string {
  let mutant = text;
  for (let times = random.below(random.below(4) + 1); times >= 0; times--) mutant = random.pick(operators)(mutant, others, random);
  return mutant;
}

type Operator = (text: string, others: Texts, random: Random) => string;

const operators: readonly [Operator, ...Operator[]] = [
  flipBit,
  remove,
  duplicate,
  swapLines,
  swapTokens,
  insertMark,
  replaceWord,
  replaceValue,
  replaceValue,
  replaceValue,
  swapValues,
  swapValues,
  splice,
  reindent,
  moveLine,
];

/** Keys and values: what stands between the marks of YAML. */
const valueParts = /([\w./-]+(?::[\w./:-]+)?)/;

function flipBit(text: string, _others: Texts, random: Random): string {
  const bytes = Buffer.from(text);
  const at = random.below(bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << random.below(8));
  return bytes.toString();
}

function remove(text: string, _others: Texts, random: Random): string {
  const at = random.below(text.length);
  return text.slice(0, at) + text.slice(at + 1 + random.below(random.below(40)));
}

function duplicate(text: string, _others: Texts, random: Random): string {
  const from = random.below(text.length);
  const part = text.slice(from, from + 1 + random.below(120));
  const at = random.below(text.length);
  return text.slice(0, at) + part.repeat(1 + random.below(3)) + text.slice(at);
}

function swapLines(text: string, _others: Texts, random: Random): string {
  const lines = text.split('\n');
  swap(lines, random.below(lines.length), random.below(lines.length));
  return lines.join('\n');
}

function swapTokens(text: string, _others: Texts, random: Random): string {
  const words = text.split(/\b/);
  swap(words, random.below(words.length), random.below(words.length));
  return words.join('');
}

function insertMark(text: string, _others: Texts, random: Random): string {
  const at = random.below(text.length + 1);
  return text.slice(0, at) + random.pick(marks) + text.slice(at);
}

function replaceWord(text: string, _others: Texts, random: Random): string {
  const words = text.split(/([\s,{}[\]]+)/);
  words[2 * random.below(words.length >> 1)] = random.pick(random.below(2) === 0 ? marks : values);
  return words.join('');
}

function replaceValue(text: string, _others: Texts, random: Random): string {
  const parts = text.split(valueParts);
  parts[2 * random.below(parts.length >> 1) + 1] = random.pick(values);
  return parts.join('');
}

function swapValues(text: string, _others: Texts, random: Random): string {
  const parts = text.split(valueParts);
  const half = parts.length >> 1;
  swap(parts, 2 * random.below(half) + 1, 2 * random.below(half) + 1);
  return parts.join('');
}

function splice(text: string, others: Texts, random: Random): string {
  const lines = text.split('\n');
  const other = random.pick(others).split('\n');
  const from = random.below(other.length);
  lines.splice(random.below(lines.length), random.below(3), ...other.slice(from, from + 1 + random.below(8)));
  return lines.join('\n');
}

function reindent(text: string, _others: Texts, random: Random): string {
  const lines = text.split('\n');
  const at = random.below(lines.length);
  lines[at] = ' '.repeat(random.below(8)) + (lines[at] ?? '').trimStart();
  return lines.join('\n');
}

function moveLine(text: string, _others: Texts, random: Random): string {
  const lines = text.split('\n');
  const [line = ''] = lines.splice(random.below(lines.length), 1);
  lines.splice(random.below(lines.length + 1), 0, line);
  return lines.join('\n');
}

function swap(items: string[], a: number, b: number): void {
  const kept = items[a] ?? '';
  items[a] = items[b] ?? '';
  items[b] = kept;
}
