import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { suggest } from '../diagnostic/suggest.ts';
import { exampleAt, fault, keyFault, type Position, subjectAt } from './fault.ts';
import { correctedName, nameFault } from './name.ts';
import type { Shape } from './shape.ts';
import { isMap, partOf, takesAnyText, takesOnlyMap } from './shape-fit.ts';
import { expected, found, quoted } from './wording.ts';

export function checkText(shape: Shape, value: string, at: Position): Diagnostic[] {
  if (shape.enum && !shape.enum.includes(value)) {
    const near = suggest(value, shape.enum);
    const message = `${subjectAt(at)} must be ${expected(shape)}, not ${quoted(value)}`;
    return [
      fault(
        'bad-value',
        message,
        at,
        near ? `Did you mean ${quoted(near)}?` : (exampleAt(shape, at) ?? exampleAt({ ...shape, examples: [shape.enum[0]] }, at)),
      ),
    ];
  }
  if (shape.pattern !== undefined) {
    const wrong = nameDiagnostic(shape, value, at);
    return wrong ? [wrong] : [];
  }
  if (value.length >= (shape.minLength ?? 0)) return [];
  return [fault('bad-value', `${subjectAt(at)} must not be empty`, at, exampleAt(shape, at))];
}

/** Names are the only texts with a pattern, so that the rule can be said in words. */
export function nameDiagnostic(shape: Shape, name: string, at: Position): Diagnostic | undefined {
  const maxLength = shape.maxLength ?? Number.POSITIVE_INFINITY;
  const reason = nameFault(name, maxLength);
  if (reason === undefined) return undefined;
  const message = name === '' ? 'a name must not be empty' : `${quoted(name)} cannot be a name: it ${reason}`;
  const corrected = correctedName(name, maxLength);
  if (name.length > maxLength) return fault('bad-name', message, at, 'Shorten it.');
  const rule = 'Names have lower-case letters, digits and hyphens, and begin with a letter';
  return fault('bad-name', message, at, corrected ? `${rule}: \`${corrected}\`, for example.` : `${rule}.`);
}

export function checkNumber(shape: Shape, value: number, at: Position): Diagnostic[] {
  if (shape.type === 'integer' && !Number.isInteger(value)) {
    return [
      fault(
        'wrong-type',
        `${subjectAt(at)} must be ${expected(shape)}, not ${quoted(String(value))}`,
        at,
        exampleAt(shape, at) ?? 'Write it without a fraction.',
      ),
    ];
  }
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY, unit } = shape;
  // YAML writes them `.nan` and `.inf`.
  if (!Number.isFinite(value) && maximum - minimum === Number.POSITIVE_INFINITY) {
    return [fault('bad-value', `${subjectAt(at)} must be a finite number, not ${quoted(String(value))}`, at)];
  }
  if (value >= minimum && value <= maximum) return [];
  const message = `${subjectAt(at)} must be from ${minimum} to ${maximum}${unit ? ` ${unit}` : ''}; it is ${value}`;
  return [
    fault(
      'number-range',
      message,
      at,
      `${value > maximum ? 'The most is' : 'The least is'} ${quoted(String(value > maximum ? maximum : minimum))}.`,
    ),
  ];
}

/** @param strays - keys that stand beside an empty one and would be known inside it */
export function empty(shape: Shape, at: Position, strays: readonly string[]): Diagnostic {
  const last = at.key;
  if (last === undefined)
    return fault('file-empty', 'the file describes nothing', at, 'Begin with `name:` and `networks:`, or run `bottle init`.');
  if (typeof last === 'number') return fault('empty-value', `${subjectAt(at)} has nothing in it`, at, 'Write a value, or remove the line.');
  const key = `${last}:`;
  const message = `nothing is written after ${quoted(key)}`;
  if (!takesOnlyMap(shape)) return keyFault('empty-value', message, at, exampleAt(shape, at) ?? 'Write a value, or remove the line.');
  if (strays.length > 0) {
    const names = strays.map(quoted).join(', ');
    return keyFault('empty-value', message, at, `If ${names} below belongs to it, indent that deeper than ${quoted(key)}.`);
  }
  const deeper = `What belongs to it is written on the lines below, indented deeper than ${quoted(key)}`;
  const nothing = shape.required?.length ? '' : `; for nothing at all write ${quoted(`${key} {}`)}`;
  return keyFault('empty-value', message, at, `${deeper}${nothing}.`);
}

export function wrongType(shape: Shape, value: unknown, at: Position): Diagnostic {
  return fault('wrong-type', `${subjectAt(at)} must be ${expected(shape)}, not ${found(value)}`, at, retype(shape, value, at));
}

function retype(shape: Shape, value: unknown, at: Position): string | undefined {
  const { key } = at;
  if (key === undefined) return 'A bottle file is made of keys and values, and begins like `name: corp`.';
  if (typeof value === 'number' && takesService(shape)) {
    return `A service is a name or a protocol with a port: ${quoted(`tcp/${value}`)}.`;
  }
  if (takesAnyText(shape) && (typeof value === 'number' || typeof value === 'boolean')) return 'Put it in quotes to make it text.';
  if (typeof value === 'string' && shape.type === 'boolean' && /^(yes|on|y|no|off|n)$/i.test(value)) {
    return `YAML 1.2 reads ${quoted(value)} as text: write ${/^(yes|on|y)$/i.test(value) ? '`true`' : '`false`'}.`;
  }
  if (typeof value === 'string' && (shape.type === 'integer' || shape.type === 'number') && /^\s*[0-9]/.test(value)) {
    return `Write the number alone, without quotes or a unit: ${quoted(`${key}: ${Number.parseFloat(value)}`)}.`;
  }
  const part = partOf(shape);
  if (Array.isArray(value) && part?.title) {
    return `Write each ${part.title} under its name, ${quoted('web:')} instead of ${quoted('- name: web')}.`;
  }
  if (Array.isArray(value) && takesOnlyMap(shape) && value.every(isMap)) return 'Leave out the `- ` before each entry.';
  return exampleAt(shape, at);
}

function takesService(shape: Shape): boolean {
  return shape.anyOf ? shape.anyOf.some(takesService) : shape.type === 'string' && shape.title === 'service';
}
