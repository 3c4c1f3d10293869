import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bottleShape as shape } from './bottle-shape.ts';
import { check } from './check.ts';
import { bottleSchema } from './schema/bottle.ts';
import type { Shape } from './shape.ts';

/** Values that fit a shape or nearly do: now and then a wrong one is put in. */
function nearly(from: Shape): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 12, arbitrary: fitting(from) },
    { weight: 1, arbitrary: fc.constantFrom(null, 5, 0.5, 'text', '', true, [], {}, ['x'], { x: 'y' }) },
  );
}

function fitting(from: Shape): fc.Arbitrary<unknown> {
  if (from.anyOf) return fc.oneof(...from.anyOf.map(nearly));
  if (from.enum) return fc.constantFrom(...from.enum, 'other');
  switch (from.type) {
    case 'object':
      return mapOf(from);
    case 'array':
      return fc.array(nearly(from.items ?? {}), { maxLength: 3 });
    case 'integer':
    case 'number':
      return fc.oneof(fc.integer({ min: -5, max: 70_000 }), fc.double());
    case 'boolean':
      return fc.boolean();
    default:
      return from.pattern === undefined ? fc.string({ maxLength: 4 }) : names;
  }
}

const names = fc.oneof(
  { weight: 9, arbitrary: fc.stringMatching(/^[a-z][a-z0-9]{0,3}$/) },
  { weight: 1, arbitrary: fc.string({ maxLength: 70 }) },
);

function mapOf(from: Shape): fc.Arbitrary<unknown> {
  if (from.additionalProperties)
    return fc.dictionary(
      from.propertyNames?.pattern === undefined ? fc.string({ maxLength: 4 }) : names,
      nearly(from.additionalProperties),
      { maxKeys: 3 },
    );
  const properties = Object.entries(from.properties ?? {}).map(([key, one]) => [key, nearly(one)] as const);
  return fc
    .record(Object.fromEntries([...properties, ['strange', fc.constant(1)]]), { requiredKeys: [...(from.required ?? [])] })
    .map((made) => {
      const { strange, ...rest } = made;
      return strange !== undefined && Object.keys(rest).length > 7 ? made : rest;
    });
}

test('something is said of exactly those values that the schema does not take', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(nearly(shape), (value) => {
      expect(check(shape, value).length === 0).toBe(bottleSchema.safeParse(value).success);
    }),
    { numRuns: 500 },
  );
});

test('numbers are finite, to the schema and to what words faults', () => {
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const file = { name: 'lab', machines: { a: { run: { web: { command: 'true', environment: { N: value } } } } } };
    expect(bottleSchema.safeParse(file).success).toBe(false);
    expect(check(shape, file)).toHaveLength(1);
  }
});

test('each fault says where it is', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      for (const fault of check(shape, value)) expect(fault.origin).toBeDefined();
    }),
  );
});
