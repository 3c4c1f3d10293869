/** The promises of a file, proved of everything that the file compiles to: before anything is applied, and without a packet. */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import { namespaceOf } from '../../compile/placement.ts';
import type { Expectation } from '../../network/expectation.ts';
import type { Network, Node } from '../../network/network.ts';
import type { Service } from '../../network/service.ts';
import { addressesOf, askedAddresses, type Source, sourcesOf, type Target, targetsOf } from '../../observe/ends.ts';
import { NotFollowed } from '../../proof/path/not-followed.ts';
import { type Asked, type Breach, breachesOf, type Claim } from '../../proof/reach/claim.ts';
import type { Ground, Undecided } from '../../proof/reach/ground.ts';
import type { Party } from '../../proof/reach/question.ts';
import { exampleOf, type Sent } from '../../proof/reach/sent-packet.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { groundFor } from './ground-for.ts';
import { type LostAnswer, lostAnswer } from './lost-answer.ts';
import { type Replayed, replay } from './replay.ts';
import { packetName, whyNot } from './why-not.ts';

/** What a proof says of one promise. */
export interface Proof {
  readonly expectation: Expectation;
  readonly state: 'proved' | 'refuted' | 'not-proved';
  /** Why it was not proved. */
  readonly reason?: string;
  readonly counterexamples: readonly Counterexample[];
}

/** A packet that breaks a promise, followed by the evaluator that knows nothing of sets. */
export interface Counterexample extends Replayed {
  readonly kind: Breach['kind'];
  /** A node's name, or `outside`. */
  readonly from: string;
  /** An address. */
  readonly to: string;
  /** `tcp/22`, `ping`. */
  readonly exchange: string;
  /** Why it does not work; `works` where it does. */
  readonly why: string;
  /** Where it arrives, and its answer does not. */
  readonly lost?: LostAnswer;
  readonly packet: Sent;
}

/** Of each promise, so many are told of each kind. */
const EXAMPLES = 3;

export function prove(network: Network, resources: readonly Resource[]): readonly Proof[] {
  if (network.expectations.length === 0) return [];
  const ground = groundFor(network, resources);
  return network.expectations.map((expectation) => {
    try {
      return proofOf(network, ground, expectation);
    } catch (error) {
      if (!(error instanceof NotFollowed)) throw error;
      return { expectation, state: 'not-proved', reason: error.message, counterexamples: [] };
    }
  });
}

function proofOf(network: Network, ground: Ground, expectation: Expectation): Proof {
  const isThere = (node: Node | undefined): boolean =>
    node === undefined || ground.model.stations.has(namespaceOf(network.name, node.name));
  const sources = sourcesOf(network, expectation.from);
  const targets = targetsOf(network, expectation.to);
  const from = sources.items.filter(({ node }) => isThere(node));
  const to = targets.items.filter(({ node }) => isThere(node));
  const isOutside = { from: expectation.from.kind === 'outside', to: expectation.to.kind === 'outside' };
  if ((from.length === 0 && !isOutside.from) || (to.length === 0 && !isOutside.to))
    return { expectation, state: 'not-proved', reason: sources.unmeasured ?? targets.unmeasured ?? 'nobody is there', counterexamples: [] };
  const claims = isOutside.from
    ? [claimOf(expectation, 'outside', [], to, isOutside.to)]
    : groupsOf(network, ground, from).map((group) => claimOf(expectation, group.parties, group.sources, to, isOutside.to));
  ground.takeUndecided();
  const counterexamples: Counterexample[] = [];
  for (const claim of claims) {
    if (counterexamples.length >= EXAMPLES) break;
    for (const breach of breachesOf(ground, claim)) counterexamples.push(counterexampleOf(network, ground, breach));
  }
  const [undecided] = ground.takeUndecided();
  if (undecided !== undefined) return { expectation, state: 'not-proved', reason: undecidedText(network, undecided), counterexamples: [] };
  const wrong = counterexamples.find(({ kind, arrives, isAnswered }) => (kind === 'extra' ? !arrives : isAnswered));
  if (wrong !== undefined)
    return {
      expectation,
      state: 'not-proved',
      reason: `the proof and its check disagree about ${packetText(wrong.packet)}: a mistake in Netbottle, please report it`,
      counterexamples: [],
    };
  return { expectation, state: counterexamples.length > 0 ? 'refuted' : 'proved', counterexamples: counterexamples.slice(0, EXAMPLES) };
}

