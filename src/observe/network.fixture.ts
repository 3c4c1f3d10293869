/** Networks for tests, as short as what is tested allows. */
import type { Address, Prefix } from '../address/ip.ts';
import { parseAddress } from '../address/parse.ts';
import { parsePrefix } from '../address/prefix.ts';
import type { End } from '../network/end.ts';
import type { Expectation } from '../network/expectation.ts';
import type { Network, Node, Segment } from '../network/network.ts';
import type { Service } from '../network/service.ts';

export function at(text: string): Address {
  const address = parseAddress(text);
  if (!address.ok) throw new Error(`${text} is no address`);
  return address.value;
}

function block(text: string): Prefix {
  const prefix = parsePrefix(text);
  if (!prefix.ok) throw new Error(`${text} is no prefix`);
  return prefix.value;
}

/** `tcp/22`, `udp/53`, `tcp/8000-8100`, `icmp`. */
function service(name: string): Service {
  const [protocol, range] = name.split('/');
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'icmp') throw new Error(`${name} is no service`);
  const [from, to = from] = (range ?? '').split('-').map(Number);
  return range === undefined || from === undefined || to === undefined ? { protocol, name } : { protocol, name, ports: { from, to } };
}

/** `legs` are addresses by segment. */
export function node(
  name: string,
  legs: Readonly<Record<string, readonly string[]>>,
  { kind = 'machine', listens = [] }: { readonly kind?: Node['kind']; readonly listens?: readonly string[] } = {},
): Node {
  const interfaces = Object.entries(legs).map(([segment, addresses]) => ({
    segment,
    device: segment,
    mac: '02:00:00:00:00:01',
    addresses: addresses.map((address) => ({ address: at(address), prefixLength: 24 })),
    origin: [],
  }));
  const resolver = { servers: [], search: [], host: false };
  return {
    name,
    kind,
    interfaces,
    wires: [],
    routes: [],
    learned: [],
    resolver,
    processes: [],
    listens: listens.map(service),
    nat: [],
    origin: [],
  };
}

export const nodes = (text: string, names: readonly string[], segment?: string): End => ({
  kind: 'nodes',
  text,
  members: [text],
  nodes: names,
  ...(segment !== undefined && { segment }),
});

export const within = (text: string): End => ({ kind: 'prefix', text, prefix: block(text) });

export function promise(from: End, to: End, mode: Expectation['mode'], ...services: readonly string[]): Expectation {
  const name = (end: End): string => ('text' in end ? end.text : end.kind);
  return { text: `${name(from)} -> ${name(to)}`, from, to, mode, services: services.map(service), origin: [] };
}

export const network = (
  members: readonly Node[],
  expectations: readonly Expectation[] = [],
  segments: readonly Segment[] = [],
): Network => ({
  name: 'test',
  segments,
  switches: [],
  trunks: [],
  nodes: members,
  groups: [],
  forwards: [],
  expectations,
});
