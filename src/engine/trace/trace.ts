/** What becomes of a packet that is really sent: what every chain that it meets tells of it, beside what the model says. */
import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathOf, type Site } from '../../backend/kernel/visit.ts';
import { sweepTraces } from '../../backend/nftables/trace-marks.ts';
import { freePort } from '../../observe/probe/free-port.ts';
import type { Outcome, Probe } from '../../observe/probe/probe.ts';
import { probeAll } from '../../observe/probe/probe-all.ts';
import { type Journey, JourneyAssembly } from '../../observe/trace/journey.ts';
import { Live } from '../../observe/trace/live.ts';
import { RunAssembly } from '../../observe/trace/run.ts';
import { selectionsOf, type Tag } from '../../observe/trace/selection.ts';
import { Tracer } from '../../observe/trace/tracer.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { HOST } from '../../resource/resource.ts';
import type { Context } from '../context.ts';
import { EngineError } from '../error.ts';
import { type Asked, type Explained, explain } from '../explain/explain.ts';
import type { Running } from '../running.ts';
import { passable } from './passable.ts';
import type { Sight } from './sight.ts';
import { type Traced, type Tried, tracedOf } from './traced.ts';

export interface TraceResult {
  readonly packets: readonly Traced[];
  /** False where events were lost, or packets not traced because there were too many: then what is shown may lack something. */
  readonly complete: boolean;
}

/** Packets a second in each namespace. There are two, and what is sent again. */
const RATE = 100;
/** Milliseconds. Nothing is sent twice before, and who is there has answered. */
const PATIENCE = 900;
/** Milliseconds. That nobody has an address is known after three questions a second apart. */
const NEIGHBOUR_PATIENCE = 3500;
/** Milliseconds between two looks at what was told. */
const INTERVAL = 10;
/** Milliseconds in which whatever refused a packet has said so. */
const SETTLING = 150;

/** @throws EngineError `no-machine`, `machine-stopped`, `usage` */
export async function trace(context: Context, { network, state }: Running, asked: Asked): Promise<TraceResult> {
  for (const name of [asked.from, asked.to]) {
    if (state.stopped?.includes(name) === true)
      throw new EngineError('machine-stopped', `${name} is stopped`, {
        remedy: `Start it again: \`bottle start -b ${network.name} ${name}\`.`,
      });
  }
  sweepTraces(network.name, 'killed');
  const site: Site = { home: context.home, bottle: network.name };
  const model = modelOf(state.resources);
  const exchanges = explain(network, state.file, state.resources, asked).map((explained) => exchangeOf(site, explained));
  const tracer = new Tracer({ site, selections: exchanges.flatMap(({ tag }) => selectionsOf(tag)), rate: RATE });
  try {
    for (const armed of passable(model, new Set(exchanges.flatMap(placesOf)))) tracer.arm(armed);
    const sight: Sight = { model, live: new Live(site), tracer };
    const packets: Traced[] = [];
    let complete = true;
    // One after the other: an error says of what protocol it is about, but not which.
    for (const exchange of exchanges) {
      const sent = await send(context, site, tracer, exchange.probe);
      complete &&= sent.complete;
      packets.push(tracedOf(exchange, sent.journeys, sent.outcome, sight));
    }
    return { packets, complete: complete && tracer.skipped() === 0 };
  } catch (error) {
    throw context.signal.aborted ? new EngineError('interrupted', 'the trace was stopped', { cause: error }) : error;
  } finally {
    tracer.close();
  }
}

interface Exchange extends Tried {
  readonly probe: Probe;
}

function exchangeOf(site: Site, explained: Explained): Exchange {
  const { there } = explained;
  const [first] = there.steps;
  const sent = first?.kind === 'sent' ? first.packet : there.packet;
  const from = first?.at ?? there.ending.at;
  const isEcho = sent.icmpType === (sent.family === 4 ? ECHO : ECHO6);
  if (!isEcho && sent.protocol !== TCP && sent.protocol !== UDP)
    throw new EngineError('usage', `${explained.exchange} cannot be sent for real`, {
      remedy: 'Ask for a service of TCP or UDP, or for `ping`.',
    });
  const protocol = sent.icmpType !== undefined ? 'icmp' : sent.protocol === TCP ? 'tcp' : 'udp';
  const { family } = sent;
  const number =
    protocol === 'icmp'
      ? randomInt(FIRST_TAG, LAST_TAG + 1)
      : freePort(namespacePath(site, from), { protocol, family }, [FIRST_TAG, LAST_TAG]);
  const tag: Tag = { family, protocol, number };
  const probe: Probe = {
    from,
    to: sent.destination,
    protocol,
    tag: tag.number,
    timeout: there.ending.kind === 'nobody-there' ? NEIGHBOUR_PATIENCE : PATIENCE,
    ...(sent.destinationPort !== undefined && { port: sent.destinationPort }),
    ...(explained.source !== undefined && { source: explained.source }),
  };
  return { explained, tag, from, sent, probe };
}

/** IANA numbers. */
const TCP = 6;
const UDP = 17;
const ECHO = 8;
const ECHO6 = 128;
/** Ports that programs ask from by themselves end below (net.ipv4.ip_local_port_range). */
const FIRST_TAG = 61000;
const LAST_TAG = 65535;

/** Where the model has it come by. */
const placesOf = ({ from, explained: { there, back, error } }: Exchange): readonly string[] => [
  from,
  ...[there, back, error?.trace].flatMap((way) => (way === undefined ? [] : [...way.steps.map(({ at }) => at), way.ending.at])),
];

const namespacePath = (site: Site, namespace: string): string => (namespace === HOST ? '/proc/self/ns/net' : pathOf(site, namespace));

interface Sent {
  readonly outcome: Outcome;
  readonly journeys: readonly Journey[];
  readonly complete: boolean;
}

async function send({ signal }: Context, site: Site, tracer: Tracer, probe: Probe): Promise<Sent> {
  const [runs, paths] = [new RunAssembly(), new JourneyAssembly()];
  const journeys = new Set<Journey>();
  let complete = true;
  const hear = (): void => {
    const all = tracer.drain((event) => {
      const run = runs.add(event);
      if (run !== undefined) journeys.add(paths.add(run));
    });
    if (!all) complete = false;
  };
  let outcome: Outcome | undefined;
  const probing = probeAll([probe], { namespacePath: (namespace) => namespacePath(site, namespace), timeout: PATIENCE, signal }).then(
    ([only]) => {
      outcome = only ?? { kind: 'timed-out' };
    },
  );
  while (outcome === undefined) {
    await Promise.race([probing, sleep(INTERVAL)]);
    hear();
  }
  await sleep(SETTLING, undefined, { signal });
  hear();
  return { outcome, journeys: [...journeys], complete };
}