/** A promise is not taken for kept or broken when that hangs on which of several ways the kernel takes. */
const undecidedText = (network: Network, { namespace, route: { to, learned } }: Undecided): string =>
  `${nameOf(network, namespace)} has ${learned?.hops.length ?? 0} equally good ways to ${formatPrefix(to)}, and takes one for each flow`;

const nameOf = (network: Network, namespace: string): string =>
  network.nodes.find(({ name }) => namespaceOf(network.name, name) === namespace)?.name ?? 'the host';

interface Group {
  readonly sources: readonly Source[];
  readonly parties: readonly Party[];
}

/** Sources that differ in nothing but their addresses. */
function groupsOf(network: Network, ground: Ground, sources: readonly Source[]): readonly Group[] {
  const stationOf = ({ node }: Source) => ground.model.stations.get(namespaceOf(network.name, node.name));
  const groups = groupBy(sources, (source) => {
    const station = stationOf(source);
    return station && ground.peersOf(station);
  });
  return [...groups.values()].map((members) => ({
    sources: members,
    parties: members.flatMap((source) => {
      const station = stationOf(source);
      const addresses = source.address === undefined ? addressesOf(source.node).map(({ address }) => address) : [source.address];
      return station === undefined ? [] : [{ station, addresses }];
    }),
  }));
}

function claimOf(
  { mode, services }: Expectation,
  from: Claim['from'],
  sources: readonly Source[],
  targets: readonly Target[],
  isOutside: boolean,
): Claim {
  const [source] = sources;
  const senders = new Set(sources.map(({ node }) => node));
  const asked = targets.flatMap((target) => (source === undefined ? target.addresses : askedAddresses(source, target)));
  return {
    from,
    asked: asked.map(({ address }) => address),
    all: isOutside ? 'outside' : targets.flatMap(({ addresses }) => addresses.map(({ address }) => address)),
    own: targets.flatMap(({ node }): readonly (readonly Address[])[] =>
      node !== undefined && senders.has(node) ? [addressesOf(node).map(({ address }) => address)] : [],
    ),
    services: services.map(askedOf),
    mode,
  };
}

const askedOf = ({ protocol, ports }: Service): Asked =>
  protocol === 'icmp' ? { protocol } : { protocol, from: ports?.from ?? 1, to: ports?.to ?? 65535 };

function counterexampleOf(network: Network, ground: Ground, { kind, family, packets }: Breach): Counterexample {
  const packet = exampleOf(ground.space, family, packets);
  if (packet === undefined) throw new Error('an empty set breaks nothing');
  const sender = network.nodes.find((node) =>
    addressesOf(node).some(({ address }) => address.family === family && address.value === packet.source.value),
  );
  const namespace = sender === undefined ? HOST : namespaceOf(network.name, sender.name);
  const replayed = replay(ground.model, namespace, packet, sender === undefined);
  const { there, back } = replayed;
  const isLost = kind === 'missing' && there.ending.kind === 'delivered' && back !== undefined;
  return {
    kind,
    from: sender?.name ?? 'outside',
    to: formatAddress(packet.destination),
    exchange: packetName(packet),
    why: kind === 'extra' ? 'works' : whyNot(network, replayed),
    ...(isLost && { lost: lostAnswer(network, back) }),
    packet,
    ...replayed,
  };
}

/** `10.1.0.2 -> 10.2.0.5 tcp/22`. */
const packetText = (packet: Sent): string =>
  `${formatAddress(packet.source)} -> ${formatAddress(packet.destination)} ${packetName(packet)}`;
