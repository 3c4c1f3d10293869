/** Chains, sets and tables as nft(8) reads them. A line ends before every brace that closes: nft 1.0.6 wants that. */
import type { Chain, Hook, Rule } from '../../resource/ruleset/chain.ts';
import type { DataType, Field } from '../../resource/ruleset/field.ts';
import type { NamedSet } from '../../resource/ruleset/named-set.ts';
import type { Table } from '../../resource/table.ts';
import { statementText } from './print-statement.ts';
import { keyText, quoted, valueText, verdictText } from './print-value.ts';

/** `mark` is the comment of the table itself; an `owned` table goes with the session that makes it. */
export const tableText = ({ family, name, sets, chains, unknown = [] }: Table, mark: string, owned = false): string =>
  [
    `table ${family} ${name} {`,
    ...(owned ? ['flags owner;'] : []),
    `comment ${quoted(mark)}`,
    ...sets.map(setText),
    // What was read and not understood is put back as it was said.
    ...unknown,
    ...chains.map((chain) => chainText(chain, family)),
    '}',
  ].join('\n');

const chainText = ({ name, hook, rules }: Chain, family: Table['family']): string =>
  [`chain ${name} {`, ...(hook === undefined ? [] : [hookText(hook)]), ...rules.map((rule) => ruleText(rule, family)), '}'].join('\n');

export const hookText = ({ type, hook, priority, policy }: Hook): string =>
  `type ${type} hook ${hook} priority ${priority}; policy ${policy};`;

export const ruleText = ({ statements, comment, unknown }: Rule, family: Table['family']): string =>
  unknown ?? [...statements.map((statement) => statementText(statement, family)), ...commentText(comment)].join(' ');

const commentText = (comment: string): readonly string[] => (comment === '' ? [] : [`comment ${quoted(comment)}`]);

const setText = (set: NamedSet): string =>
  [
    `${set.kind === 'set' ? 'set' : 'map'} ${set.name} {`,
    ...setHeadText(set),
    ...(set.elements.length === 0 ? [] : [`elements = { ${elementsText(set).join(',\n')} }`]),
    '}',
  ].join('\n');

/** What it can hold. */
export const setHeadText = (set: NamedSet): readonly string[] => [
  `${typesText(set.types)}${dataTypeText(set)}`,
  ...(set.interval ? ['flags interval'] : []),
  ...(set.counter ? ['counter'] : []),
];

/** There is no type of raw bits; sets of them are declared by fields that have the types. */
const typesText = (types: readonly DataType[]): string =>
  types.some(isRaw) ? `typeof ${types.map((type) => TYPED_FIELDS[type] ?? type).join(' . ')}` : `type ${types.join(' . ')}`;

const isRaw = (type: DataType): boolean => type.startsWith('@');

const TYPED_FIELDS: Readonly<Partial<Record<DataType, Field>>> = {
  ifname: 'iifname',
  ether_addr: 'ether saddr',
  ipv4_addr: 'ip saddr',
  ipv6_addr: 'ip6 saddr',
};

function dataTypeText(set: NamedSet): string {
  if (set.kind === 'set') return '';
  return set.kind === 'map' ? ` : ${set.data.join(' . ')}` : ' : verdict';
}

export function elementsText(set: NamedSet): readonly string[] {
  const left = ({ key, comment }: NamedSet['elements'][number]): string => [keyText(key, set.types), ...commentText(comment)].join(' ');
  switch (set.kind) {
    case 'set':
      return set.elements.map(left);
    case 'verdict-map':
      return set.elements.map((element) => `${left(element)} : ${verdictText(element.verdict)}`);
    case 'map':
      return set.elements.map(
        (element) => `${left(element)} : ${element.value.map((value, place) => valueText(value, set.data[place])).join(' . ')}`,
      );
  }
}
