/** Which real packets a watch follows: those of one exchange, whoever's port it is asked from, or all of the bottle. */
import { formatAddress } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import type { Network } from '../../network/network.ts';
import type { Selection } from '../../observe/trace/selection.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Step, Trace } from '../../proof/path/step.ts';
import type { Field } from '../../resource/ruleset/field.ts';
import { type Match, match, matchNot } from '../../resource/ruleset/statement.ts';
import type { Explained } from '../explain/explain.ts';

const words = {
  4: { source: 'ip saddr', destination: 'ip daddr', icmp: 'icmp', type: 'icmp type' },
  6: { source: 'ip6 saddr', destination: 'ip6 daddr', icmp: 'ipv6-icmp', type: 'icmpv6 type' },
} as const satisfies {
  readonly [F in Family]: { readonly source: Field; readonly destination: Field; readonly icmp: string; readonly type: Field };
};

/** As it is at each place where the model has it come by: before and after it is translated, there and back. */
export function matchingExchange({ family, there, back, error }: Explained): readonly Selection[] {
  const errors = error === undefined ? [] : shapesOf(error.trace).map((packet) => errorTo(family, packet));
  const asked = shapesOf(there).map((packet) => [...ends(packet), ...transport(packet, 'th dport', packet.destinationPort)]);
  const answered =
    back === undefined ? [] : shapesOf(back).map((packet) => [...ends(packet), ...transport(packet, 'th sport', packet.sourcePort)]);
  const all = [...asked, ...answered, ...errors];
  return [...new Map(all.map((selection) => [JSON.stringify(selection), selection])).values()];
}

const shapesOf = ({ steps }: Trace): readonly Packet[] =>
  steps.flatMap((step: Step) => (step.kind === 'sent' ? [step.packet] : step.kind === 'translated' ? [step.before, step.after] : []));

const ends = ({ family, source, destination }: Packet): readonly Match[] => [
  match(words[family].source, formatAddress(source)),
  match(words[family].destination, formatAddress(destination)),
];

const transport = ({ family, protocol, icmpType }: Packet, field: Field, port: number | undefined): readonly Match[] =>
  icmpType !== undefined
    ? [match(words[family].type, icmpType)]
    : [match('meta l4proto', protocol), ...(port === undefined ? [] : [match(field, port)])];

const ERRORS = ['destination-unreachable', 'time-exceeded', 'parameter-problem'];

const errorTo = (family: Family, { destination }: Packet): Selection => [
  match(words[family].destination, formatAddress(destination)),
  match(words[family].type, ...(family === 4 ? ERRORS : [...ERRORS, 'packet-too-big'])),
];

/** From or to the networks of the file; but for the questions after neighbours and routers, of which there is no end. */
export function matchingAll({ segments }: Network): readonly Selection[] {
  return ([4, 6] as const).flatMap((family) => {
    const prefixes = segments.flatMap(({ subnets }) => subnets).filter((prefix) => prefix.family === family);
    if (prefixes.length === 0) return [];
    const values = prefixes.map((prefix) => ({ prefix: formatAddress(prefix), length: prefix.length }));
    const { source, destination, icmp, type } = words[family];
    return [source, destination].flatMap((field): readonly Selection[] => {
      const inside = match(field, ...values);
      if (family === 4) return [[inside]];
      return [
        [inside, matchNot('meta l4proto', icmp)],
        [inside, match(type, 'echo-request', 'echo-reply', 'packet-too-big', ...ERRORS)],
      ];
    });
  });
}
