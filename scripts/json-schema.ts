import * as z from 'zod';
import { bottleSchema } from '../src/spec/schema/bottle.ts';
import type { Shape } from '../src/spec/shape.ts';

/** A name, not an address: the schema comes with the program (`bottle schema`). */
const schemaId = 'urn:netbottle:bottle-file';

/** The format of bottle files as JSON Schema, draft 7, which is what editors read, and what the program checks files with. */
export function bottleJsonSchema(): Shape & { readonly $schema: string; readonly $id: string } {
  const { $schema, ...shape } = z.toJSONSchema(bottleSchema, { target: 'draft-7', io: 'input', reused: 'inline' });
  return { $schema: $schema ?? 'http://json-schema.org/draft-07/schema#', $id: schemaId, ...(oneTypeEach(shape) as Shape) };
}

// Zod joins plain types into a list of types, which says the same as `anyOf`; one way to say it is enough for those who read the shape.
function oneTypeEach(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(oneTypeEach);
  if (typeof node !== 'object' || node === null) return node;
  const entries = Object.entries(node).map(([key, value]: [string, unknown]) =>
    key === 'type' && Array.isArray(value) ? ['anyOf', value.map((type: unknown) => ({ type }))] : [key, oneTypeEach(value)],
  );
  return Object.fromEntries(entries);
}
