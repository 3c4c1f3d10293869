import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TableEvaluator } from '../evaluate.ts';
import { codeOf } from '../field-codes.ts';
import { type Packet, viewOf } from '../packet.ts';
import { decide } from './chain.ts';
import type { Node } from './diagram.ts';
import { examplesOf } from './example.ts';
import { INTERFACES_FIRST, INTERFACES_LAST, type Layout, layoutOf, states } from './layout.ts';
import { EMPTY, FULL } from './node-table.ts';
import { PacketSets } from './packet-sets.ts';
import { viewOfPoint } from './point-view.fixture.ts';
import { packetsBeside, tables, textOf } from './random-ruleset.fixture.ts';
import { union } from './stretches.ts';
import { vocabularyOf } from './vocabulary.ts';

/** What one packet has in each slot. */
function slotsOf(packet: Packet, layout: Layout): ReadonlyMap<string, bigint> {
  const shift = packet.family === 4 ? 96n : 0n;
  const device = (name: string | undefined, slot: string): bigint => {
    if (name === undefined) return 0n;
    const place = layout.slot(slot).codes?.indexOf(name) ?? -1;
    return place < 0 ? 1n : BigInt(place);
  };
  return new Map([
    ['state', BigInt(states.indexOf(packet.state))],
    ['ct status', packet.dnat ? codeOf('ct_status', 'dnat') : 0n],
    ['iifname', device(packet.inDevice, 'iifname')],
    ['oifname', device(packet.outDevice, 'oifname')],
    ['protocol', packet.family === 4 ? 0n : 1n],
    ['l4proto', BigInt(packet.protocol)],
    ['reach', packet.sourcePort === undefined ? 1n : 2n],
    ['fib daddr type', packet.local ? 2n : 1n],
    ['ip6 bits 48-55', BigInt(packet.protocol)],
    ['destination', packet.destination.value << shift],
    ['source', packet.source.value << shift],
    ['sport', BigInt(packet.sourcePort ?? 0)],
    ['dport', BigInt(packet.destinationPort ?? 0)],
  ]);
}

function includes(sets: PacketSets, set: Node, packet: Packet): boolean {
  const numbers = slotsOf(packet, sets.layout);
  const bits = sets.layout.slots.flatMap(({ name, bits: width }) => {
    const number = numbers.get(name);
    if (number === undefined) throw new Error(name);
    return Array.from({ length: width }, (_, bit) => (number >> BigInt(width - 1 - bit)) & 1n);
  });
  let node = set;
  while (node > FULL) node = bits[sets.diagram.level(node)] === 1n ? sets.diagram.high(node) : sets.diagram.low(node);
  return node === FULL;
}

test('500 random tables decide every packet as the evaluator does that follows one packet at a time', () => {
  const verdicts = new Map<string, number>();
  fc.assert(
    fc.property(
      tables.chain((table) =>
        fc.tuple(
          fc.constantFrom(INTERFACES_FIRST, INTERFACES_LAST),
          fc.constant(table),
          fc.array(packetsBeside(table), { minLength: 40, maxLength: 40 }),
        ),
      ),
      ([order, table, packets]) => {
        const [base] = table.chains;
        if (base === undefined) throw new Error('no chain');
        const sets = new PacketSets(layoutOf(vocabularyOf([table]), order), 'inet');
        const { accepted, dropped, rejected, translated, visits } = decide(sets, table, base, sets.all);
        expect(union(sets.diagram, [accepted, dropped, rejected])).toBe(sets.all);
        expect([sets.diagram.and(accepted, dropped), sets.diagram.and(accepted, rejected), sets.diagram.and(dropped, rejected)]).toEqual([
          EMPTY,
          EMPTY,
          EMPTY,
        ]);
        const evaluator = new TableEvaluator(table);
        const by = { accept: accepted, drop: dropped, reject: rejected };
        for (const verdict of ['accept', 'drop', 'reject'] as const)
          for (const example of examplesOf(sets, by[verdict], 8))
            expect(evaluator.decide(base, viewOfPoint(sets, example)).verdict).toBe(verdict);
        for (const packet of packets) {
          const decision = evaluator.decide(base, viewOf(packet));
          verdicts.set(decision.verdict, (verdicts.get(decision.verdict) ?? 0) + 1);
          expect(includes(sets, sets.all, packet), textOf(packet)).toBe(true);
          expect(includes(sets, by[decision.verdict], packet), `${decision.verdict} ${textOf(packet)}`).toBe(true);
          const rule = decision.by?.rule;
          if (rule !== undefined) expect(visits.some((visit) => visit.rule === rule && includes(sets, visit.matched, packet))).toBe(true);
          const nats = translated.filter((one) => includes(sets, one.packets, packet)).map(({ nat }) => nat);
          expect(nats).toEqual(decision.nat === undefined ? [] : [decision.nat]);
        }
      },
    ),
    { numRuns: 500, seed: 4 },
  );
  expect(
    [...verdicts.values()].every((count) => count > 500),
    JSON.stringify([...verdicts]),
  ).toBe(true);
}, 300_000);
