import { expect, test } from 'vitest';
import { bottleShape } from '../src/spec/bottle-shape.ts';
import type { Shape } from '../src/spec/shape.ts';
import { bottleJsonSchema } from './json-schema.ts';

const schema = bottleJsonSchema();

test('the schema is the same every time, and draft 7, which editors read', () => {
  expect(bottleJsonSchema()).toEqual(schema);
  expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
});

test('the program checks files with it', () => {
  expect(bottleShape).toEqual(schema);
});

test('every key that a person can write has a text for the editor to show', () => {
  const silent: string[] = [];
  const visit = (shape: Shape, path: string): void => {
    for (const [key, one] of Object.entries(shape.properties ?? {})) {
      if (!one.description) silent.push(`${path}.${key}`);
      visit(one, `${path}.${key}`);
    }
    if (shape.additionalProperties) visit(shape.additionalProperties, `${path}.*`);
    for (const choice of shape.anyOf ?? []) visit(choice, path);
  };
  visit(schema, '');
  expect(silent).toEqual([]);
});
