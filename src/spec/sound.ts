import type { Diagnostic, Origin } from '../diagnostic/diagnostic.ts';
import { bottleShape } from './bottle-shape.ts';
import { check } from './check.ts';
import { type Lost, lost } from './lost.ts';
import type { Readable } from './readable.ts';
import type { BottleFile } from './schema/bottle.ts';
import { isMap } from './shape-fit.ts';

/** A file with errors in its form, without the parts that they are in. Plain data, for programs send it from their thread. */
export interface Sound {
  readonly file: BottleFile;
  readonly lost: readonly Lost[];
}

/** Stands for a name that is missing or wrong. Nothing is refused because of what a bottle is called. */
const NAME = 'bottle';

/** With more errors at once in its form, nobody asks what the rest means, and to leave out each takes a while. */
const MOST = 100;

/** Leaves out what does not fit, and what is nothing without it, until all the rest fits. Undefined when that is too much. */
export function soundPart({ value, lost: before }: Readable): Sound | undefined {
  const left = [...before];
  let rest = withName(value);
  while (rest !== undefined) {
    const faults = check(bottleShape, rest);
    // What the shape takes is what the type says: both are made from the same schema, and a test compares them.
    if (faults.length === 0) return { file: rest as BottleFile, lost: left };
    if (faults.length > MOST) return undefined;
    for (const origin of faults.map(unsoundPart)) {
      const part = at(rest, origin);
      // It has gone with a part around it.
      if (part === undefined || rest === undefined) continue;
      left.push(lost(origin, part));
      rest = without(rest, origin);
    }
  }
  return undefined;
}

type Part = Readonly<Record<string, unknown>>;

function withName(value: unknown): Part | undefined {
  if (!isMap(value)) return undefined;
  const shape = bottleShape.properties?.['name'];
  return shape !== undefined && check(shape, value['name']).length === 0 ? value : { ...value, name: NAME };
}

/** What lacks a key is unsound itself, and so is a list with a wrong entry: it would say something else without it. */
function unsoundPart({ origin = [] }: Diagnostic): Origin {
  const entry = origin.findIndex((key) => typeof key === 'number');
  return entry < 0 ? origin : origin.slice(0, entry);
}

function at(value: unknown, [key, ...deeper]: Origin): unknown {
  if (key === undefined) return value;
  return isMap(value) && Object.hasOwn(value, key) ? at(value[key], deeper) : undefined;
}

/** Undefined for the whole. */
function without(value: Part, [key, ...deeper]: Origin): Part | undefined {
  if (key === undefined) return undefined;
  const { [key]: part, ...others } = value;
  const rest = isMap(part) ? without(part, deeper) : undefined;
  return rest === undefined ? others : { ...value, [key]: rest };
}
