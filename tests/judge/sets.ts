/** What sets of packets say: an opinion beside those of the evaluator and the kernel, and packets of both sides of each decision. */
import type { Address } from '../../src/address/ip.ts';
import { namespaceOf } from '../../src/compile/placement.ts';
import type { Network } from '../../src/network/network.ts';
import type { Outcome as Happened } from '../../src/observe/probe/probe.ts';
import type { Model } from '../../src/proof/path/model.ts';
import { NotFollowed } from '../../src/proof/path/not-followed.ts';
import { Ground } from '../../src/proof/reach/ground.ts';
import { asSent } from '../../src/proof/reach/hop.ts';
import { answered, type Outcome, send } from '../../src/proof/reach/question.ts';
import { exampleOf, type Sent } from '../../src/proof/reach/sent-packet.ts';
import { Space } from '../../src/proof/reach/space.ts';
import type { Node } from '../../src/proof/sets/diagram.ts';
import { EMPTY } from '../../src/proof/sets/node-table.ts';
import { union } from '../../src/proof/sets/stretches.ts';
import { HOST } from '../../src/resource/resource.ts';
import { setOf } from '../proof/set-of-packet.ts';
import { type Asked, HOST_NAME, ownersOf, strangersOf } from './packets.ts';
import { ASKING_PORT, type Prediction } from './predict.ts';

interface Word {
  readonly delivered: boolean;
  /** Whether an answer comes back, if whoever it is delivered to gives one. */
  readonly answered: boolean;
}

interface Answered extends Outcome {
  readonly answered: Node;
}

type Family = 4 | 6;

export class Sets {
  readonly #network: Network;
  readonly #ground: Ground;
  readonly #asked = new Map<string, readonly Answered[]>();

  constructor(network: Network, model: Model) {
    this.#network = network;
    const asked = [...[...ownersOf(network).values()].flat(), ...strangersOf(network)];
    this.#ground = new Ground(new Space([model], { asked }), model);
  }

  /** For each pair, packets that are delivered, answered, and not; and for each way in which packets end, some that do. */
  examples(): readonly Asked[] {
    const { space } = this.#ground;
    const { diagram } = space;
    const owners = ownersOf(this.#network);
    const places = [...owners.values(), strangersOf(this.#network)];
    return [...owners.keys()].flatMap((from) =>
      ([4, 6] as const).flatMap((family) => {
        const destinations = places.map((addresses) => space.addresses('destination', family, addresses));
        const anywhere = union(diagram, destinations);
        return this.#outcomes(from, family).flatMap((outcome) => {
          const sides = [outcome.delivered, outcome.answered].flatMap((set) => [set, diagram.diff(outcome.sent, set)]);
          const ends = outcome.leaves.map(({ hop, packets }) => diagram.and(asSent(space, hop, packets), anywhere));
          const decided = [
            ...destinations.flatMap((destination) => sides.map((side) => diagram.and(destination, side))),
            ...ends.flatMap((end) => [diagram.and(end, outcome.answered), diagram.diff(end, outcome.answered)]),
          ];
          return [...new Set(decided)].flatMap((set) => this.#examplesOf(from, family, set));
        });
      }),
    );
  }

  /** Undefined where the sets have no word: they know of whole packets with the usual hop limit. */
  word(asked: Asked, { trace }: Prediction): Word | undefined {
    const packet = trace[0]?.steps.find((step) => step.kind === 'sent')?.packet;
    if (packet === undefined || asked.hopLimit !== undefined || asked.size !== undefined || asked.service !== undefined) return undefined;
    const { space } = this.#ground;
    const one = setOf(space, packet);
    const [outcome] = this.#outcomes(asked.from, packet.family).filter(({ sent }) => space.diagram.and(one, sent) !== EMPTY);
    if (outcome === undefined) return undefined;
    const isIn = (set: Node): boolean => space.diagram.and(one, set) !== EMPTY;
    return { delivered: isIn(outcome.delivered), answered: isIn(outcome.answered) };
  }

  #outcomes(from: string, family: Family): readonly Answered[] {
    const key = `${from} ${family}`;
    const known = this.#asked.get(key) ?? this.#ask(from, family);
    this.#asked.set(key, known);
    return known;
  }

  #ask(from: string, family: Family): readonly Answered[] {
    const station = this.#ground.model.stations.get(from === HOST_NAME ? HOST : namespaceOf(this.#network.name, from));
    if (station === undefined) return [];
    const addresses: readonly Address[] = ownersOf(this.#network).get(from) ?? [];
    const outcomes = send(this.#ground, [{ station, addresses }], family, this.#ground.space.plain(family));
    try {
      return outcomes.map((outcome) => ({ ...outcome, answered: answered(this.#ground, outcome, family) }));
    } catch (error) {
      if (error instanceof NotFollowed) return [];
      throw error;
    }
  }

  #examplesOf(from: string, family: Family, packets: Node): readonly Asked[] {
    const { space } = this.#ground;
    const kinds = [space.toPorts('tcp', 1, 65_535), space.toPorts('udp', 1, 65_535), space.echoRequests(family)];
    return kinds.flatMap((kind) => {
      const packet = exampleOf(space, family, space.diagram.and(packets, kind));
      return packet === undefined ? [] : askedOf(from, packet);
    });
  }
}

/** None where it would have to be sent from a port of its own. */
function askedOf(from: string, { protocol, source, destination, sourcePort, destinationPort }: Sent): readonly Asked[] {
  const asked = { from, to: destination, ...(from !== HOST_NAME && { source }), listened: true } as const;
  if (destinationPort === undefined) return [{ ...asked, protocol: 'icmp' }];
  return sourcePort === ASKING_PORT ? [{ ...asked, protocol: protocol === 6 ? 'tcp' : 'udp', port: destinationPort }] : [];
}

/** Whether sets and evaluator say the same. */
export function sameWord(word: Word, { protocol, listened }: Asked, { said, trace }: Prediction): boolean {
  const ending = trace[0]?.ending;
  const delivered = ending?.kind === 'delivered';
  if (word.delivered !== delivered) return false;
  // An error about a port that nobody listens at is none of the answers that the sets speak of; who takes a packet they do not know.
  if (delivered && ((protocol === 'udp' && !listened) || ending.listener === 'kernel')) return true;
  return word.answered === (delivered && (said?.kind === 'answered' || said?.kind === 'refused'));
}

/** Whether it happened as the sets say, as far as whoever sent it can know. */
export function happened({ delivered, answered }: Word, { protocol, listened }: Asked, { kind }: Happened): boolean {
  if (kind === 'answered') return answered;
  if (kind === 'delivered') return delivered;
  return !answered || kind === 'refused' || (protocol === 'udp' && !listened);
}

export const wordText = ({ delivered, answered }: Word): string =>
  answered ? 'answered' : delivered ? 'delivered, not answered' : 'not delivered';
