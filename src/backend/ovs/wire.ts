/** Values of OVSDB as they are written (RFC 7047, section 5.1). */

/** A row that is there, or one that the same transaction inserts. */
export type Reference = readonly ['uuid' | 'named-uuid', string];
type Atom = string | number | boolean | Reference;
export type Value = Atom | readonly ['set', readonly Atom[]] | readonly ['map', readonly (readonly [Atom, Atom])[]];
/** Column by column. */
export type Row = Readonly<Record<string, Value>>;

export const uuid = (id: string): Reference => ['uuid', id];
export const namedUuid = (name: string): Reference => ['named-uuid', name];
export const setOf = (atoms: readonly Atom[]): Value => ['set', atoms];
/** A column that may be empty is a set of none or one. */
export const optional = (atom: Atom | undefined): Value => setOf(atom === undefined ? [] : [atom]);
export const mapOf = (entries: Readonly<Record<string, string>>): Value => ['map', Object.entries(entries)];

/** What a column holds: a set of one is written as that one. */
function atomsIn(value: Value | undefined): readonly Atom[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return [value as Atom];
  return value[0] === 'set' ? (value[1] as readonly Atom[]) : value[0] === 'map' ? [] : [value as unknown as Reference];
}

export const textIn = (row: Row, column: string): string | undefined => atomsIn(row[column]).find((atom) => typeof atom === 'string');
export const numbersIn = (row: Row, column: string): readonly number[] => atomsIn(row[column]).filter((atom) => typeof atom === 'number');
export const numberIn = (row: Row, column: string): number | undefined => numbersIn(row, column)[0];
export const flagIn = (row: Row, column: string): boolean => atomsIn(row[column])[0] === true;

export const referencesIn = (row: Row, column: string): readonly string[] =>
  atomsIn(row[column]).flatMap((atom) => (Array.isArray(atom) && atom[0] === 'uuid' ? [atom[1] as string] : []));

export function mapIn(row: Row, column: string): Readonly<Record<string, string>> {
  const value = row[column];
  if (!Array.isArray(value) || value[0] !== 'map') return {};
  return Object.fromEntries((value[1] as readonly (readonly [string, string])[]).map(([key, text]) => [key, String(text)]));
}
