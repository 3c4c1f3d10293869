/**
 * What cables do to packets: the same at both ends, each for the direction that it sends in. Where there is none, the device that a machine
 * has instead does it to what it sends, and an ifb to what it receives.
 */
import { deviceName } from '../network/device-name.ts';
import type { Impairment } from '../network/impairment.ts';
import type { Network } from '../network/network.ts';
import type { Bridge } from '../resource/bridge.ts';
import type { Ifb } from '../resource/ifb.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Macvlan } from '../resource/macvlan.ts';
import type { Qdisc } from '../resource/qdisc.ts';
import { deviceKey, type ResourceBase } from '../resource/resource.ts';
import type { Tunnel } from '../resource/tunnel.ts';
import { type Cable, cablesOf } from './cable.ts';
import { cablelessDevices } from './cableless.ts';
import { fabricMac } from './fabric-mac.ts';

/** Nanoseconds that packets may wait for their turn where the rate is limited; what comes on top is dropped. */
const PATIENCE = 50e6;
/** Packets; where nothing limits the rate, as good as none. */
const PLENTY = 100_000;
const LEAST_WAITING = 20;
/** Bytes: a frame is larger than the packet in it. */
const ETHERNET = 18;

/** By the names of cables, what they do instead of what the file says. */
export type Impaired = ReadonlyMap<string, Impairment>;

export function compileImpairments(network: Network, wires: readonly Resource[], impaired: Impaired): readonly (Qdisc | Ifb)[] {
  const cables = new Map(cablesOf(network).map((cable) => [cable.name, cable]));
  const cableless = cablelessDevices(network);
  return wires.flatMap((wire) => {
    if (wire.kind === 'veth') {
      const impairment = impairmentOf(cables.get(wire.name), impaired);
      return impairment === undefined ? [] : wire.ends.map((end) => qdiscOf(wire, end, impairment));
    }
    if (wire.kind !== 'tunnel' && wire.kind !== 'bridge' && wire.kind !== 'macvlan') return [];
    const impairment = impairmentOf(cableless.get(deviceKey(wire.namespace, wire.device)), impaired);
    if (impairment === undefined) return [];
    const ifb = ifbOf(network, wire);
    return [qdiscOf(wire, wire, impairment), ifb, qdiscOf(wire, ifb, impairment)];
  });
}

function ifbOf(network: Network, { origin, namespace, device: of, mtu }: Tunnel | Bridge | Macvlan): Ifb {
  const device = deviceName(`${of}.in`, new Set());
  return { kind: 'ifb', origin, namespace, device, of, mac: fabricMac(network, `${namespace}/${device}`), mtu, up: true };
}

/** Undefined where it does nothing. */
export function impairmentOf(cable: Cable | undefined, impaired: Impaired): Impairment | undefined {
  const impairment = cable && (impaired.get(cable.name) ?? cable.impairment);
  return impairment === undefined || isNone(impairment) ? undefined : impairment;
}

const isNone = (impairment: Impairment): boolean => Object.values(impairment).every((value) => value === 0);

function qdiscOf(
  { origin, mtu }: ResourceBase & { readonly mtu: number },
  { namespace, device }: { readonly namespace: string; readonly device: string },
  impairment: Impairment,
): Qdisc {
  const { delay, jitter, loss, duplicate, reorder } = impairment;
  const rate = impairment.rate / 8;
  const rateOnly = delay === 0 && loss === 0 && duplicate === 0;
  return {
    kind: 'qdisc',
    origin,
    namespace,
    device,
    discipline: rateOnly ? 'tbf' : 'netem',
    delay,
    jitter,
    loss,
    duplicate,
    reorder,
    rate,
    limit: rateOnly ? bytesWaiting(rate, mtu) : packetsWaiting(rate, delay + jitter, mtu),
  };
}

const packetsWaiting = (rate: number, delay: number, mtu: number): number =>
  rate === 0 ? PLENTY : Math.max(LEAST_WAITING, Math.ceil((rate * (delay + PATIENCE)) / 1e9 / mtu));

/** With what may go at once, a hundredth of a second's worth. */
const bytesWaiting = (rate: number, mtu: number): number =>
  Math.floor((rate * PATIENCE) / 1e9) + Math.max(Math.ceil(rate / 100), mtu + ETHERNET);
