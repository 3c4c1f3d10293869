/** How often the rules and set elements of a table were met. */
import type { Table } from '../../resource/table.ts';
import { isArray, isObject, type JsonObject } from './json.ts';
import { JSON_OUTPUT, nft } from './libnftables.ts';

interface Counted {
  readonly packets: number;
  readonly bytes: number;
  /** Where in the file it comes from; as `commentOf` writes it. */
  readonly comment: string;
}

export interface Counters {
  /** In the order of the rules; those without a counter are not among them. */
  readonly rules: readonly (Counted & { readonly chain: string })[];
  /** Of sets whose elements count. */
  readonly elements: readonly (Counted & { readonly set: string })[];
}

/** Of a table of the namespace that the thread is in. */
export function readCounters(family: Table['family'], name: string): Counters {
  const listing: unknown = JSON.parse(nft(`list table ${family} ${name}`, JSON_OUTPUT));
  const items = isObject(listing) && isArray(listing['nftables']) ? listing['nftables'].filter(isObject) : [];
  return {
    rules: items.flatMap(({ rule }) => (isObject(rule) ? countedRule(rule) : [])),
    elements: items.flatMap(({ set, map }) => {
      const body = set ?? map;
      return isObject(body) ? countedElements(body) : [];
    }),
  };
}

const commentIn = ({ comment }: JsonObject): string => (typeof comment === 'string' ? comment : '');

function countedRule(rule: JsonObject): Counters['rules'] {
  const statements = isArray(rule['expr']) ? rule['expr'] : [];
  const counter = statements.map((statement) => counterIn(statement)).find((one) => one !== undefined);
  return counter === undefined ? [] : [{ ...counter, chain: String(rule['chain']), comment: commentIn(rule) }];
}

/** Elements of maps are pairs of what is looked up and what it leads to. */
function countedElements({ name, elem }: JsonObject): Counters['elements'] {
  if (!isArray(elem)) return [];
  return elem.flatMap((item) => {
    const left = isArray(item) ? item[0] : item;
    const element = isObject(left) ? left['elem'] : undefined;
    const counter = counterIn(element);
    return counter === undefined || !isObject(element) ? [] : [{ ...counter, set: String(name), comment: commentIn(element) }];
  });
}

function counterIn(json: unknown): { readonly packets: number; readonly bytes: number } | undefined {
  const counter = isObject(json) ? json['counter'] : undefined;
  if (!isObject(counter)) return undefined;
  const { packets, bytes } = counter;
  return typeof packets === 'number' && typeof bytes === 'number' ? { packets, bytes } : undefined;
}
