import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { checkNumber, checkText, empty, nameDiagnostic, wrongType } from './check-scalar.ts';
import { exampleAt, fault, keyFault, type Position, step, subjectAt, top } from './fault.ts';
import type { Shape } from './shape.ts';
import { fitsType, isMap, partOf, takesOnlyMap } from './shape-fit.ts';
import { unreadable } from './tree.ts';
import { meantKey, UnknownKeys } from './unknown-key.ts';
import { plural, quoted } from './wording.ts';

/** Nobody mends more at one time, and to word each takes a while. */
const maxFaults = 500;

/** Says in what a value differs from its shape: everything at once, each with its origin. Empty when it fits. */
export function check(shape: Shape, value: unknown): Diagnostic[] {
  const faults = new Checker(shape).check(shape, value, top, []);
  if (faults.length <= maxFaults) return faults;
  const more = keyFault(
    'too-many-errors',
    `more than ${maxFaults} errors; the first ${maxFaults} are shown`,
    top,
    'Mend what is alike in them first.',
  );
  return [...faults.slice(0, maxFaults), more];
}

type MapValue = Readonly<Record<string, unknown>>;

class Checker {
  readonly #root: Shape;
  readonly #unknownKeys: UnknownKeys;
  #unknownCount = 0;

  constructor(root: Shape) {
    this.#root = root;
    this.#unknownKeys = new UnknownKeys(root);
  }

  /** @param beside - keys that stand beside this value and are not known there */
  check(shape: Shape, value: unknown, at: Position, beside: readonly string[]): Diagnostic[] {
    if (value === unreadable) return [];
    if (value === null) return [empty(shape, at, beside)];
    if (shape.anyOf) return this.#checkAny(shape, shape.anyOf, value, at);
    if (!fitsType(shape, value)) return [wrongType(shape, value, at)];
    if (Array.isArray(value)) return this.#checkList(shape, value, at);
    if (isMap(value)) return partOf(shape) ? this.#checkParts(shape, value, at) : this.#checkMap(shape, value, at);
    if (typeof value === 'string') return checkText(shape, value, at);
    if (typeof value === 'number') return checkNumber(shape, value, at);
    return [];
  }

  // The alternative of the value's own type is what was meant; among several the one with the fewest faults.
  #checkAny(shape: Shape, choices: readonly Shape[], value: unknown, at: Position): Diagnostic[] {
    const { examples } = shape;
    const fitting = choices.filter((choice) => fitsType(choice, value));
    const results = fitting.map((choice) => this.check(examples === undefined ? choice : { examples, ...choice }, value, at, []));
    const [best] = results.sort((a, b) => a.length - b.length);
    return best ?? [wrongType(shape, value, at)];
  }

  #checkList(shape: Shape, value: readonly unknown[], at: Position): Diagnostic[] {
    const { items, minItems = 0 } = shape;
    const faults = items ? value.flatMap((item, index) => this.check(items, item, step(at, index), [])) : [];
    if (value.length >= minItems) return faults;
    const message = `${subjectAt(at)} needs at least ${minItems} ${minItems === 1 ? 'entry' : 'entries'}; it has ${value.length}`;
    return [fault('bad-value', message, at, exampleAt(shape, at)), ...faults];
  }

  /** A map of settings, or one whose keys can be anything. */
  #checkMap(shape: Shape, value: MapValue, at: Position): Diagnostic[] {
    const known = shape.properties ?? {};
    const keys = Object.keys(value);
    const strangers = shape.additionalProperties ? [] : keys.filter((key) => !Object.hasOwn(known, key));
    const hungry = keys.some((key) => value[key] === null && Object.hasOwn(known, key) && known[key] && takesOnlyMap(known[key]));
    const faults = this.#missing(shape, value, strangers, at);
    for (const key of keys) {
      const one = value[key];
      const named = Object.hasOwn(known, key) ? known[key] : undefined;
      const inside = step(at, key, named ? undefined : titleOf(shape.additionalProperties));
      if (named) faults.push(...this.check(named, one, inside, strangers));
      else if (one === null && isJoined(key)) faults.push(joined(key, inside));
      else if (shape.additionalProperties) faults.push(...this.check(shape.additionalProperties, one, inside, []));
      // What stands beside an empty key most likely belongs into it, and is named with that.
      else if (!hungry) faults.push(this.#unknown(key, shape, value, at));
    }
    return faults;
  }

  /** A map of parts by name, such as `machines`. */
  #checkParts(shape: Shape, value: MapValue, at: Position): Diagnostic[] {
    const part = partOf(shape);
    if (!part) return [];
    const settings = part.properties ?? {};
    const entries = Object.entries(value);
    const strays = Object.keys(value).filter((key) => Object.hasOwn(settings, key));
    const hungry = entries.some(([, one]) => one === null);
    return entries.flatMap(([key, one]) => {
      const inside = step(at, key, part.title);
      if (one === null && isJoined(key)) return [joined(key, inside)];
      if (hungry && one !== null && strays.includes(key)) return [];
      const faults = this.check(part, one, inside, strays);
      if (faults.length > 0 && (strays.includes(key) || Object.hasOwn(this.#root.properties ?? {}, key)))
        return [this.#misplaced(key, part, at)];
      const wrongName = nameDiagnostic(shape.propertyNames ?? {}, key, inside);
      return wrongName ? [{ ...wrongName, at: 'key' as const }, ...faults] : faults;
    });
  }

  #missing(shape: Shape, value: MapValue, strangers: readonly string[], at: Position): Diagnostic[] {
    const absent = (shape.required ?? []).filter((key) => !Object.hasOwn(value, key));
    // In what could be read only in part, the key may have been there.
    if (absent.length === 0 || unreadable in value) return [];
    // A required key that was mistyped is reported once, where it stands.
    const mistyped = new Set(strangers.slice(0, maxFaults).map((key) => meantKey(key, shape)));
    const missing = absent.filter((key) => !mistyped.has(key));
    return missing.map((key) => {
      const sample = exampleAt(shape.properties?.[key], step(at, key));
      return keyFault(
        'missing-key',
        `${subjectAt(at)} has no ${quoted(key)}`,
        at,
        sample ? `Add it. ${sample}` : `Add ${quoted(`${key}:`)}.`,
      );
    });
  }

  #unknown(key: string, shape: Shape, value: MapValue, at: Position): Diagnostic {
    const remedy = ++this.#unknownCount > maxFaults ? undefined : this.#unknownKeys.remedy(key, shape, value);
    return keyFault('unknown-key', `unknown key ${quoted(key)} in ${subjectAt(at)}`, step(at, key), remedy);
  }

  #misplaced(key: string, part: Shape, at: Position): Diagnostic {
    const title = part.title ?? 'part';
    const remedy = Object.hasOwn(part.properties ?? {}, key)
      ? `The name of the ${title} comes first, and its settings below it.`
      : `${quoted(`${key}:`)} stands at the top of the file, not indented.`;
    return keyFault('unknown-key', `${quoted(key)} stands where the names of ${plural(title)} are`, step(at, key), remedy);
  }
}

function titleOf(shape: Shape | false | undefined): string | undefined {
  return shape ? shape.title : undefined;
}

// `{dmz:auto}` is one key to YAML. An IPv6 address looks the same, and is none.
function isJoined(key: string): boolean {
  return /^[^:\s]+:[^:\s]/.test(key) && !/^[0-9a-f:.]+(\/\d*)?$/i.test(key);
}

function joined(key: string, at: Position): Diagnostic {
  return keyFault('empty-value', `a space is missing after the colon of ${quoted(key)}`, at, `Write ${quoted(key.replace(':', ': '))}.`);
}
