/** Places in the lines of a text, as offsets. */

/** The nearest line above with the same indentation, without it; undefined when a line of less comes first. */
export function lineOfSameIndent(text: string, at: number): string | undefined {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  const indent = at - start;
  for (const line of text.slice(0, start).split('\n').reverse()) {
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) continue;
    const own = line.length - content.length;
    if (own === indent) return content;
    if (own < indent) return undefined;
  }
  return undefined;
}

/** Where the line's first visible character is, if that is before an offset; the offset otherwise. */
export function startOfContent(text: string, at: number): number {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return Math.min(at, visible(text, start));
}

/** Without its line feed, and the carriage return before it. */
export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  const stop = end < 0 ? text.length : end;
  return text[stop - 1] === '\r' && stop > at ? stop - 1 : stop;
}

/** The first character at or after an offset that can be seen; the last before it at the end of the text. */
export function visible(text: string, offset: number): number {
  let at = Math.min(offset, text.length);
  while (at < text.length && /\s/.test(text[at] ?? '')) at++;
  if (at < text.length) return at;
  while (at > 0 && /\s/.test(text[at - 1] ?? '')) at--;
  return Math.max(0, at - 1);
}
