import { match, type Statement } from '../../resource/ruleset/statement.ts';
import type { Node } from './diagram.ts';
import { matching, type SetOf } from './lookups.ts';
import type { PacketSets } from './packet-sets.ts';

/** What has to hold for the statement to be passed. nft adds what NAT and resets need without being told. */
export function conditionsOf(sets: PacketSets, statement: Statement, setOf: SetOf): readonly Node[] {
  const tcp = (): Node => sets.among(['meta l4proto'], [['tcp']]);
  switch (statement.kind) {
    case 'match':
      return [matching(sets, statement, setOf)];
    case 'maxseg':
      return [tcp()];
    case 'reject':
      return statement.with === 'tcp reset' ? [tcp()] : [];
    case 'snat':
    case 'dnat': {
      const family = matching(sets, match('meta nfproto', statement.family === 'ip' ? 'ipv4' : 'ipv6'), setOf);
      if (!('map' in statement.to)) return statement.to.address === undefined ? [] : [family];
      return [
        family,
        sets.among(
          statement.to.fields,
          setOf(statement.to.map).elements.map(({ key }) => key),
        ),
      ];
    }
    default:
      return [];
  }
}
