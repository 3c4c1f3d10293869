import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import { suggest } from '../diagnostic/suggest.ts';
import { correctedName, nameFault } from './name.ts';
import type { Shape } from './shape.ts';
import { unreadable } from './tree.ts';
import { meantKey, UnknownKeys } from './unknown-key.ts';
import { expected, flowText, found, quoted, subject } from './wording.ts';

/** Says in what a value differs from its shape: everything at once, each with its origin. Empty when it fits. */
export function check(shape: Shape, value: unknown): Diagnostic[] {
  return new Checker(new UnknownKeys(shape)).check(shape, value, { origin: [], titles: [undefined], owner: undefined });
}

interface Position {
  readonly origin: Origin;
  /** For each step of the origin and the root, what it is called. */
  readonly titles: readonly (string | undefined)[];
  readonly owner: Shape | undefined;
}

class Checker {
  readonly #unknownKeys: UnknownKeys;

  constructor(unknownKeys: UnknownKeys) {
    this.#unknownKeys = unknownKeys;
  }

  check(shape: Shape, value: unknown, at: Position): Diagnostic[] {
    if (value === unreadable) return [];
    if (value === null) return [this.#empty(shape, at)];
    if (shape.anyOf) return this.#checkAny(shape, shape.anyOf, value, at);
    if (!fitsType(shape, value)) return [this.#wrongType(shape, value, at)];
    if (Array.isArray(value)) return this.#checkList(shape, value, at);
    if (isMap(value)) return this.#checkMap(shape, value, at);
    if (typeof value === 'string') return this.#checkText(shape, value, at);
    if (typeof value === 'number') return this.#checkNumber(shape, value, at);
    return [];
  }

  // The alternative of the value's own type is what was meant; among several the one with the fewest faults.
  #checkAny(shape: Shape, choices: readonly Shape[], value: unknown, at: Position): Diagnostic[] {
    const results = choices.filter((choice) => fitsType(choice, value)).map((choice) => this.check(choice, value, at));
    const [best] = results.sort((a, b) => a.length - b.length);
    return best ?? [this.#wrongType(shape, value, at)];
  }

  #checkList(shape: Shape, value: readonly unknown[], at: Position): Diagnostic[] {
    const { items, minItems = 0 } = shape;
    const faults: Diagnostic[] = [];
    if (value.length < minItems) {
      const message = `${this.#subject(at)} needs at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}; it has ${value.length}`;
      faults.push(fault('bad-value', message, at.origin, example(shape, at)));
    }
    if (items) {
      value.forEach((item, index) => {
        faults.push(...this.check(items, item, step(at, index, undefined, shape)));
      });
    }
    return faults;
  }

  #checkMap(shape: Shape, value: Readonly<Record<string, unknown>>, at: Position): Diagnostic[] {
    const faults: Diagnostic[] = [];
    const known = shape.properties ?? {};
    // A required key that was mistyped is reported once, where it stands.
    const mistyped = new Set(Object.keys(value).map((key) => (Object.hasOwn(known, key) ? undefined : meantKey(key, shape))));
    for (const key of shape.required ?? []) {
      if (!Object.hasOwn(value, key) && !mistyped.has(key)) faults.push(this.#missing(known[key], key, at));
    }
    for (const [key, one] of Object.entries(value)) {
      const named = Object.hasOwn(known, key) ? known[key] : undefined;
      if (named) {
        faults.push(...this.check(named, one, step(at, key, undefined, shape)));
      } else if (one === null && joinedKey(key)) {
        faults.push(joined(key, at.origin));
      } else if (shape.additionalProperties) {
        if (shape.propertyNames?.pattern) faults.push(...this.#name(shape.propertyNames, key, [...at.origin, key], 'key'));
        faults.push(...this.check(shape.additionalProperties, one, step(at, key, shape.additionalProperties.title, shape)));
      } else {
        const remedy = this.#unknownKeys.remedy(key, shape, value);
        faults.push({
          ...fault('unknown-key', `unknown key ${quoted(key)} in ${this.#subject(at)}`, [...at.origin, key], remedy),
          at: 'key',
        });
      }
    }
    return faults;
  }

  #checkText(shape: Shape, value: string, at: Position): Diagnostic[] {
    if (shape.enum && !shape.enum.includes(value)) {
      const near = suggest(value, shape.enum);
      const message = `${this.#subject(at)} must be ${expected(shape)}, not ${quoted(value)}`;
      return [fault('bad-value', message, at.origin, near && `Did you mean ${quoted(near)}?`)];
    }
    if (shape.pattern !== undefined) return this.#name(shape, value, at.origin, 'value');
    if (value.length < (shape.minLength ?? 0)) {
      return [fault('bad-value', `${this.#subject(at)} must not be empty`, at.origin, example(shape, at))];
    }
    return [];
  }

  // Names are the only texts with a pattern, so that the rule can be said in words.
  #name(shape: Shape, name: string, origin: Origin, at: 'key' | 'value'): Diagnostic[] {
    const maxLength = shape.maxLength ?? Number.POSITIVE_INFINITY;
    const reason = nameFault(name, maxLength);
    if (reason === undefined) return [];
    const corrected = correctedName(name, maxLength);
    const rule = 'Names have lower-case letters, digits and hyphens, and begin with a letter';
    const remedy = corrected ? `${rule}: ${quoted(corrected)}, for example.` : `${rule}.`;
    return [{ ...fault('bad-name', `${quoted(name)} cannot be a name: it ${reason}`, origin, remedy), at }];
  }

