import type { Origin } from '../../diagnostic/diagnostic.ts';

/** NFTNL_UDATA_COMMENT_MAXLEN of libnftnl, without the closing zero. */
const MOST_BYTES = 127;

/** The place in the file that a rule or element comes from: `policy.hub -> jump`. Quotes would end nft's own. */
export function commentOf(origin: Origin): string {
  const text = origin.join('.').replaceAll('"', "'");
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  return Buffer.from(text).subarray(0, MOST_BYTES).toString('utf8').replace(/�$/, '');
}
