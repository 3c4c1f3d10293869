import { spawnSync } from 'node:child_process';
import type { Item, Items } from './snapshot.ts';

const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };

/** What a program prints, by lines; none if it is not installed. */
function lines(program: string, ...args: string[]): string[] {
  const { status, stdout, stderr, error } = spawnSync(program, args, { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (error !== undefined && 'code' in error && error.code === 'ENOENT') return [];
  if (error !== undefined || status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout.split('\n');
}

/**
 * One item a table, whose facts are the lines of each chain and set in their order. Which of them was made first, and is
 * listed first, means nothing.
 */
function tables(ruleset: readonly string[]): Items {
  const items: Record<string, Record<string, string>> = {};
  let table: Record<string, string> = {};
  let [part, count] = ['', 0];
  for (const line of ruleset) {
    const name = /^table (.*) \{/.exec(line)?.[1];
    if (name !== undefined) {
      table = {};
      items[name] = table;
    } else if (line.trim() !== '' && line !== '}') {
      const begun = /^\t(\w.*) \{$/.exec(line)?.[1];
      [part, count] = begun === undefined ? [part, count + 1] : [begun, 0];
      table[count === 0 ? part : `${part}, line ${count}`] = line.trim();
    }
  }
  return items;
}

/** The rules of the old interface, without its counters; only `-legacy` has any that nft does not show. */
function legacy(program: string): Items {
  const rules = lines(program).filter((line) => line !== '' && !line.startsWith('#'));
  const facts: Item = Object.fromEntries(rules.map((rule, at) => [`line ${at + 1}`, rule.replace(/\[\d+:\d+\]/, '')]));
  return rules.length === 0 ? {} : { [program]: facts };
}

export function readFirewall(): Items {
  return { ...tables(lines('nft', '-s', 'list', 'ruleset')), ...legacy('iptables-legacy-save'), ...legacy('ip6tables-legacy-save') };
}
