import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countOf, cubesOf, supportOf } from './counting.ts';
import { Diagram, type Node } from './diagram.ts';
import { EMPTY, FULL } from './node-table.ts';

const VARIABLES = 6;
const POINTS = 1 << VARIABLES;
const points = Array.from({ length: POINTS }, (_, point) => point);

/** A formula, and its truth table as one number: bit P says whether point P is a member. */
type Formula =
  | { readonly kind: 'variable'; readonly variable: number }
  | { readonly kind: 'and' | 'or' | 'xor' | 'diff'; readonly one: Formula; readonly other: Formula }
  | { readonly kind: 'not'; readonly one: Formula }
  | { readonly kind: 'ite'; readonly one: Formula; readonly other: Formula; readonly third: Formula }
  | { readonly kind: 'exists' | 'restrict'; readonly one: Formula; readonly variables: readonly number[]; readonly to: number }
  | { readonly kind: 'andExists'; readonly one: Formula; readonly other: Formula; readonly variables: readonly number[] };

const variables = fc.uniqueArray(fc.integer({ min: 0, max: VARIABLES - 1 }), { maxLength: VARIABLES });
const { formula } = fc.letrec<{ formula: Formula }>((tie) => ({
  formula: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.record({ kind: fc.constant('variable' as const), variable: fc.integer({ min: 0, max: VARIABLES - 1 }) }),
    fc.record({ kind: fc.constantFrom('and', 'or', 'xor', 'diff'), one: tie('formula'), other: tie('formula') }),
    fc.record({ kind: fc.constant('not' as const), one: tie('formula') }),
    fc.record({ kind: fc.constant('ite' as const), one: tie('formula'), other: tie('formula'), third: tie('formula') }),
    fc.record({ kind: fc.constantFrom('exists', 'restrict'), one: tie('formula'), variables, to: fc.nat(POINTS - 1) }),
    fc.record({ kind: fc.constant('andExists' as const), one: tie('formula'), other: tie('formula'), variables }),
  ),
}));

const bit = (point: number, variable: number): number => (point >> variable) & 1;
const withBit = (point: number, variable: number, value: number): number => (point & ~(1 << variable)) | (value << variable);

/** Whether each point is a member, by trying each: knows nothing of diagrams. */
function tableOf(of: Formula): readonly boolean[] {
  if (of.kind === 'variable') return points.map((point) => bit(point, of.variable) === 1);
  const one = tableOf(of.one);
  const other = 'other' in of ? tableOf(of.other) : one;
  const third = 'third' in of ? tableOf(of.third) : one;
  const holds = (point: number): boolean | undefined => {
    switch (of.kind) {
      case 'and':
        return one[point] && other[point];
      case 'or':
        return one[point] || other[point];
      case 'xor':
        return one[point] !== other[point];
      case 'diff':
        return one[point] && !other[point];
      case 'not':
        return !one[point];
      case 'ite':
        return one[point] ? other[point] : third[point];
      case 'restrict':
        return one[of.variables.reduce((at, variable) => withBit(at, variable, bit(of.to, variable)), point)];
      case 'exists':
        return choices(of.variables, point).some((at) => one[at]);
      case 'andExists':
        return choices(of.variables, point).some((at) => one[at] && other[at]);
    }
  };
  return points.map((point) => holds(point) === true);
}

const choices = (variables: readonly number[], point: number): readonly number[] =>
  variables.reduce<readonly number[]>(
    (all, variable) => all.flatMap((at) => [withBit(at, variable, 0), withBit(at, variable, 1)]),
    [point],
  );

function build(diagram: Diagram, of: Formula): Node {
  const cube = (variables: readonly number[]): Node =>
    variables.reduce<Node>((all, variable) => diagram.and(all, diagram.variable(variable)), FULL);
  switch (of.kind) {
    case 'variable':
      return diagram.variable(of.variable);
    case 'and':
    case 'or':
    case 'xor':
    case 'diff':
      return diagram[of.kind](build(diagram, of.one), build(diagram, of.other));
    case 'not':
      return diagram.not(build(diagram, of.one));
    case 'ite':
      return diagram.ite(build(diagram, of.one), build(diagram, of.other), build(diagram, of.third));
    case 'exists':
      return diagram.exists(build(diagram, of.one), cube(of.variables));
    case 'andExists':
      return diagram.andExists(build(diagram, of.one), build(diagram, of.other), cube(of.variables));
    case 'restrict': {
      const literal = (variable: number): Node =>
        bit(of.to, variable) === 1 ? diagram.variable(variable) : diagram.not(diagram.variable(variable));
      return diagram.restrict(
        build(diagram, of.one),
        of.variables.reduce<Node>((all, variable) => diagram.and(all, literal(variable)), FULL),
      );
    }
  }
}

function isMember(diagram: Diagram, set: Node, point: number): boolean {
  let node = set;
  while (node > FULL) node = bit(point, diagram.level(node)) === 1 ? diagram.high(node) : diagram.low(node);
  return node === FULL;
}

test('10,000 random formulas have the members, the number and the cubes that trying every point gives', () => {
  const diagram = new Diagram();
  const seen = new Map<string, Node>();
  fc.assert(
    fc.property(formula, (of) => {
      const set = diagram.keep(build(diagram, of));
      const table = tableOf(of);
      const members = points.filter((point) => table[point]);
      expect(points.filter((point) => isMember(diagram, set, point))).toEqual(members);
      expect(countOf(diagram, set, VARIABLES)).toBe(BigInt(members.length));
      const listed = [...cubesOf(diagram, set)].flatMap((cube) =>
        choices(
          points.slice(0, VARIABLES).filter((variable) => !cube.has(variable)),
          [...cube].reduce((at, [variable, value]) => withBit(at, variable, value), 0),
        ),
      );
      expect(listed.toSorted((one, other) => one - other)).toEqual(members);
      const needed = Array.from({ length: VARIABLES }, (_, variable) => variable).filter((variable) =>
        points.some((point) => table[point] !== table[point ^ (1 << variable)]),
      );
      expect([...supportOf(diagram, set)].toSorted()).toEqual(needed);
      // One set, one number.
      const text = members.join(' ');
      expect(seen.get(text) ?? set).toBe(set);
      seen.set(text, set);
    }),
    { numRuns: 10_000, seed: 4 },
  );
}, 120_000);

test('what is kept stays what it is when the rest is collected, and the rest makes room', () => {
  const diagram = new Diagram();
  const parity = (from: number, to: number): Node => {
    let set: Node = EMPTY;
    for (let variable = from; variable < to; variable++) set = diagram.xor(set, diagram.variable(variable));
    return set;
  };
  const kept = diagram.keep(parity(0, 20));
  for (let from = 0; from < 2000; from += 20) parity(from, from + 20);
  const crowded = diagram.size;
  diagram.collect();
  expect(diagram.size).toBe(2 + 39);
  expect(countOf(diagram, kept, 20)).toBe(1n << 19n);
  expect(parity(0, 20)).toBe(kept);
  for (let from = 0; from < 2000; from += 20) parity(from, from + 20);
  expect(diagram.size).toBe(crowded);
  diagram.release(kept);
  diagram.collect();
  expect(diagram.size).toBe(2);
});
