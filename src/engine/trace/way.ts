/** The way of a packet through all namespaces, from what their chains told of it. */

import type { Journey } from '../../observe/trace/journey.ts';
import { type Point, pointNamed } from '../../observe/trace/points.ts';
import { chainOf, type Run } from '../../observe/trace/run.ts';
import { stateIn, TRANSLATED } from '../../observe/trace/trace-table.ts';
import { isTracing } from '../../observe/trace/tracer.ts';
import type { Decision } from '../../proof/evaluate.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Step } from '../../proof/path/step.ts';
import { HOST } from '../../resource/resource.ts';
import { decisionOf } from './decision.ts';
import { endingOf, type Progress } from './ending.ts';
import type { Seen } from './seen.ts';
import { deviceName, hookOf, isOurs, isOutside, packetAt, routeOf, type Sight, tunnelOf } from './sight.ts';

export function seenOf({ runs }: Journey, sight: Sight): Seen {
  const way = new Way(sight);
  for (const run of runs) way.follow(run);
  return way.end();
}

/** Where packets that a host sends itself come around again. */
const LOOPBACK = 'lo';

class Way {
  readonly #sight: Sight;
  readonly #steps: Step[] = [];
  #progress: Progress | undefined;
  /** As it was at the chain before this one, in the same namespace. */
  #before: Packet | undefined;
  #state: Packet['state'] = 'new';
  #dnat = false;
  /** What a chain has asked for that is about to be seen. */
  #asked: Decision | undefined;
  /** The namespace in which it is a frame between two ports: packet hooks may be asked about it there too (bridge-nf-call-iptables). */
  #bridging = '';
  /** Whether anything has happened at the hook that the packet is at. */
  #eventful = false;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  follow(run: Run): void {
    const chain = chainOf(run);
    const point = isTracing(run.table) ? pointNamed(chain) : undefined;
    const hook = point?.hook ?? hookOf(this.#sight, run, chain);
    // It may be seen for the first time anywhere, and by chains that have gone since.
    this.#progress ??= { namespace: run.namespace, hook: hook ?? chain, through: false, out: '' };
    this.#before ??= this.#packet(run, deviceName(this.#sight, run, run.inDevice), deviceName(this.#sight, run, run.outDevice));
    if (hook === undefined) return;
    if (run.family === 'bridge') this.#cross(run, hook, point);
    else this.#pass(run, hook, point);
  }

  /** A frame between two ports of a bridge. */
  #cross(run: Run, hook: Point['hook'], point: Point | undefined): void {
    const { namespace, inDevice, outDevice } = run;
    const inPort = deviceName(this.#sight, run, inDevice);
    if (point?.chain === 'prerouting-first') {
      this.#comeOut(namespace, inPort);
      const bridge = this.#sight.tracer.deviceAt(namespace, inDevice)?.master ?? inPort;
      this.#steps.push({ kind: 'bridged', at: namespace, bridge, inPort });
      this.#bridging = '';
    }
    const last = this.#steps.at(-1);
    if (hook === 'forward') this.#bridge(namespace, deviceName(this.#sight, run, outDevice));
    if (point === undefined)
      this.#ask(run, hook, this.#packet(run, inPort, deviceName(this.#sight, run, outDevice)), `bridge ${run.table}`);
    else if (last !== undefined)
      this.#progress = { namespace, hook, through: point.chain.endsWith('last'), out: deviceName(this.#sight, run, outDevice) };
  }

