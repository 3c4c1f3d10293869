/** Lines of `forwards:` and `nat:` that translate nothing. */
import { formatAddress } from '../../address/format.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { SourceNat } from '../../network/nat/translation.ts';
import type { Network } from '../../network/network.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';

export interface TranslatingLine {
  /** `edge tcp/80`, `masquerade: internet`, `nat`. */
  readonly text: string;
  readonly what: 'forward' | 'nat';
  readonly origin: Origin;
}

/** All that the file has; what a `nat` network does without being told more is none. */
export function translatingLines({ forwards, nodes, segments }: Network): readonly TranslatingLine[] {
  const lines = [
    ...forwards.map(({ text, origin }): TranslatingLine => ({ text, what: 'forward', origin })),
    ...nodes.flatMap(({ nat }) => nat.map((one): TranslatingLine => ({ text: sourceNatText(one), what: 'nat', origin: one.origin }))),
    ...segments.flatMap(({ nat, origin }): readonly TranslatingLine[] =>
      nat === undefined || nat.origin.length === origin.length ? [] : [{ text: 'nat', what: 'nat', origin: nat.origin }],
    ),
  ];
  // A service with several ports is one line.
  return [...new Map(lines.map((line) => [commentOf(line.origin), line])).values()];
}

const sourceNatText = ({ segment, to }: SourceNat): string =>
  to.length === 0 ? `masquerade: ${segment}` : `snat: ${segment}: ${to.map((address) => formatAddress(address)).join(', ')}`;

/** @param comments of the rules and elements that do translate something */
export const idleTranslations = (lines: readonly TranslatingLine[], comments: ReadonlySet<string>): readonly TranslatingLine[] =>
  lines.filter(({ origin }) => !comments.has(commentOf(origin)));
