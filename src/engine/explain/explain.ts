/** Why a packet arrives or does not, from what the file compiles to: nothing is sent, and nothing has to run. */
import type { Network } from '../../network/network.ts';
import { type ForeignAddress, modelOf } from '../../proof/path/build/model-of.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { EngineError } from '../error.ts';
import { followed } from '../prove/followed.ts';
import { type Ends, fromOf, toOf } from './ends.ts';
import { type Exchange, exchangesOf } from './exchange.ts';
import { type Explained, explainPair } from './pair.ts';
import { type Survey, survey } from './survey.ts';
import { type PacketOptions, type Wishes, wishesOf } from './wishes.ts';

export { type Explained, returnOf } from './pair.ts';

export interface Asked {
  /** A machine or router, an address of one, `host`, or several of them: a network, a group, a prefix, `internet`, `any`. */
  readonly from: string;
  /** The same, or any address. */
  readonly to: string;
  /** `http`, `tcp/443`, `ping`, `icmp/time-exceeded`, `sctp/80`, `esp`. */
  readonly service: string;
  readonly packet?: PacketOptions;
}

/**
 * A single pair, told whole.
 *
 * @throws EngineError `no-machine`, `machine-stopped`, `usage`, `not-followed`
 */
export function explain(network: Network, file: BottleFile, resources: readonly Resource[], asked: Asked): readonly Explained[] {
  const one = read(network, file, asked, []);
  if (!one.from.single || !one.to.single)
    throw new EngineError('usage', `${asked.from} and ${asked.to} are more than one machine each`, { remedy: 'Name one of each.' });
  return followed(() => explainOne(modelOf(resources), one, asked));
}

function explainOne(model: Model, { from, to, exchanges, wishes }: Question, asked: Asked): readonly Explained[] {
  const [source, target] = [from.places[0], to.places[0]];
  if (source === undefined || target === undefined) throw unlike(asked);
  const found = exchanges.flatMap((exchange) => explainPair(model, { from: source, to: target, exchange, wishes }));
  if (found.length === 0) throw unlike(asked);
  return found;
}

/** Every different outcome once. @throws EngineError `no-machine`, `machine-stopped`, `usage`, `not-followed` */
export function explainAll(
  network: Network,
  file: BottleFile,
  resources: readonly Resource[],
  asked: Asked,
  foreign: readonly ForeignAddress[],
): Survey {
  const question = read(network, file, asked, foreign);
  const { from, to, exchanges, wishes } = question;
  const model = modelOf(resources, foreign);
  if (from.single && to.single) {
    const told = followed(() => explainOne(model, question, asked));
    return { outcomes: told.map((explained) => ({ from: asked.from, to: asked.to, explained, same: [] })), pairs: 1, total: 1 };
  }
  // Those that are stopped send nothing.
  const senders = from.single
    ? from.places
    : from.places.filter(({ namespace }) => namespace === undefined || model.stations.has(namespace));
  const found = followed(() => survey(model, senders, to.places, exchanges, wishes));
  if (found.outcomes.length === 0) throw unlike(asked);
  return found;
}

interface Question {
  readonly from: Ends;
  readonly to: Ends;
  readonly exchanges: readonly Exchange[];
  readonly wishes: Wishes;
}

function read(network: Network, file: BottleFile, { from, to, service, packet = {} }: Asked, foreign: readonly ForeignAddress[]): Question {
  const setting = { network, foreign };
  const ends = { from: fromOf(setting, from), to: toOf(setting, to) };
  return { ...ends, exchanges: exchangesOf(file, service), wishes: wishesOf(network, packet) };
}

const unlike = ({ from, to }: Asked): EngineError =>
  new EngineError('usage', `${from} and ${to} have no address family in common in which there is such a packet`, {
    remedy: 'Nothing of the kind can pass between them.',
  });
