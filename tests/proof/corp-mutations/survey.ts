/** All that gets anywhere in a network, and what a change of it opens and closes. */
import { formatAddress } from '../../../src/address/format.ts';
import type { Address, Family } from '../../../src/address/ip.ts';
import { namespaceOf } from '../../../src/compile/placement.ts';
import type { Network } from '../../../src/network/network.ts';
import { addressesOf } from '../../../src/observe/ends.ts';
import { questionsOf } from '../../../src/observe/questions.ts';
import { codeOf } from '../../../src/proof/field-codes.ts';
import type { Model } from '../../../src/proof/path/model.ts';
import { Ground } from '../../../src/proof/reach/ground.ts';
import { asSent } from '../../../src/proof/reach/hop.ts';
import { answered, type Party, send } from '../../../src/proof/reach/question.ts';
import { exampleOf } from '../../../src/proof/reach/sent-packet.ts';
import type { Space } from '../../../src/proof/reach/space.ts';
import type { Node } from '../../../src/proof/sets/diagram.ts';
import { EMPTY } from '../../../src/proof/sets/node-table.ts';
import { setOf } from '../set-of-packet.ts';

/** By who sends or takes, and whether it is as it was sent, as it arrived, answered, or left for outside. */
export type Survey = ReadonlyMap<string, { readonly family: Family; readonly packets: Node }>;

export const allAddresses = ({ nodes }: Network): readonly Address[] =>
  nodes.flatMap((node) => addressesOf(node).map(({ address }) => address));

export function survey(space: Space, network: Network, model: Model): Survey {
  const ground = new Ground(space, model);
  const { diagram } = space;
  const found = new Map<string, { readonly family: Family; readonly packets: Node }>();
  const note = (key: string, family: Family, packets: Node): void => {
    found.set(key, { family, packets: diagram.or(found.get(key)?.packets ?? EMPTY, packets) });
  };
  const everywhere = allAddresses(network);
  for (const node of network.nodes) {
    const station = model.stations.get(namespaceOf(network.name, node.name));
    if (station === undefined) continue;
    const own: Party = { station, addresses: addressesOf(node).map(({ address }) => address) };
    const families = ([4, 6] as const).filter((family) => own.addresses.some((address) => address.family === family));
    for (const family of families) {
      for (const outcome of send(ground, [own], family, space.plain(family))) {
        note(`${node.name} is answered`, family, answered(ground, outcome, family));
        note(`${node.name} gets outside`, family, outcome.outside);
        note(`${node.name} gets through`, family, outcome.delivered);
        for (const { fate, hop, packets } of outcome.leaves) {
          if (fate !== 'delivered') continue;
          note(`${node.name} to ${hop.station.namespace}, as sent`, family, asSent(space, hop, packets));
          note(`${node.name} to ${hop.station.namespace}, as it arrives`, family, packets);
        }
      }
      // With sources that are others'.
      const forged: Party = { station, addresses: everywhere };
      for (const { delivered } of send(ground, [forged], family, space.plain(family)))
        note(`${node.name} gets through with any source`, family, delivered);
    }
  }
  for (const { packets } of found.values()) diagram.keep(packets);
  return found;
}

export const release = (space: Space, found: Survey): void => {
  for (const { packets } of found.values()) space.diagram.release(packets);
};

/** What opened and what closed, each with an example; nothing where no packet notices. */
export function changes(space: Space, before: Survey, after: Survey): readonly string[] {
  const { diagram } = space;
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((key) => {
    const [one, other] = [before.get(key), after.get(key)];
    const family = one?.family ?? other?.family ?? 4;
    const [old, now] = [one?.packets ?? EMPTY, other?.packets ?? EMPTY];
    const say = (word: string, packets: Node): readonly string[] =>
      packets === EMPTY ? [] : [`${word}: ${key}: ${exampleText(space, family, packets)}`];
    return [...say('opened', diagram.diff(now, old)), ...say('closed', diagram.diff(old, now))];
  });
}

function exampleText(space: Space, family: Family, packets: Node): string {
  const packet = exampleOf(space, family, packets);
  if (packet === undefined) return 'a packet';
  const { source, destination, protocol, sourcePort, destinationPort, icmpType } = packet;
  const ports = sourcePort === undefined ? `type ${icmpType}` : `${sourcePort} to ${destinationPort}`;
  return `${formatAddress(source)} -> ${formatAddress(destination)}, protocol ${protocol}, ${ports}`;
}

/** Promises of which a packet is answered that should not be, or is not that should. */
export function brokenPromises(space: Space, network: Network, found: Survey): readonly string[] {
  return questionsOf(network).flatMap(({ expectation, asks }) => {
    const broken = asks.some(({ probe: { from, source, to, protocol, port }, expected }) => {
      const { family } = to;
      const node = network.nodes.find(({ name }) => name === from);
      const own = source === undefined && node !== undefined ? addressesOf(node).map(({ address }) => address) : [source];
      const packets = found.get(`${from} is answered`)?.packets ?? EMPTY;
      const isAnswered = own.some((address) => {
        if (address === undefined || address.family !== family) return false;
        const transport =
          protocol === 'icmp'
            ? echoOf(family)
            : { protocol: Number(codeOf('inet_proto', protocol)), sourcePort: 40_000, destinationPort: port ?? 0 };
        const one = setOf(space, { family, source: address, destination: to, ...transport });
        return space.diagram.and(one, packets) !== EMPTY;
      });
      return isAnswered !== (expected === 'answer');
    });
    return broken ? [expectation.origin.join('.')] : [];
  });
}

const echoOf = (family: Family) => ({
  protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
  icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request')),
});
