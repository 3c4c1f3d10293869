import type { Shape } from './shape.ts';

export function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a value is of the type that a shape takes, whatever it holds. */
export function fitsType(shape: Shape, value: unknown): boolean {
  if (shape.anyOf) return shape.anyOf.some((choice) => fitsType(choice, value));
  switch (shape.type) {
    case 'object':
      return isMap(value);
    case 'array':
      return Array.isArray(value);
    case 'integer':
      return typeof value === 'number';
    case undefined:
      return true;
    default:
      return typeof value === shape.type;
  }
}

/** Whether a shape takes maps and nothing else. */
export function takesOnlyMap(shape: Shape): boolean {
  return shape.type === 'object' || (shape.anyOf?.every(takesOnlyMap) ?? false);
}

/** Whether any text will do. */
export function takesAnyText(shape: Shape): boolean {
  if (shape.anyOf) return shape.anyOf.some(takesAnyText);
  return shape.type === 'string' && shape.title === undefined && shape.enum === undefined && shape.pattern === undefined;
}

/** The shape of the entries of a map of parts, such as `machines`; undefined for other shapes. */
export function partOf(shape: Shape): Shape | undefined {
  return shape.propertyNames?.pattern !== undefined && shape.additionalProperties ? shape.additionalProperties : undefined;
}

/** A value that a shape takes, as it would be written in a file. */
export function sampleOf(shape: Shape | undefined): unknown {
  if (shape === undefined) return undefined;
  if (shape.examples?.[0] !== undefined) return shape.examples[0];
  for (const choice of shape.anyOf ?? []) {
    const sample = sampleOf(choice);
    if (sample !== undefined) return sample;
  }
  const item = sampleOf(shape.items);
  return item === undefined ? undefined : [item];
}