  /** Where it leaves a bridge is told only at the second hook; until then it may have looked like a packet for the host. */
  #bridge(namespace: string, outPort: string): void {
    this.#bridging = namespace;
    const place = this.#steps.findLastIndex((step) => step.kind === 'bridged' && step.at === namespace);
    const step = this.#steps[place];
    if (step?.kind !== 'bridged') return;
    const asked = this.#steps.slice(place + 1).filter(({ kind }) => kind === 'filtered');
    this.#steps.splice(place, Number.POSITIVE_INFINITY, { ...step, outPort }, ...asked);
  }

  #pass(run: Run, hook: Point['hook'], point: Point | undefined): void {
    const { namespace } = run;
    const [inDevice, outDevice] = [deviceName(this.#sight, run, run.inDevice), deviceName(this.#sight, run, run.outDevice)];
    const around = hook === 'postrouting' ? outDevice === LOOPBACK : hook === 'prerouting' && inDevice === LOOPBACK;
    const packet = this.#packet(run, inDevice, outDevice);
    if (point !== undefined && (around || this.#bridging === namespace)) return;
    if (point?.chain === 'output-first' || point?.chain === 'prerouting-first') this.#arrive(namespace, point, packet, inDevice);
    this.#noteTranslation(namespace, packet, hook);
    if (hook === 'postrouting' && this.#progress?.hook !== 'postrouting') this.#leave(namespace, packet, outDevice);
    if (this.#progress?.hook !== hook) this.#eventful = false;
    if (point === undefined) this.#ask(run, hook, packet, `${run.family} ${run.table}`);
    else if (point.chain.endsWith('tracked')) this.#learnState(run);
    else {
      const through = point.chain.endsWith('last');
      if (through && !this.#eventful) this.#steps.push({ kind: 'passed', at: namespace, hook });
      this.#progress = { namespace, hook, through, out: outDevice };
    }
  }

  #arrive(namespace: string, { hook }: Point, packet: Packet, device: string): void {
    this.#bridging = '';
    if (device !== '') this.#comeOut(namespace, device);
    this.#before = packet;
    this.#asked = undefined;
    this.#eventful = false;
    this.#state = 'new';
    this.#dnat = false;
    this.#steps.push(hook === 'output' ? { kind: 'sent', at: namespace, packet } : { kind: 'received', at: namespace, device });
    this.#progress = { namespace, hook, through: false, out: '' };
  }

  /** Out of a packet that it travelled in; of that nothing is told. */
  #comeOut(namespace: string, device: string): void {
    const last = this.#progress;
    const into = last === undefined ? undefined : tunnelOf(this.#sight, last.namespace, last.out);
    if (last !== undefined && into !== undefined)
      this.#steps.push({ kind: 'encapsulated', at: last.namespace, device: last.out, type: into.type, id: into.id });
    if (tunnelOf(this.#sight, namespace, device) !== undefined) this.#steps.push({ kind: 'decapsulated', at: namespace, device });
  }

  #leave(namespace: string, packet: Packet, device: string): void {
    this.#eventful = false;
    if (isOutside(this.#sight, namespace, device)) return;
    const route = routeOf(this.#sight, namespace, packet);
    if (route !== undefined) this.#steps.push({ kind: 'routed', at: namespace, route });
  }

  #noteTranslation(namespace: string, packet: Packet, hook: Point['hook']): void {
    const before = this.#before;
    this.#before = packet;
    // An answer to the host itself gets the source back that it was asked under, at the very end; nothing comes of it on the way.
    if (before === undefined || hook === 'input') return;
    const decision = this.#asked;
    for (const what of ['destination', 'source'] as const) {
      if (before[what].value === packet[what].value && before[`${what}Port`] === packet[`${what}Port`]) continue;
      if (what === 'destination') this.#dnat = true;
      this.#eventful = true;
      this.#steps.push({ kind: 'translated', at: namespace, what, before, after: packet, ...(decision !== undefined && { decision }) });
      this.#asked = undefined;
    }
  }

  #learnState({ namespace, events }: Run): void {
    for (const { to } of events) {
      this.#state = stateIn(to) ?? this.#state;
      if (to === TRANSLATED) this.#dnat = true;
    }
    this.#steps.push({ kind: 'tracked', at: namespace, state: this.#state });
  }

  /** A chain that may decide: where it only would have translated and does not, it is as if it were not there. */
  #ask(run: Run, hook: Point['hook'], packet: Packet, table: string): void {
    const { namespace } = run;
    const { live, model } = this.#sight;
    const decision = decisionOf(run, live, model.stations.get(namespace), packet);
    const isNat = live.rules(namespace, run.family, run.table).hooks.get(chainOf(run))?.type === 'nat';
    if (decision === undefined) return;
    const stopped = decision.verdict !== 'accept';
    this.#progress = { namespace, hook, through: false, out: packet.outDevice ?? '', ...(stopped && { decision }) };
    if (decision.nat !== undefined) this.#asked = decision;
    if (isNat && !stopped) return;
    const { inDevice, outDevice } = packet;
    // What others let pass is told, but to the file it is as if nobody had been asked.
    if (stopped || isOurs(this.#sight, run)) this.#eventful = true;
    this.#steps.push({ kind: 'filtered', at: namespace, hook, table, decision, inDevice, outDevice });
  }

  #packet(run: Run, inDevice: string, outDevice: string): Packet {
    return packetAt(this.#sight, run, inDevice, outDevice, { state: this.#state, dnat: this.#dnat });
  }

  end(): Seen {
    const [progress, packet] = [this.#progress, this.#before];
    if (progress === undefined || packet === undefined) throw new Error('a journey has no beginning');
    const ending = endingOf(this.#sight, progress, packet, this.#steps.at(-1)?.kind === 'bridged');
    return { steps: ending.kind === 'outside' ? this.#steps.map(asSentOutside) : this.#steps, ending, packet };
  }
}

/** As the model has it: to whom the source belongs then is for the host to say. */
const asSentOutside = (step: Step): Step =>
  step.kind === 'translated' && step.at === HOST && step.what === 'source' && step.decision !== undefined
    ? { kind: 'masqueraded', at: HOST, decision: step.decision }
    : step;
