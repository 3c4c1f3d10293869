import { formatAddress } from '../address/format.ts';
import type { Proof } from '../engine/prove/prove.ts';

/** A proof in `-o json`: the promise by its line in the file, packets as text. */
export const proofJson = ({ expectation, state, reason, counterexamples }: Proof): Readonly<Record<string, unknown>> => ({
  promise: expectation.text,
  state,
  ...(reason !== undefined && { reason }),
  counterexamples: counterexamples.map(({ kind, from, packet, to, exchange, why }) => ({
    kind,
    from,
    source: formatAddress(packet.source),
    to,
    exchange,
    why,
  })),
});
