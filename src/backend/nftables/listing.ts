/** A table of the namespace that the thread is in, in the words of rulesets. */
import type { Table } from '../../resource/table.ts';
import { HANDLES, JSON_OUTPUT, NUMERIC_PROTOCOLS, nft, STATELESS } from './libnftables.ts';
import { parseTable, type TableContent, type Wording } from './parse-table.ts';

export const readTable = (family: Table['family'], name: string): TableContent =>
  parseTable(nft(`list table ${family} ${name}`, JSON_OUTPUT | STATELESS | NUMERIC_PROTOCOLS), wordingOf(family, name));

/** Asks nft only when a rule or a block has to be told. */
export function wordingOf(family: string, name: string): Wording {
  let lines: readonly string[] | undefined;
  const listing = (): readonly string[] => {
    lines ??= nft(`list table ${family} ${name}`, STATELESS | HANDLES).split('\n');
    return lines;
  };
  const withoutHandle = (line: string): string => line.replace(/ # handle \d+$/, '');
  return {
    rule: (handle) => withoutHandle(listing().find((line) => line.endsWith(` # handle ${handle}`)) ?? `rule ${handle}`).trim(),
    block: (head) => {
      const start = listing().findIndex((line) => line.startsWith(`\t${head} {`));
      const end = listing().indexOf('\t}', start);
      return start < 0 || end < 0
        ? head
        : listing()
            .slice(start, end + 1)
            .map(withoutHandle)
            .join('\n')
            .trim();
    },
  };
}
