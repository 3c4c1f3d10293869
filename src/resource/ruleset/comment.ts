import type { Origin } from '../../diagnostic/diagnostic.ts';

/** NFTNL_UDATA_COMMENT_MAXLEN of libnftnl, without the closing zero. */
const MOST_BYTES = 127;

/** The place in the file that a rule or element comes from: `policy.hub -> jump`. Quotes would end nft's own. */
export function commentOf(origin: Origin): string {
  const text = origin.join('.').replaceAll('"', "'");
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  return Buffer.from(text)
    .subarray(0, MOST_BYTES)
    .toString('utf8')
    .replace(/\uFFFD$/, '');
}

/**
 * The way back: the place in a file's data that a comment speaks of. Undefined where there is none, or none any more.
 *
 * Keys may have dots themselves (`10.1.0.0/24`), and long comments are cut: the longest key that fits is followed.
 */
export function originOf(comment: string, file: unknown): Origin | undefined {
  if (comment === '') return [];
  if (typeof file !== 'object' || file === null) return undefined;
  const steps = Object.entries(file).toSorted(([one], [other]) => other.length - one.length);
  for (const [key, value] of steps) {
    const text = key.replaceAll('"', "'");
    const step = Array.isArray(file) ? Number(key) : key;
    if (comment === text) return [step];
    if (Buffer.byteLength(comment) >= MOST_BYTES - 3 && text.startsWith(comment)) return [step];
    const rest = comment.startsWith(`${text}.`) ? originOf(comment.slice(text.length + 1), value) : undefined;
    if (rest !== undefined) return [step, ...rest];
  }
  return undefined;
}
