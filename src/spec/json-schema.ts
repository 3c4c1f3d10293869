import { z } from 'zod';
import { bottleSchema } from './schema.ts';
import type { Shape } from './shape.ts';

/** A name, not an address: the schema comes with the program (`bottle schema`). */
export const schemaId = 'urn:netbottle:bottle-file';

/** The format of bottle files as JSON Schema, draft 7, which is what editors read. */
export function bottleJsonSchema(): Shape & { readonly $schema: string; readonly $id: string } {
  const { $schema, ...shape } = z.toJSONSchema(bottleSchema, { target: 'draft-7', io: 'input', reused: 'inline' });
  return { $schema: $schema ?? 'http://json-schema.org/draft-07/schema#', $id: schemaId, ...(shape as Shape) };
}