  #checkNumber(shape: Shape, value: number, at: Position): Diagnostic[] {
    if (shape.type === 'integer' && !Number.isInteger(value)) {
      return [fault('wrong-type', `${this.#subject(at)} must be ${expected(shape)}, not ${quoted(String(value))}`, at.origin)];
    }
    const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY, unit } = shape;
    if (value >= minimum && value <= maximum) return [];
    const message = `${this.#subject(at)} must be from ${minimum} to ${maximum}${unit ? ` ${unit}` : ''}; it is ${value}`;
    return [fault('number-range', message, at.origin)];
  }

  #missing(shape: Shape | undefined, key: string, at: Position): Diagnostic {
    const sample = example(shape, { origin: [...at.origin, key] });
    const remedy = sample ? `Add it. ${sample}` : `Add ${quoted(`${key}:`)}.`;
    return { ...fault('missing-key', `${this.#subject(at)} has no ${quoted(key)}`, at.origin, remedy), at: 'key' };
  }

  #empty(shape: Shape, at: Position): Diagnostic {
    const last = at.origin.at(-1);
    if (last === undefined)
      return fault('file-empty', 'the file describes nothing', at.origin, 'Begin with `name:` and `networks:`, or run `bottle init`.');
    const settings = takesMap(shape) && !(shape.required?.length ?? 0);
    const key = typeof last === 'number' ? '-' : `${last}:`;
    const message = typeof last === 'number' ? `${this.#subject(at)} has nothing in it` : `nothing is written after ${quoted(key)}`;
    const deeper = `What belongs to it is written on the lines below, indented deeper than ${quoted(key)}`;
    const sample = example(shape, at);
    const remedy = takesMap(shape)
      ? `${deeper}${settings ? `; for nothing at all write ${quoted(`${key} {}`)}` : ''}.`
      : (sample ?? 'Write a value, or remove the line.');
    return { ...fault('empty-value', message, at.origin, remedy), at: 'key' };
  }

  #wrongType(shape: Shape, value: unknown, at: Position): Diagnostic {
    const message = `${this.#subject(at)} must be ${expected(shape)}, not ${found(value)}`;
    return fault('wrong-type', message, at.origin, this.#retype(shape, value, at));
  }

  #retype(shape: Shape, value: unknown, at: Position): string | undefined {
    const key = at.origin.at(-1);
    if (key === undefined) return 'A bottle file is made of keys and values, and begins like `name: corp`.';
    if (typeof value === 'number' && takesText(shape, 'service'))
      return `A service is a name or a protocol with a port: ${quoted(`tcp/${value}`)}.`;
    if (takesText(shape) && (typeof value === 'number' || typeof value === 'boolean')) return 'Put it in quotes to make it text.';
    if (typeof value === 'string') {
      if (shape.type === 'boolean' && /^(yes|on|y|no|off|n)$/i.test(value)) {
        return `YAML 1.2 reads ${quoted(value)} as text: write ${/^(yes|on|y)$/i.test(value) ? '`true`' : '`false`'}.`;
      }
      if ((shape.type === 'integer' || shape.type === 'number') && /^\s*[0-9]/.test(value)) {
        return `Write the number alone, without quotes or a unit: ${quoted(`${key}: ${Number.parseFloat(value)}`)}.`;
      }
    }
    const part = shape.additionalProperties ? shape.additionalProperties.title : undefined;
    if (Array.isArray(value) && part && shape.propertyNames?.pattern) {
      return `Write each ${part} under its name, ${quoted('web:')} instead of ${quoted('- name: web')}.`;
    }
    if (shape.type === 'array' && isMap(value)) return example(shape, at) ?? 'Begin each entry with `- `.';
    return example(shape, at);
  }

  #subject(at: Position): string {
    return subject(at.origin, at.titles);
  }
}

// `{dmz:auto}` is one key to YAML. An IPv6 address looks the same, and is none.
function joinedKey(key: string): boolean {
  return /^[^:\s]+:[^:\s]/.test(key) && !/^[0-9a-f:.]+(\/\d*)?$/i.test(key);
}

function joined(key: string, origin: Origin): Diagnostic {
  const remedy = `Write ${quoted(key.replace(':', ': '))}.`;
  return { ...fault('empty-value', `a space is missing after the colon of ${quoted(key)}`, [...origin, key], remedy), at: 'key' };
}

function step(at: Position, key: string | number, title: string | undefined, owner: Shape): Position {
  return { origin: [...at.origin, key], titles: [...at.titles, title], owner };
}

function fault(code: DiagnosticCode, message: string, origin: Origin, remedy?: string): Diagnostic {
  return { code, severity: 'error', message, origin, ...(remedy !== undefined && { remedy }) };
}

function example(shape: Shape | undefined, at: Pick<Position, 'origin'>): string | undefined {
  const sample = shape?.examples?.[0];
  const key = at.origin.at(-1);
  if (sample === undefined || key === undefined) return undefined;
  return `For example ${quoted(typeof key === 'number' ? `- ${flowText(sample)}` : `${key}: ${flowText(sample)}`)}.`;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function takesMap(shape: Shape): boolean {
  return shape.type === 'object' || (shape.anyOf?.every(takesMap) ?? false);
}

function takesText(shape: Shape, title?: string): boolean {
  if (shape.anyOf) return shape.anyOf.some((choice) => takesText(choice, title));
  return shape.type === 'string' && (title === undefined || shape.title === title);
}

function fitsType(shape: Shape, value: unknown): boolean {
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
