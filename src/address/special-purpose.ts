import type { Prefix } from './ip.ts';
import { overlaps, parsePrefix } from './prefix.ts';

/** A block that no interface of a network can have its address in (RFC 6890). */
export interface SpecialBlock {
  readonly prefix: Prefix;
  readonly use: string;
}

const blocks: readonly SpecialBlock[] = [
  block('127.0.0.0/8', 'loopback'),
  block('0.0.0.0/8', '"this network"'),
  block('169.254.0.0/16', 'link-local'),
  block('224.0.0.0/4', 'multicast'),
  block('240.0.0.0/4', 'reserved'),
  block('::/127', 'unspecified and loopback'),
  block('fe80::/10', 'link-local'),
  block('ff00::/8', 'multicast'),
  { prefix: { family: 6, value: 0xffff00000000n, length: 96 }, use: 'IPv4-mapped' },
];

/** The special block that a prefix has a part in, if any. */
export function specialBlockOf(prefix: Prefix): SpecialBlock | undefined {
  return blocks.find((special) => overlaps(special.prefix, prefix));
}

function block(text: string, use: string): SpecialBlock {
  const parsed = parsePrefix(text);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.fault.reason}`);
  return { prefix: parsed.value, use };
}
