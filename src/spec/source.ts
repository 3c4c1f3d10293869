import type { Diagnostic, Origin, Place } from '../diagnostic/diagnostic.ts';
import type { TextPosition } from './text-position.ts';
import type { MapTree, Tree } from './tree.ts';

/** A bottle file: its text, and where in it each thing stands. */
export interface Source {
  /** As it was named by the person. */
  readonly file: string;
  /** Without a byte order mark. Empty when the file could not be read. */
  readonly text: string;
  /** `program`: TypeScript or JavaScript that makes the description; a part has a place only where its key can be found. */
  readonly kind: 'text' | 'program';
  /**
   * The place of the key or the value at `origin`, or of the nearest part above it that is written in the file.
   * Undefined when nothing could be read from the file.
   */
  locate(origin: Origin, at?: 'key' | 'value'): Place | undefined;
}

export function textSource(file: string, text: string, position: TextPosition, root: Tree | undefined): Source {
  return {
    file,
    text,
    kind: 'text',
    locate: (origin, at = 'value') => {
      if (root === undefined) return undefined;
      if (origin.length === 0 && at === 'key') return wholeFile(file);
      const [start, end] = find(root, origin, at);
      return position.place(start, end);
    },
  };
}

/** A source whose parts have no lines: a file that could not be read. */
export function wholeFileSource(file: string, text: string): Source {
  const place = wholeFile(file);
  return { file, text, kind: 'text', locate: () => place };
}

/** The place that means a file as a whole: nothing wide, at its beginning. */
export function wholeFile(file: string): Place {
  return { file, line: 1, column: 1, endLine: 1, endColumn: 1 };
}

/**
 * Gives every diagnostic its place, and sorts by place. Used for the diagnostics of every stage.
 *
 * In a program places are found by looking for keys, so that the message says the path of keys as well.
 */
export function placeDiagnostics(diagnostics: readonly Diagnostic[], source: Source): Diagnostic[] {
  return diagnostics.map((diagnostic) => placed(diagnostic, source)).sort(byPlace);
}

function placed(diagnostic: Diagnostic, source: Source): Diagnostic {
  const related = diagnostic.related?.map((one) => withPlace(one, source));
  return { ...withPlace(diagnostic, source), ...(related && { related }) };
}

function withPlace<T extends Pick<Diagnostic, 'message' | 'origin' | 'at' | 'place'>>(one: T, source: Source): T {
  if (one.place) return one;
  const place = (one.origin && source.locate(one.origin, one.at)) ?? wholeFile(source.file);
  const path = source.kind === 'program' && one.origin && one.origin.length > 0 ? `${one.origin.join('.')}: ` : '';
  return { ...one, message: path + one.message, place };
}

function byPlace(a: Diagnostic, b: Diagnostic): number {
  if (!a.place || !b.place) return 0;
  return a.place.line - b.place.line || a.place.column - b.place.column || width(a.place) - width(b.place);
}

// What is said of the file as a whole comes before what is said of its first character.
function width(place: Place): number {
  return place.line === place.endLine ? place.endColumn - place.column : Number.MAX_SAFE_INTEGER;
}

function find(root: Tree, origin: Origin, at: 'key' | 'value'): readonly [number, number] {
  let node = root;
  let key: readonly [number, number] | undefined;
  let found = 0;
  for (const step of origin) {
    const entry = node.kind === 'map' ? node.entries.get(String(step)) : undefined;
    const item = node.kind === 'list' && typeof step === 'number' ? node.items[step] : undefined;
    const next = entry?.value ?? item;
    if (next === undefined) break;
    key = entry ? [entry.key.start, entry.key.end] : [next.start, next.end];
    node = next;
    found++;
  }
  const nothingWritten = node.kind === 'scalar' && node.start === node.end;
  if (key && (at === 'key' || found < origin.length || nothingWritten)) return key;
  if (key === undefined && node.kind === 'map') return firstKey(node);
  return [node.start, node.end];
}

/** The whole of a file is shown by its first key: the rest is too long to underline. */
function firstKey(root: MapTree): readonly [number, number] {
  const first = root.entries.values().next().value;
  return first ? [first.key.start, first.key.end] : [root.start, root.end];
}
