import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/diagnostic/diagnostic.ts';
import { certainErrors } from '../../src/network/certain.ts';
import { fileOf, plan } from '../../src/network/plan.fixture.ts';
import { resolve } from '../../src/network/resolve.ts';
import { parseBottle } from '../../src/spec/load.ts';
import type { BottleFile } from '../../src/spec/schema/bottle.ts';
import { breakageOf } from './breakage.ts';

const directories = [import.meta.dirname, join(import.meta.dirname, '../../examples')];
const paths = directories.flatMap((directory) =>
  readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('bottle.yaml'))
    .map((name) => join(directory, name)),
);
/** Those with a right form, whatever they mean; large ones take long and say no more. */
const files = paths.flatMap((path) => {
  const { file } = parseBottle(readFileSync(path, 'utf8'), path);
  return file === undefined || JSON.stringify(file).length > 20_000 ? [] : [{ file, directory: dirname(path) }];
});

/** A break may move an error, or change what it is compared with, but not both. */
const traces = ({ code, message, origin }: Diagnostic): readonly string[] => [`${code}: ${message}`, `${code} at ${origin?.join('.')}`];

const errorsOf = (file: BottleFile, directory: string): readonly Diagnostic[] =>
  resolve(file, { directory }).diagnostics.filter(({ severity }) => severity === 'error');

/** What is said of the meaning of a broken file, and would not be said of the whole one. */
function followUps(file: BottleFile, directory: string, place: number, way: number): readonly string[] {
  const { what, text } = breakageOf(file, place, way);
  const { sound } = parseBottle(text, 'bottle.yaml');
  if (sound === undefined) return [];
  const whole = new Set(errorsOf(file, directory).flatMap(traces));
  const said = certainErrors(errorsOf(sound.file, directory), sound.file, sound.lost);
  const more = said.filter((one) => !traces(one).some((trace) => whole.has(trace)));
  return more.map(({ code, message }) => `${what}: ${code}: ${message}`);
}

describe('of a file that is broken in form, no error of meaning is said that it would not have if it were whole', () => {
  test('in examples, and in files with errors of meaning', () => {
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), fc.nat(), ({ file, directory }, place, way) => {
        expect(followUps(file, directory, place, way)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });

  test('in generated files', () => {
    fc.assert(
      fc.property(plan, fc.nat(), fc.nat(), (outline, place, way) => {
        expect(followUps(fileOf(outline), '/', place, way)).toEqual([]);
      }),
      { numRuns: 500 },
    );
  });
});
