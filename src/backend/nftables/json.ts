/** JSON from outside, before anything is known of it. */
export interface JsonObject {
  readonly [key: string]: unknown;
}

export const isArray = (value: unknown): value is readonly unknown[] => Array.isArray(value);

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);
