/** What cables do to packets: the same at both ends, each for the direction that it sends in. */
import type { Impairment } from '../network/impairment.ts';
import type { Network } from '../network/network.ts';
import type { Qdisc } from '../resource/qdisc.ts';
import type { Veth } from '../resource/veth.ts';
import { isCable } from './cable.ts';

/** Nanoseconds that packets may wait for their turn where the rate is limited; what comes on top is dropped. */
const PATIENCE = 50e6;
/** Packets; where nothing limits the rate, as good as none. */
const PLENTY = 100_000;
const LEAST_WAITING = 20;
/** Bytes: a frame is larger than the packet in it. */
const ETHERNET = 18;

/** `impaired`: by the name of a cable, what it does instead of what the file says. */
export function compileImpairments(network: Network, veths: readonly Veth[], impaired: ReadonlyMap<string, Impairment>): readonly Qdisc[] {
  const given = new Map(
    network.nodes.flatMap(({ name, interfaces }) =>
      interfaces.map((one): readonly [string, Impairment | undefined] => [`${name}/${one.segment}`, one.impairment]),
    ),
  );
  return veths.filter(isCable).flatMap((veth) => {
    const impairment = impaired.get(veth.name) ?? given.get(veth.name);
    return impairment === undefined || isNone(impairment) ? [] : veth.ends.map((end) => qdiscOf(veth, end, impairment));
  });
}

const isNone = (impairment: Impairment): boolean => Object.values(impairment).every((value) => value === 0);

function qdiscOf({ origin, mtu }: Veth, { namespace, device }: Veth['ends'][0], impairment: Impairment): Qdisc {
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
