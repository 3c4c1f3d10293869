import type { Prefix } from '../address/ip.ts';

/** What an end of `from -> to` stands for. */
export type End =
  | { readonly kind: 'any' }
  /** `internet` in a file without a network of that name: whatever lies beyond the host. */
  | { readonly kind: 'outside' }
  | {
      readonly kind: 'nodes';
      readonly text: string;
      /** The nodes and segments that the text stands for: itself, or the members of a group. */
      readonly members: readonly string[];
      /** The machines among and in them. */
      readonly nodes: readonly string[];
      /** Only its addresses here, where the end is a segment. */
      readonly segment?: string;
    }
  | { readonly kind: 'prefix'; readonly text: string; readonly prefix: Prefix };
