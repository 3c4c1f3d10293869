import { formatAddress } from '../address/format.ts';
import type { Address } from '../address/ip.ts';
import type { Verdict } from '../observe/verdict.ts';

type Json = Readonly<Record<string, unknown>>;

/** A verdict in `-o json`: the promise by its line in the file, addresses as text. */
export function verdictJson({ expectation, failures, ...rest }: Verdict): Json {
  return { promise: expectation.text, ...rest, failures: failures.map((failure) => ({ ...failure, ...outcomeOf(failure.outcome) })) };
}

function outcomeOf(outcome: Verdict['failures'][number]['outcome']): Json {
  if (outcome === undefined) return {};
  const by: Address | undefined = 'by' in outcome ? outcome.by : undefined;
  return { outcome: { ...outcome, ...(by === undefined ? {} : { by: formatAddress(by) }) } };
}
