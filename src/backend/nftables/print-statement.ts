import type { Field } from '../../resource/ruleset/field.ts';
import type { Match, Nat, Reject, Statement, VerdictMap } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import { fieldsText, keyText, quoted, verdictText } from './print-value.ts';

export function statementText(statement: Statement, family: Table['family']): string {
  switch (statement.kind) {
    case 'match':
      return matchText(statement);
    case 'verdict':
      return verdictText(statement.verdict);
    case 'vmap':
      return vmapText(statement);
    case 'log':
      return `log prefix ${quoted(statement.prefix)} group ${statement.group}`;
    case 'limit':
      return `limit rate ${statement.rate}/${statement.per} burst ${statement.burst} packets`;
    case 'reject':
      return `reject with ${rejectText(statement.with, family)}`;
    case 'snat':
    case 'dnat':
      return natText(statement);
    case 'set':
      return `${statement.field} set ${statement.value}`;
    case 'maxseg':
      return `tcp option maxseg size set ${statement.size}`;
    case 'counter':
    case 'masquerade':
    case 'notrack':
      return statement.kind;
  }
}

/** Their values are bits; without an operator nft asks whether one of them is set. */
const FLAGS: ReadonlySet<Field> = new Set<Field>(['ct state', 'ct status', 'tcp flags']);

function matchText({ fields, operator, among }: Match): string {
  const left = fieldsText(fields);
  if ('set' in among) return `${left} ${operator === '!=' ? '!= ' : ''}@${among.set}`;
  const keys = among.map((key) => keyText(key, fields));
  if (operator === 'in') return `${left} ${keys.join(',')}`;
  const [field] = fields;
  const sign = operator === '!=' ? '!= ' : keys.length === 1 && field !== undefined && FLAGS.has(field) ? '== ' : '';
  return `${left} ${sign}${keys.length === 1 && fields.length === 1 ? keys.join('') : `{ ${keys.join(', ')} }`}`;
}

function vmapText({ fields, map }: VerdictMap): string {
  const entries =
    'name' in map
      ? `@${map.name}`
      : `{ ${map.entries.map(([key, verdict]) => `${keyText(key, fields)} : ${verdictText(verdict)}`).join(', ')} }`;
  return `${fieldsText(fields)} vmap ${entries}`;
}

function natText({ kind, family, to }: Nat): string {
  if ('map' in to) return `${kind} ${family} to ${fieldsText(to.fields)} map @${to.map}`;
  const { address = '', port } = to;
  const ports = port === undefined ? '' : `:${typeof port === 'number' ? port : `${port.from}-${port.to}`}`;
  // Without an address there is no family either.
  if (address === '') return `${kind} to ${ports}`;
  return `${kind} ${family} to ${address.includes(':') && ports !== '' ? `[${address}]` : address}${ports}`;
}

/** The families that speak of one version of IP have names of that version's own. */
function rejectText(reason: Reject['with'], family: Table['family']): string {
  if (reason === 'tcp reset') return reason;
  if (family === 'ip') return `icmp ${reason === 'no-route' ? 'net-unreachable' : reason}`;
  if (family === 'ip6') return `icmpv6 ${reason === 'host-unreachable' ? 'addr-unreachable' : reason}`;
  return `icmpx ${reason}`;
}
