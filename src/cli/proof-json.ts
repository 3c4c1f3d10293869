import { formatAddress } from '../address/format.ts';
import type { Proof } from '../engine/prove/prove.ts';
import { lostJson } from './paths-json.ts';
import type { Places } from './places.ts';

/** A proof in `-o json`: the promise by its line in the file, packets as text. @param places of lines that lose answers */
export const proofJson = ({ expectation, state, reason, counterexamples }: Proof, places?: Places): Readonly<Record<string, unknown>> => ({
  promise: expectation.text,
  state,
  ...(reason !== undefined && { reason }),
  counterexamples: counterexamples.map(({ kind, from, packet, to, exchange, why, lost }) => ({
    kind,
    from,
    source: formatAddress(packet.source),
    to,
    exchange,
    why,
    ...(lost !== undefined && { lost: lostJson(lost, places) }),
  })),
});
