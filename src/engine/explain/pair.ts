/** One packet from one place to another, and what comes back. */
import type { Address, Family } from '../../address/ip.ts';
import { recognizes, responseTo } from '../../proof/path/answer.ts';
import { withEveryHook } from '../../proof/path/every-hook.ts';
import { follow, followArrival, type Opening, type Network as Run } from '../../proof/path/follow.ts';
import type { IcmpError } from '../../proof/path/icmp-error.ts';
import type { Model } from '../../proof/path/model.ts';
import type { Trace } from '../../proof/path/step.ts';
import { HOST } from '../../resource/resource.ts';
import { EngineError } from '../error.ts';
import type { Exchange } from './exchange.ts';
import { destinationsOf, type Place } from './place.ts';
import { inTheMiddle, type Wishes } from './wishes.ts';

export interface Explained {
  /** `tcp/80`, `ping`. */
  readonly exchange: string;
  readonly family: Family;
  /** Where it was asked for; else its sender chooses. */
  readonly source?: Address;
  readonly there: Trace;
  /** The answer, or the reset of whoever refuses it; absent where there is none. */
  readonly back?: Trace;
  /** The ICMP error that it brings back, unless the sender's own kernel makes it. */
  readonly error?: { readonly is: IcmpError; readonly trace: Trace };
  /** Whether whoever sent it knows what comes back for an answer to it, or for an error about it. */
  readonly recognized: boolean;
}

export interface Pair {
  readonly from: Place;
  readonly to: Place;
  readonly exchange: Exchange;
  readonly wishes: Wishes;
}

/** Where it begins: at whoever sends it, or where it comes in. */
interface Start {
  readonly namespace: string;
  readonly device?: string;
}

/** One for each family that both have. @throws EngineError `usage` */
export function explainPair(model: Model, { from, to, exchange, wishes }: Pair): readonly Explained[] {
  const start = startOf(model, from, wishes);
  return destinationsOf(from, to).flatMap((destination): readonly Explained[] => {
    const { family } = destination;
    const body = exchange.opening(family);
    const source = sourceOf(from, wishes, start, family);
    if (body === undefined || source === 'none') return [];
    const plain: Opening = {
      ...body,
      family,
      destination,
      ...(source !== undefined && { source }),
      ...(wishes.sourcePort !== undefined && body.sourcePort !== undefined && { sourcePort: wishes.sourcePort }),
    };
    const run: Run = { model, trackings: new Map() };
    if (wishes.established) begin(run, start, plain);
    const opening = { ...(wishes.established ? inTheMiddle(plain) : plain), ...wishes.header };
    const there = withEveryHook(launch(run, start, opening));
    const asked = source === undefined ? {} : { source };
    return [{ exchange: exchange.name, family, ...asked, there, ...returnOf(run, start, there) }];
  });
}

function startOf({ stations }: Model, from: Place, { arrival }: Wishes): Start {
  const start = arrival ?? (from.namespace === undefined ? outside(from) : { namespace: from.namespace });
  if (stations.has(start.namespace)) return start;
  if (start.namespace === HOST)
    throw new EngineError('usage', `the host is in none of the networks, and ${from.name} reaches nothing through it`, {
      remedy: 'Only networks whose mode is `nat`, `routed` or `host-only` have the host in them.',
    });
  throw new EngineError('machine-stopped', `${from.name} is stopped`, { remedy: '`bottle start` puts it back.' });
}

/** By an interface of the host that the file does not know. */
function outside({ name }: Place): Start {
  if (name === 'internet') return { namespace: HOST, device: '' };
  throw new EngineError('usage', `nobody in the bottle has the address ${name}`, {
    remedy: 'Name a machine or router, or one of its addresses; or say where it comes in: `--in MACHINE/INTERFACE`.',
  });
}

/** Undefined where the sender chooses. */
function sourceOf(from: Place, { source }: Wishes, { device }: Start, family: Family): Address | undefined | 'none' {
  if (source !== undefined) return source.family === family ? source : 'none';
  if (!from.exact && device === undefined) return undefined;
  return from.addresses.find((address) => address.family === family) ?? 'none';
}

function launch(run: Run, { namespace, device }: Start, opening: Opening): Trace {
  const { source } = opening;
  if (device === undefined) return follow(run, namespace, opening);
  if (source === undefined) throw new Error('what comes in has a source');
  return followArrival(run, namespace, device, { ...opening, source });
}

/** Makes the connection, as far as it can be made. */
function begin(run: Run, start: Start, opening: Opening): void {
  const there = launch(run, start, opening);
  const { ending } = there;
  // Whoever is said to have a connection with somebody found somebody who listens.
  const isHeard = ending.kind === 'delivered' && ending.listener === 'nobody';
  const response = responseTo(isHeard ? { ...there, ending: { ...ending, listener: 'built-in' } } : there);
  if (response !== undefined) follow(run, response.at, response.opening);
}

/** What comes back of a packet that has been followed. */
export function returnOf(run: Run, start: Start, there: Trace): Pick<Explained, 'back' | 'error' | 'recognized'> {
  const response = responseTo(there);
  const sent = sentPacket(there);
  if (response === undefined || sent === undefined) return { recognized: false };
  const { at, opening, what } = response;
  // What the sender's own kernel says goes nowhere.
  if (typeof what === 'object' && start.device === undefined && at === start.namespace) return { recognized: false };
  const trace = withEveryHook(follow(run, at, opening));
  const { kind } = trace.ending;
  const isHome = start.device === undefined ? kind === 'delivered' && trace.ending.at === start.namespace : kind === 'outside';
  const recognized = isHome && recognizes(sent, trace);
  return typeof what === 'object' ? { error: { is: what, trace }, recognized } : { back: trace, recognized };
}

/** As it was in the beginning. */
function sentPacket({ steps: [first] }: Trace) {
  return first?.kind === 'sent' || first?.kind === 'received' ? first.packet : undefined;
}
