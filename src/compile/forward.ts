/** Forwards: what comes to an address and port goes to a machine, wherever it comes from. */
import { formatAddress } from '../address/format.ts';
import type { Address, Family } from '../address/ip.ts';
import type { Forward } from '../network/nat/translation.ts';
import type { Chain, Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import type { DataType, Field } from '../resource/ruleset/field.ts';
import type { DataMap } from '../resource/ruleset/named-set.ts';
import { match, matchNot, type Statement } from '../resource/ruleset/statement.ts';
import type { Value } from '../resource/ruleset/value.ts';
import { type Fragment, nothing } from './fragment.ts';

/**
 * For packets from elsewhere, and for those that the router or host itself sends.
 *
 * Maps, whatever the number of forwards: one of single ports, which may change on the way, and one of ranges, which stay.
 */
export function compileForwards(forwards: readonly Forward[]): Fragment {
  if (forwards.length === 0) return nothing;
  const tables = ([4, 6] as const).flatMap((family) =>
    (['tcp', 'udp'] as const).flatMap((protocol) =>
      shapes.map((shape) => tableOf(family, protocol, shape, forwards)).filter(({ set }) => set.elements.length > 0),
    ),
  );
  const rules = tables.map(({ rule }) => rule);
  const chain = (name: string, hook: 'prerouting' | 'output'): Chain => ({
    name,
    hook: { type: 'nat', hook, priority: -100, policy: 'accept' },
    rules,
  });
  return { chains: [chain('forwards', 'prerouting'), chain('forwards-local', 'output')], sets: tables.map(({ set }) => set) };
}

interface Shape {
  /** Whether the address counts, or any that the host has. */
  readonly addressed: boolean;
  readonly ranges: boolean;
}

const shapes: readonly Shape[] = [true, false].flatMap((addressed) => [false, true].map((ranges) => ({ addressed, ranges })));

const words = {
  4: { nat: 'ip', daddr: 'ip daddr', type: 'ipv4_addr' },
  6: { nat: 'ip6', daddr: 'ip6 daddr', type: 'ipv6_addr' },
} as const;

function tableOf(
  family: Family,
  protocol: Forward['protocol'],
  shape: Shape,
  forwards: readonly Forward[],
): { readonly set: DataMap; readonly rule: Rule } {
  const { nat, daddr, type } = words[family];
  const port: Field = protocol === 'tcp' ? 'tcp dport' : 'udp dport';
  const fields: readonly Field[] = shape.addressed ? [daddr, port] : [port];
  const keys: readonly DataType[] = ['inet_service'];
  const elements = forwards.flatMap((forward) =>
    forward.protocol === protocol && keepsPorts(forward) === shape.ranges && forward.addresses.length > 0 === shape.addressed
      ? elementsOf(forward, family, shape)
      : [],
  );
  const name = `forward-${protocol}${family}${shape.addressed ? '' : '-local'}${shape.ranges ? '-ranges' : ''}`;
  const statements: readonly Statement[] = [
    ...(shape.addressed ? [] : [inFamily(family), match('fib daddr type', 'local')]),
    { kind: 'dnat', family: nat, to: { fields, map: name } },
  ];
  return {
    set: {
      kind: 'map',
      name,
      types: shape.addressed ? [type, ...keys] : keys,
      data: shape.ranges ? [type] : [type, 'inet_service'],
      interval: shape.ranges,
      counter: false,
      elements,
    },
    rule: { statements, comment: commentOf(['forwards']) },
  };
}

/** Without ::1, from which nothing can be sent elsewhere: whoever tries it hears at once that nobody listens. */
const inFamily = (family: Family): Statement => (family === 4 ? match('meta nfproto', 'ipv4') : matchNot('ip6 daddr', '::1'));

/** Whether it is a range that goes to the same ports: one element says it all. */
const keepsPorts = ({ ports, to }: Forward): boolean => ports.from !== ports.to && ports.from === to.ports.from;

function elementsOf(forward: Forward, family: Family, { addressed, ranges }: Shape): DataMap['elements'] {
  const of = (addresses: readonly Address[]): readonly string[] =>
    addresses.filter((address) => address.family === family).map((address) => formatAddress(address));
  const [target] = of(forward.to.addresses);
  if (target === undefined) return [];
  const { ports, to } = forward;
  const comment = commentOf(forward.origin);
  const pairs: readonly { readonly port: Value; readonly value: readonly (string | number)[] }[] = ranges
    ? [{ port: ports, value: [target] }]
    : Array.from({ length: ports.to - ports.from + 1 }, (_, place) => ({
        port: ports.from + place,
        value: [target, to.ports.from + place],
      }));
  const heads: readonly (readonly Value[])[] = addressed ? of(forward.addresses).map((address) => [address]) : [[]];
  return heads.flatMap((head) => pairs.map(({ port, value }) => ({ key: [...head, port], value, comment })));
}
