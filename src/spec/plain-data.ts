import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import { reservedKey } from './reserved-key.ts';
import { unreadable } from './tree.ts';
import { quoted } from './wording.ts';

/** Far more than a bottle file has, and far less than would exhaust the stack. */
const maxDepth = 64;

/**
 * A copy of what a program made, of plain data only. What is not plain data is reported, and stands in the copy as unreadable.
 * Keys whose value is undefined are left out, as in JSON.
 */
export function plainData(value: unknown): { readonly data: unknown; readonly diagnostics: readonly Diagnostic[] } {
  const copier = new Copier();
  return { data: copier.copy(value, []), diagnostics: copier.diagnostics };
}

class Copier {
  readonly diagnostics: Diagnostic[] = [];
  /** Objects used in several places are copied once, so that their number cannot explode. */
  readonly #copies = new Map<object, unknown>();
  readonly #open = new Set<object>();

  copy(value: unknown, origin: Origin): unknown {
    if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
    if (typeof value === 'number') return Number.isFinite(value) ? value : this.#refuse(`the number ${quoted(String(value))}`, origin);
    if (typeof value !== 'object') return this.#refuse(value === undefined ? '`undefined`' : `a ${typeof value}`, origin);
    if (this.#open.has(value)) return this.#refuse('an object that contains itself', origin);
    if (origin.length > maxDepth) return this.#refuse(`more than ${maxDepth} objects inside one another`, origin);
    if (this.#copies.has(value)) return this.#copies.get(value);
    this.#open.add(value);
    const copy = Array.isArray(value)
      ? Array.from(value, (item: unknown, index) => this.copy(item, [...origin, index]))
      : this.#object(value, origin);
    this.#open.delete(value);
    this.#copies.set(value, copy);
    return copy;
  }

  #object(value: object, origin: Origin): unknown {
    const prototype: unknown = Object.getPrototypeOf(value);
    // Objects made in another realm have another Object.prototype, whose own prototype is null all the same.
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      const made: unknown = value.constructor;
      return this.#refuse(typeof made === 'function' && made.name ? `a ${made.name}` : 'an object of a class', origin);
    }
    const copy: Record<string, unknown> = {};
    for (const [key, one] of Object.entries(value)) {
      const reserved = reservedKey(key);
      if (reserved) this.diagnostics.push({ code: 'reserved-key', severity: 'error', ...reserved, origin: [...origin, key], at: 'key' });
      else if (one !== undefined) copy[key] = this.copy(one, [...origin, key]);
    }
    return copy;
  }

  #refuse(what: string, origin: Origin): typeof unreadable {
    this.diagnostics.push({
      code: 'program-result',
      severity: 'error',
      message: `${what} cannot stand in the description of a network`,
      remedy: 'Use plain data: objects, arrays, text, numbers and truth values.',
      origin,
    });
    return unreadable;
  }
}
