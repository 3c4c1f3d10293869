/** Sets of packets and single packets, asked the same. */
import { formatAddress } from '../../src/address/format.ts';
import { compile } from '../../src/compile/compile.ts';
import { namespaceOf } from '../../src/compile/placement.ts';
import type { Node as Machine, Network } from '../../src/network/network.ts';
import { addressesOf } from '../../src/observe/ends.ts';
import { recognizes, responseTo } from '../../src/proof/path/answer.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import { follow } from '../../src/proof/path/follow.ts';
import type { Model } from '../../src/proof/path/model.ts';
import { Ground } from '../../src/proof/reach/ground.ts';
import { answered, type Party, send } from '../../src/proof/reach/question.ts';
import { exampleOf, type Sent } from '../../src/proof/reach/sent-packet.ts';
import { Space } from '../../src/proof/reach/space.ts';
import type { Node } from '../../src/proof/sets/diagram.ts';
import { EMPTY } from '../../src/proof/sets/node-table.ts';
import { union } from '../../src/proof/sets/stretches.ts';
import { setOf } from './set-of-packet.ts';

const host = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

export interface Compared {
  readonly packets: number;
  readonly answered: number;
  readonly delivered: number;
  readonly disagreements: readonly string[];
}

/** Between all pairs of machines and routers: packets of both sides of each decision that the sets know. */
export function compare(network: Network): Compared {
  const model = modelOf(compile(network, host));
  const ground = new Ground(new Space([model]), model);
  const disagreements: string[] = [];
  const counts = { packets: 0, answered: 0, delivered: 0 };
  for (const from of network.nodes)
    for (const to of network.nodes) {
      if (from === to) continue;
      for (const family of [4, 6] as const) {
        const { space } = ground;
        const { diagram } = space;
        const wanted = space.addresses('destination', family, locations(to));
        for (const outcome of send(ground, [partyOf(model, network, from)], family, wanted)) {
          const back = answered(ground, outcome, family);
          const arrives = union(diagram, [outcome.delivered, outcome.outside]);
          for (const packet of probes(space, family, outcome.sent, [arrives, back])) {
            const one = setOf(space, packet);
            const said = {
              delivered: diagram.and(one, outcome.delivered) !== EMPTY,
              // What is asked of answers is TCP, UDP and echo requests.
              answered: hasAnswer(packet) ? diagram.and(one, back) !== EMPTY : undefined,
            };
            const single = followed(model, network, from, packet);
            counts.packets += 1;
            if (said.delivered) counts.delivered += 1;
            if (said.answered === true) counts.answered += 1;
            if (single === undefined) continue;
            if (
              said.delivered !== single.delivered ||
              (said.answered !== undefined && single.answered !== undefined && said.answered !== single.answered)
            )
              disagreements.push(`${textOf(from, to, packet)}: sets ${JSON.stringify(said)}, single ${JSON.stringify(single)}`);
          }
        }
      }
    }
  return { ...counts, disagreements };
}

const locations = (node: Machine) => addressesOf(node).map(({ address }) => address);

function partyOf(model: Model, network: Network, node: Machine): Party {
  const station = model.stations.get(namespaceOf(network.name, node.name));
  if (station === undefined) throw new Error(`no ${node.name}`);
  return { station, addresses: locations(node) };
}

/** Packets within and without each set, for each protocol that has ports, and messages. */
function probes(space: Space, family: 4 | 6, sent: Node, sets: readonly Node[]): readonly Sent[] {
  const { diagram } = space;
  const kinds = [
    space.sets.among(['meta l4proto'], [['tcp']]),
    space.sets.among(['meta l4proto'], [['udp']]),
    space.echoRequests(family),
    space.sets.among(['meta l4proto'], [['esp']]),
  ];
  return sets
    .flatMap((set) => [set, diagram.diff(sent, set)])
    .flatMap((set) => kinds.map((kind) => exampleOf(space, family, diagram.and(set, kind))))
    .filter((packet) => packet !== undefined);
}

const hasAnswer = ({ protocol, icmpType }: Sent): boolean =>
  protocol === 6 || protocol === 17 || (protocol === 1 && icmpType === 8) || (protocol === 58 && icmpType === 128);

/** Undefined where the packet leaves for where nothing is known of. */
function followed(model: Model, network: Network, from: Machine, packet: Sent) {
  const run = { model, trackings: new Map() };
  const at = namespaceOf(network.name, from.name);
  const there = follow(run, at, packet);
  if (there.ending.kind === 'outside') return undefined;
  if (there.ending.kind !== 'delivered') return { delivered: false, answered: false };
  const response = responseTo(there);
  // A reset of a port that nobody listens at has got through as much as an answer.
  if (response?.what !== 'answer' && response?.what !== 'reset') return { delivered: true, answered: isEcho(packet) ? false : undefined };
  const back = follow(run, response.at, response.opening);
  if (back.ending.kind === 'outside') return undefined;
  const sent = { ...packet, state: 'new', dnat: false, local: false } as const;
  return { delivered: true, answered: back.ending.kind === 'delivered' && back.ending.at === at && recognizes(sent, back) };
}

const isEcho = ({ icmpType }: Sent): boolean => icmpType !== undefined;

const textOf = (from: Machine, to: Machine, { source, destination, protocol, sourcePort, destinationPort, icmpType }: Sent): string =>
  `${from.name} -> ${to.name} ${formatAddress(source)} -> ${formatAddress(destination)} protocol ${protocol} ${icmpType ?? `${sourcePort}-${destinationPort}`}`;
