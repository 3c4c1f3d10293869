/**
 * The part of JSON Schema (draft 7) that describes bottle files. The messages of `check.ts`, the reference page and
 * the schema for editors are all made from it.
 */
export interface Shape {
  /** What it is called in messages and as a heading: `network`. */
  readonly title?: string;
  /** What a number counts, in the plural: `bytes`. Ignored by editors. */
  readonly unit?: string;
  /** Markdown. */
  readonly description?: string;
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean';
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Shape | false;
  readonly propertyNames?: Shape;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
}
