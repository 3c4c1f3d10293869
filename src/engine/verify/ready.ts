import { setTimeout as sleep } from 'node:timers/promises';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { fabricOf, hasSwitch, namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Context } from '../context.ts';

/** Milliseconds. The spanning tree protocol takes twice the forward delay, which is 2 s in a bottle and 30 s at the most elsewhere. */
const LIMIT = 65_000;
const INTERVAL = 100;

/** Waits until every switch that speaks the spanning tree protocol has made up its mind about its ports. */
export async function untilForwarding({ home, signal }: Context, network: Network, stopped: ReadonlySet<string>): Promise<void> {
  const bottle = network.name;
  const places = [
    ...(network.switches.some(({ stp }) => stp) || network.segments.some((segment) => segment.stp && hasSwitch(segment))
      ? [fabricOf(bottle)]
      : []),
    ...network.nodes.filter(({ name, bridge }) => bridge?.stp === true && !stopped.has(name)).map(({ name }) => namespaceOf(bottle, name)),
  ];
  const deadline = performance.now() + LIMIT;
  while (places.some((namespace) => visit({ home, bottle }, namespace, (socket) => devices(socket).some(({ port }) => port?.waiting)))) {
    if (performance.now() > deadline) return;
    await sleep(INTERVAL, undefined, { signal });
  }
}
