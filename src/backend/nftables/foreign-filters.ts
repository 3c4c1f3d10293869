/** Tables of others that turn packets away, in the namespace that the thread is in. */
import { readFileSync } from 'node:fs';
import { inUserNamespace } from '../home.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { JSON_OUTPUT, nft } from './libnftables.ts';

/** A base chain that drops or rejects whatever none of its rules accepts. */
export interface ForeignFilter {
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly hook: 'input' | 'forward' | 'output';
  /** Names of all chains of the table: they tell whose it is. */
  readonly chains: readonly string[];
  /** Whether some rule of the table names the interface. */
  readonly mentions: (device: string) => boolean;
}

const hooks = ['input', 'forward', 'output'] as const;

/** @param isOurs tells the tables of bottles by their names */
export function foreignFilters(isOurs: (table: string) => boolean): readonly ForeignFilter[] {
  const listed: unknown = JSON.parse(nft('list ruleset', JSON_OUTPUT));
  const entries = isObject(listed) && isArray(listed['nftables']) ? listed['nftables'].filter(isObject) : [];
  const chains = entries.flatMap((entry) => (isObject(entry['chain']) ? [entry['chain']] : []));
  const rules = entries.flatMap((entry) => (isObject(entry['rule']) ? [entry['rule']] : []));
  return chains.flatMap((chain): readonly ForeignFilter[] => {
    const { family, table, name } = chain;
    const hook = hooks.find((one) => one === chain['hook']);
    if (hook === undefined || typeof family !== 'string' || typeof table !== 'string' || typeof name !== 'string' || isOurs(table))
      return [];
    if (chain['type'] !== 'filter' || family === 'bridge' || family === 'arp') return [];
    const ofTable = (one: JsonObject): boolean => one['table'] === table && one['family'] === family;
    const last = rules.findLast((rule) => ofTable(rule) && rule['chain'] === name);
    if (chain['policy'] !== 'drop' && !(last !== undefined && turnsAllAway(last))) return [];
    const text = JSON.stringify(rules.filter(ofTable));
    return [
      {
        family,
        table,
        chain: name,
        hook,
        chains: chains.filter(ofTable).map((one) => String(one['name'])),
        mentions: (device) => text.includes(JSON.stringify(device)),
      },
    ];
  });
}

/** Nothing but a verdict, and perhaps a counter or a log. */
function turnsAllAway(rule: JsonObject): boolean {
  const statements = isArray(rule['expr']) ? rule['expr'].filter(isObject) : [];
  const acts = statements.filter((statement) => !('counter' in statement || 'log' in statement));
  return acts.length === 1 && acts.some((act) => 'drop' in act || 'reject' in act);
}

const LEGACY = ['/proc/net/ip_tables_names', '/proc/net/ip6_tables_names'];

/** Whether there are rules of the old iptables, which nft does not see. */
export const hasLegacyFilter = (): boolean => LEGACY.some((path) => namesIn(path).includes('filter'));

function namesIn(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n');
  } catch (error) {
    // A network that came to be together with its user namespace shows them to the root of the whole machine only: it is
    // a bottle's own, and nobody else has tables in it.
    const silent = inUserNamespace() ? ['ENOENT', 'EACCES'] : ['ENOENT'];
    if (silent.includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}
