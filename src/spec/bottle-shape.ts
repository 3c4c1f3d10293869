import generated from '../../schema/bottle.schema.json' with { type: 'json' };
import type { Shape } from './shape.ts';

/** The format of bottle files. Written from `schema/` by `npm run generate`: what made it is large, and slow to load. */
export const bottleShape = generated as Shape & { readonly $schema: string; readonly $id: string };
