/** Boxes of one verdict as maps, and the rules that look packets up in them. */
import { formatAddress } from '../../address/format.ts';
import type { Family, Prefix } from '../../address/ip.ts';
import { bitsOf } from '../../address/prefix.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import type { DataType, Field } from '../../resource/ruleset/field.ts';
import type { VerdictSet } from '../../resource/ruleset/named-set.ts';
import { counter, match, type Statement, verdict } from '../../resource/ruleset/statement.ts';
import type { Value } from '../../resource/ruleset/value.ts';
import type { Verdict } from '../../resource/ruleset/verdict.ts';
import { type Box, type BoxEnd, type BoxService, endsOf, withoutCovered } from './box.ts';
import { layersOf } from './layers.ts';

/** What a line says of its packets, and how it is called. */
export interface LineVerdict {
  readonly verdict: Verdict;
  readonly comment: string;
}

export interface Lookups {
  readonly rules: readonly Rule[];
  readonly sets: readonly VerdictSet[];
}

export const words = {
  4: { saddr: 'ip saddr', daddr: 'ip daddr', type: 'ipv4_addr', nfproto: 'ipv4', icmp: 'icmp type', inside: 'inside-ip' },
  6: { saddr: 'ip6 saddr', daddr: 'ip6 daddr', type: 'ipv6_addr', nfproto: 'ipv6', icmp: 'icmpv6 type', inside: 'inside-ip6' },
} as const;

/** How an end or service is compared. Boxes alike in it share a map. */
interface Shape {
  readonly family: Family;
  readonly from: EndShape;
  readonly to: EndShape;
  readonly service: 'any' | 'echo' | 'port';
}

type EndShape = 'any' | 'outside' | 'prefix';

const endShape = (end: BoxEnd): EndShape => (typeof end === 'string' ? end : 'prefix');

const shapeOf = ({ family, from, to, service }: Box): Shape => ({
  family,
  from: endShape(from),
  to: endShape(to),
  service: typeof service === 'string' ? service : 'port',
});

/**
 * @param name what the names of its maps begin with
 * @param inside what is not outside
 * @param comment of the rules, each of which speaks for many lines
 */
export function lookupsOf(
  name: string,
  boxes: readonly Box[],
  inside: readonly Prefix[],
  lines: (line: number) => LineVerdict,
  comment: string,
): Lookups {
  const rules: Rule[] = [];
  const sets: VerdictSet[] = [];
  for (const family of [4, 6] as const) {
    const own = boxes.filter((box) => box.family === family);
    const ends = endsOf(own, inside);
    const shapes = new Map<string, { readonly shape: Shape; readonly boxes: Box[] }>();
    for (const box of withoutCovered(own, ends)) {
      const shape = shapeOf(box);
      const key = `${shape.from} ${shape.to} ${shape.service}`;
      const group = shapes.get(key) ?? { shape, boxes: [] };
      group.boxes.push(box);
      shapes.set(key, group);
    }
    for (const key of [...shapes.keys()].toSorted()) {
      const group = shapes.get(key);
      if (group === undefined) continue;
      const { shape } = group;
      const guards = guardsOf(shape);
      const fields = fieldsOf(shape);
      if (fields.length === 0) {
        for (const { line } of group.boxes)
          rules.push({ statements: [...guards, counter, verdict(lines(line).verdict)], comment: lines(line).comment });
        continue;
      }
      const { exact, layers } = layersOf(group.boxes, ends);
      const stem = `${name}-${family === 4 ? 'ip' : 'ip6'}-${stemOf(shape)}`;
      for (const [index, layer] of [exact, ...layers].entries()) {
        if (layer.length === 0) continue;
        const map = index === 0 ? stem : `${stem}-${index}`;
        sets.push(setOf(map, layer, shape, index > 0, lines));
        rules.push({ statements: [...guards, { kind: 'vmap', fields, map: { name: map } }], comment });
      }
    }
  }
  return { rules, sets };
}

const stemOf = ({ from, to, service }: Shape): string =>
  [
    ...(from === 'any' ? [] : [from === 'outside' ? 'from-outside' : 'from']),
    ...(to === 'any' ? [] : [to === 'outside' ? 'to-outside' : 'to']),
    service,
  ].join('-');

/** What has to hold besides the lookup. */
function guardsOf({ family, from, to, service }: Shape): readonly Statement[] {
  const { nfproto, saddr, daddr, inside, icmp } = words[family];
  const outside = (field: Field): Statement => ({ kind: 'match', fields: [field], operator: '!=', among: { set: inside } });
  return [
    ...(from === 'any' && to === 'any' && service !== 'echo' ? [match('meta nfproto', nfproto)] : []),
    ...(from === 'outside' ? [outside(saddr)] : []),
    ...(to === 'outside' ? [outside(daddr)] : []),
    ...(service === 'echo' ? [match(icmp, 'echo-request')] : []),
  ];
}

function fieldsOf({ family, from, to, service }: Shape): readonly Field[] {
  const { saddr, daddr } = words[family];
  return [
    ...(from === 'prefix' ? [saddr] : []),
    ...(to === 'prefix' ? [daddr] : []),
    ...(service === 'port' ? (['meta l4proto', 'th dport'] as const) : []),
  ];
}

function typesOf({ family, from, to, service }: Shape): readonly DataType[] {
  const { type } = words[family];
  return [
    ...(from === 'prefix' ? [type] : []),
    ...(to === 'prefix' ? [type] : []),
    ...(service === 'port' ? (['inet_proto', 'inet_service'] as const) : []),
  ];
}

function setOf(name: string, boxes: readonly Box[], shape: Shape, interval: boolean, lines: (line: number) => LineVerdict): VerdictSet {
  return {
    kind: 'verdict-map',
    name,
    types: typesOf(shape),
    interval,
    counter: true,
    elements: boxes.map(({ from, to, service, line }) => ({
      key: [...endValues(from), ...endValues(to), ...serviceValues(service)],
      ...lines(line),
    })),
  };
}

export const prefixValue = (prefix: Prefix): Value =>
  prefix.length === bitsOf(prefix.family) ? formatAddress(prefix) : { prefix: formatAddress(prefix), length: prefix.length };

const endValues = (end: BoxEnd): readonly Value[] => (typeof end === 'string' ? [] : [prefixValue(end)]);

function serviceValues(service: BoxService): readonly Value[] {
  if (typeof service === 'string') return [];
  const { protocol, ports } = service;
  return [protocol, ports.from === ports.to ? ports.from : { from: ports.from, to: ports.to }];
}
