import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Prefix } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import { TableEvaluator } from '../../proof/evaluate.ts';
import { type Packet, viewOf } from '../../proof/packet.ts';
import { type Box, type BoxEnd, type BoxService, covers, endsOf, meet, withoutCovered } from './box.ts';
import { insideSets } from './here.ts';
import { layersOf } from './layers.ts';
import { lookupsOf } from './lookups.ts';

/** A world of 16 addresses and 8 ports, small enough to try every point of it. */
const WORLD = Array.from({ length: 16 }, (_, value) => ({ family: 4, value: BigInt(value) }) as const);
const PORTS = Array.from({ length: 8 }, (_, port) => port + 1);

const prefix = fc
  .integer({ min: 28, max: 32 })
  .chain((length) =>
    fc
      .integer({ min: 0, max: 2 ** (length - 28) - 1 })
      .map((at): Prefix => ({ family: 4, length, value: BigInt(at) << BigInt(32 - length) })),
  );
const end: fc.Arbitrary<BoxEnd> = fc.oneof({ weight: 6, arbitrary: prefix }, fc.constantFrom<BoxEnd>('any', 'outside'));
const ports = fc.tuple(fc.constantFrom('tcp' as const, 'udp' as const), fc.integer({ min: 1, max: 8 }), fc.integer({ min: 0, max: 3 }));
const service: fc.Arbitrary<BoxService> = fc.oneof(
  { weight: 4, arbitrary: ports.map(([protocol, from, more]) => ({ protocol, ports: { from, to: Math.min(8, from + more) } })) },
  fc.constantFrom<BoxService>('any', 'echo'),
);
const boxes = fc
  .array(fc.record({ from: end, to: end, service }), { maxLength: 30 })
  .map((list) => list.map((box, line): Box => ({ ...box, family: 4, line })));
const insides = fc.array(prefix, { maxLength: 3 });

const holds = (one: BoxEnd, address: (typeof WORLD)[number], inside: readonly Prefix[]): boolean => {
  if (one === 'any') return true;
  return one === 'outside' ? !inside.some((subnet) => containsAddress(subnet, address)) : containsAddress(one, address);
};

/** Every point of the world that is in one of the boxes. */
function points(list: readonly Box[], inside: readonly Prefix[]): ReadonlySet<string> {
  const found = new Set<string>();
  const services: readonly BoxService[] = [
    'echo',
    ...(['tcp', 'udp'] as const).flatMap((protocol) => PORTS.map((port) => ({ protocol, ports: { from: port, to: port } }))),
  ];
  for (const box of list)
    for (const from of WORLD.filter((one) => holds(box.from, one, inside)))
      for (const to of WORLD.filter((one) => holds(box.to, one, inside)))
        for (const one of services) if (meet(box.service, one)) found.add(`${from.value} ${to.value} ${JSON.stringify(one)}`);
  return found;
}

test('without those that others cover, boxes mean the same, and none of them covers another', () => {
  fc.assert(
    fc.property(boxes, insides, (list, inside) => {
      const ends = endsOf(list, inside);
      const left = withoutCovered(list, ends);
      expect(points(left, inside)).toEqual(points(list, inside));
      const within = (outer: Box, inner: Box): boolean =>
        covers(outer.service, inner.service) &&
        ends.around(ends.numberOf(inner.from)).includes(ends.numberOf(outer.from)) &&
        ends.around(ends.numberOf(inner.to)).includes(ends.numberOf(outer.to));
      expect(left.filter((box) => left.some((other) => other !== box && within(other, box)))).toEqual([]);
    }),
    { numRuns: 60 },
  );
});

test('in layers, no box overlaps another of its layer, and none is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.record({ from: prefix, to: prefix, service: ports }), { maxLength: 40 }), (list) => {
      const all = list.map(
        ({ from, to, service: [protocol, first, more] }, line): Box => ({
          family: 4,
          from,
          to,
          service: { protocol, ports: { from: first, to: Math.min(8, first + more) } },
          line,
        }),
      );
      const ends = endsOf(all, []);
      const left = withoutCovered(all, ends);
      const { exact, layers } = layersOf(left, ends);
      const one = (box: Box): ReadonlySet<string> => points([box], []);
      for (const layer of [exact, ...layers]) {
        const sizes = layer.map((box) => one(box).size).reduce((sum, size) => sum + size, 0);
        expect(points(layer, []).size).toBe(sizes);
      }
      expect([exact, ...layers].flat().toSorted((a, b) => a.line - b.line)).toEqual(left);
    }),
    { numRuns: 60 },
  );
});

test('in maps, however many there are, a packet finds a verdict exactly if it is in a box', () => {
  const many = fc
    .array(fc.record({ from: end, to: end, service }), { minLength: 1, maxLength: 120 })
    .map((list) => list.map((box, line): Box => ({ ...box, family: 4, line })));
  const packets = fc.array(
    fc.record({ from: fc.nat(15), to: fc.nat(15), protocol: fc.constantFrom('tcp', 'udp', 'echo'), port: fc.integer({ min: 1, max: 8 }) }),
    { minLength: 150, maxLength: 150 },
  );
  fc.assert(
    fc.property(many, insides, packets, (list, inside, asked) => {
      const { rules, chains, sets } = lookupsOf('x', list, inside, () => ({ verdict: 'accept', comment: 'line' }), 'policy');
      const chain = { name: 'all', rules };
      const evaluator = new TableEvaluator({
        kind: 'table',
        origin: [],
        namespace: '@host',
        family: 'inet',
        name: 't',
        chains: [chain, ...chains],
        sets: [...sets, ...insideSets(inside)],
      });
      const names = [...chains, ...sets].map(({ name }) => name);
      expect(names.filter((name) => !/^[a-z][a-zA-Z0-9._/-]*$/.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      for (const { from, to, protocol, port } of asked) {
        const source = { family: 4, value: BigInt(from) } as const;
        const destination = { family: 4, value: BigInt(to) } as const;
        const wanted: BoxService = protocol === 'echo' ? 'echo' : { protocol: protocol as 'tcp' | 'udp', ports: { from: port, to: port } };
        const one: Packet = {
          family: 4,
          source,
          destination,
          protocol: protocol === 'tcp' ? 6 : protocol === 'udp' ? 17 : 1,
          ...(protocol === 'echo' ? { icmpType: 8 } : { sourcePort: 40000, destinationPort: port }),
          state: 'new',
          dnat: false,
          local: false,
        };
        const found = evaluator.decide(chain, viewOf(one)).by !== undefined;
        expect(found).toBe(
          list.some((box) => meet(box.service, wanted) && holds(box.from, source, inside) && holds(box.to, destination, inside)),
        );
      }
    }),
    { numRuns: 100 },
  );
});
