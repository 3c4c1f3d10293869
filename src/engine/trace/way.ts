/** The way of a packet through all namespaces, from what their chains told of it. */

import { parseAddress } from '../../address/parse.ts';
import { parsePrefix } from '../../address/prefix.ts';
import type { Journey } from '../../observe/trace/journey.ts';
import type { Live } from '../../observe/trace/live.ts';
import { type Point, pointNamed } from '../../observe/trace/points.ts';
import { chainOf, type Run } from '../../observe/trace/run.ts';
import type { SeenPacket } from '../../observe/trace/seen-packet.ts';
import { stateIn, TRANSLATED } from '../../observe/trace/trace-table.ts';
import { isTracing, type Tracer } from '../../observe/trace/tracer.ts';
import type { Decision } from '../../proof/evaluate.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Model, ModelRoute } from '../../proof/path/model.ts';
import type { Ending, Step } from '../../proof/path/step.ts';
import { HOST } from '../../resource/resource.ts';
import { decisionOf } from './decision.ts';
import type { Seen } from './seen.ts';

/** What is known beside the events. */
export interface Sight {
  readonly model: Model;
  readonly live: Live;
  readonly tracer: Pick<Tracer, 'deviceAt'>;
}

/** How far a packet has come: the last hook that it was seen at, and whether it was let through that. */
interface Progress {
  readonly namespace: string;
  readonly hook: string;
  readonly through: boolean;
  readonly decision?: Decision;
  readonly out: string;
}

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
    const hook = point?.hook ?? this.#hookOf(run, chain);
    // It may be seen for the first time anywhere, and by chains that have gone since.
    this.#progress ??= { namespace: run.namespace, hook: hook ?? chain, through: false, out: '' };
    this.#before ??= this.#packet(run, this.#name(run, run.inDevice), this.#name(run, run.outDevice));
    if (hook === undefined) return;
    if (run.family === 'bridge') this.#cross(run, hook, point);
    else this.#pass(run, hook, point);
  }

  #hookOf({ namespace, family, table }: Run, chain: string): Point['hook'] | undefined {
    return this.#sight.live.rules(namespace, family, table).hooks.get(chain)?.hook;
  }

  #name({ namespace }: Run, index: number): string {
    return index === 0 ? '' : (this.#sight.tracer.deviceAt(namespace, index)?.name ?? `interface ${index}`);
  }

  /** A frame between two ports of a bridge. */
  #cross(run: Run, hook: Point['hook'], point: Point | undefined): void {
    const { namespace, inDevice, outDevice } = run;
    const inPort = this.#name(run, inDevice);
    if (point?.chain === 'prerouting-first') {
      this.#comeOut(namespace, inPort);
      const bridge = this.#sight.tracer.deviceAt(namespace, inDevice)?.master ?? inPort;
      this.#steps.push({ kind: 'bridged', at: namespace, bridge, inPort });
      this.#bridging = '';
    }
    const last = this.#steps.at(-1);
    if (hook === 'forward') this.#bridge(namespace, this.#name(run, outDevice));
    if (point === undefined) this.#ask(run, hook, this.#packet(run, inPort, this.#name(run, outDevice)), `bridge ${run.table}`);
    else if (last !== undefined)
      this.#progress = { namespace, hook, through: point.chain.endsWith('last'), out: this.#name(run, outDevice) };
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
    const [inDevice, outDevice] = [this.#name(run, run.inDevice), this.#name(run, run.outDevice)];
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
    const into = last === undefined ? undefined : this.#tunnel(last.namespace, last.out);
    if (last !== undefined && into !== undefined)
      this.#steps.push({ kind: 'encapsulated', at: last.namespace, device: last.out, type: into.type, id: into.id });
    if (this.#tunnel(namespace, device) !== undefined) this.#steps.push({ kind: 'decapsulated', at: namespace, device });
  }

  #tunnel(namespace: string, device: string) {
    return this.#sight.model.stations.get(namespace)?.devices.get(device)?.tunnel;
  }

  #leave(namespace: string, packet: Packet, device: string): void {
    this.#eventful = false;
    if (this.#isOutside(namespace, device)) return;
    const route = this.#route(namespace, packet);
    if (route !== undefined) this.#steps.push({ kind: 'routed', at: namespace, route });
  }

  /** By an interface of the host that the file does not know. */
  #isOutside(namespace: string, device: string): boolean {
    return namespace === HOST && !this.#sight.model.stations.get(HOST)?.devices.has(device);
  }

  /** The route that the kernel has for it, as the file knows it where it does. */
  #route(namespace: string, { destination }: Packet): ModelRoute | undefined {
    const taken = this.#sight.live.route(namespace, destination);
    const to = taken && parsePrefix(taken.to);
    if (taken === undefined || to?.ok !== true) return undefined;
    const device = this.#sight.tracer.deviceAt(namespace, taken.device)?.name;
    const via = taken.via === undefined ? undefined : parseAddress(taken.via);
    const found: ModelRoute = {
      to: to.value,
      ...(via?.ok === true && { via: via.value }),
      ...(device !== undefined && { device }),
    };
    return this.#sight.model.stations.get(namespace)?.routes.find((route) => isSameRoute(route, found)) ?? found;
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
    if (stopped || this.#isOurs(run)) this.#eventful = true;
    this.#steps.push({ kind: 'filtered', at: namespace, hook, table, decision, inDevice, outDevice });
  }

  #isOurs({ namespace, family, table: name }: Run): boolean {
    const { tables = [] } = this.#sight.model.stations.get(namespace) ?? {};
    return tables.some(({ table }) => table.family === family && table.name === name);
  }

  #packet({ packet: seen, namespace }: Run, inDevice: string, outDevice: string): Packet {
    const { state, dnat, local } = { state: this.#state, dnat: this.#dnat, local: this.#isLocal(namespace, seen) };
    return {
      ...headersOf(seen),
      ...(inDevice !== '' && { inDevice }),
      ...(outDevice !== '' && { outDevice }),
      ...(seen.tcpFlags !== undefined && { tcpFlags: seen.tcpFlags }),
      ...(seen.icmpCode !== undefined && { icmpCode: seen.icmpCode }),
      hopLimit: seen.hopLimit,
      state,
      dnat,
      local,
    };
  }

  #isLocal(namespace: string, { destination: { family, value } }: SeenPacket): boolean {
    const addresses = this.#sight.model.stations.get(namespace)?.addresses ?? [];
    return addresses.some(({ address }) => address.family === family && address.value === value);
  }

  end(): Seen {
    const [progress, packet] = [this.#progress, this.#before];
    if (progress === undefined || packet === undefined) throw new Error('a journey has no beginning');
    const ending = this.#ending(progress);
    return { steps: ending.kind === 'outside' ? this.#steps.map(asSentOutside) : this.#steps, ending, packet };
  }

  #ending({ namespace: at, hook, through, decision, out }: Progress): Seen['ending'] {
    if (decision !== undefined) return { kind: decision.verdict === 'reject' ? 'rejected' : 'dropped', at, decision };
    if (through && hook === 'input' && !this.#isOnBridge()) return { kind: 'delivered', at, listener: this.#listener(at) };
    if (through && hook === 'postrouting' && this.#isOutside(at, out)) return { kind: 'outside', at };
    const isLost =
      hook === 'prerouting' && this.#before !== undefined && this.#sight.live.route(at, this.#before.destination) === undefined;
    return isLost && !this.#isOnBridge() ? { kind: 'no-route', at } : { kind: 'vanished', at, hook };
  }

  #isOnBridge(): boolean {
    return this.#steps.at(-1)?.kind === 'bridged';
  }

  #listener(at: string): Extract<Ending, { kind: 'delivered' }>['listener'] {
    const { protocol = 0, destinationPort, tcpFlags = SYN } = this.#before ?? {};
    if (destinationPort === undefined) return 'echo';
    if (tcpFlags !== SYN) return 'asker';
    const listens = this.#sight.live.listens(at, protocol === TCP ? 'tcp' : 'udp', destinationPort);
    if (!listens) return 'nobody';
    const name = protocol === TCP ? 'tcp' : 'udp';
    const { listeners = [] } = this.#sight.model.stations.get(at) ?? {};
    return listeners.some((one) => one.protocol === name && one.port === destinationPort) ? 'built-in' : 'perhaps a program';
  }
}

const TCP = 6;
const SYN = 2;

function headersOf({ family, source, destination, protocol, sourcePort, destinationPort, icmpType }: SeenPacket) {
  return {
    family,
    source,
    destination,
    protocol,
    ...(sourcePort !== undefined && { sourcePort }),
    ...(destinationPort !== undefined && { destinationPort }),
    ...(icmpType !== undefined && { icmpType }),
  };
}

const isSameRoute = (one: ModelRoute, other: ModelRoute): boolean =>
  one.to.family === other.to.family &&
  one.to.value === other.to.value &&
  one.to.length === other.to.length &&
  one.via?.value === other.via?.value &&
  one.device === other.device;

/** As the model has it: to whom the source belongs then is for the host to say. */
const asSentOutside = (step: Step): Step =>
  step.kind === 'translated' && step.at === HOST && step.what === 'source' && step.decision !== undefined
    ? { kind: 'masqueraded', at: HOST, decision: step.decision }
    : step;
