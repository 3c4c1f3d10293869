/** How the ends and the service of a box are compared. Boxes alike in it share a map. */
import { formatAddress } from '../../address/format.ts';
import type { Family, Prefix } from '../../address/ip.ts';
import { bitsOf } from '../../address/prefix.ts';
import type { DataType, Field } from '../../resource/ruleset/field.ts';
import { match, type Statement } from '../../resource/ruleset/statement.ts';
import type { Value } from '../../resource/ruleset/value.ts';
import type { Box, BoxEnd, BoxService } from './box.ts';

export const words = {
  4: { saddr: 'ip saddr', daddr: 'ip daddr', type: 'ipv4_addr', nfproto: 'ipv4', icmp: 'icmp type', inside: 'inside-ip' },
  6: { saddr: 'ip6 saddr', daddr: 'ip6 daddr', type: 'ipv6_addr', nfproto: 'ipv6', icmp: 'icmpv6 type', inside: 'inside-ip6' },
} as const;

export interface Shape {
  readonly family: Family;
  readonly from: EndShape;
  readonly to: EndShape;
  readonly service: 'any' | 'echo' | 'port';
}

type EndShape = 'any' | 'outside' | 'prefix';

const endShape = (end: BoxEnd): EndShape => (typeof end === 'string' ? end : 'prefix');

export const shapeOf = ({ family, from, to, service }: Box): Shape => ({
  family,
  from: endShape(from),
  to: endShape(to),
  service: typeof service === 'string' ? service : 'port',
});

export const stemOf = ({ from, to, service }: Shape): string =>
  [
    ...(from === 'any' ? [] : [from === 'outside' ? 'from-outside' : 'from']),
    ...(to === 'any' ? [] : [to === 'outside' ? 'to-outside' : 'to']),
    service,
  ].join('-');

/** What has to hold besides the lookup. */
export function guardsOf({ family, from, to, service }: Shape): readonly Statement[] {
  const { nfproto, saddr, daddr, inside, icmp } = words[family];
  const outside = (field: Field): Statement => ({ kind: 'match', fields: [field], operator: '!=', among: { set: inside } });
  return [
    ...(from === 'any' && to === 'any' && service !== 'echo' ? [match('meta nfproto', nfproto)] : []),
    ...(from === 'outside' ? [outside(saddr)] : []),
    ...(to === 'outside' ? [outside(daddr)] : []),
    ...(service === 'echo' ? [match(icmp, 'echo-request')] : []),
  ];
}

export function fieldsOf({ family, from, to, service }: Shape): readonly Field[] {
  const { saddr, daddr } = words[family];
  return [
    ...(from === 'prefix' ? [saddr] : []),
    ...(to === 'prefix' ? [daddr] : []),
    ...(service === 'port' ? (['meta l4proto', 'th dport'] as const) : []),
  ];
}

export function typesOf({ family, from, to, service }: Shape): readonly DataType[] {
  const { type } = words[family];
  return [
    ...(from === 'prefix' ? [type] : []),
    ...(to === 'prefix' ? [type] : []),
    ...(service === 'port' ? (['inet_proto', 'inet_service'] as const) : []),
  ];
}

export const prefixValue = (prefix: Prefix): Value =>
  prefix.length === bitsOf(prefix.family) ? formatAddress(prefix) : { prefix: formatAddress(prefix), length: prefix.length };

const endValues = (end: BoxEnd): readonly Value[] => (typeof end === 'string' ? [] : [prefixValue(end)]);

function serviceValues(service: BoxService): readonly Value[] {
  if (typeof service === 'string') return [];
  const { protocol, ports } = service;
  return [protocol, ports.from === ports.to ? ports.from : { from: ports.from, to: ports.to }];
}

export const keyOf = ({ from, to, service }: Box): readonly Value[] => [...endValues(from), ...endValues(to), ...serviceValues(service)];
