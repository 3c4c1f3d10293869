import { setTimeout as sleep } from 'node:timers/promises';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { hasWaitingPorts } from '../../backend/ovs/spanning-tree.ts';
import { fabricOf, hasSwitch, namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import type { Context } from '../context.ts';
import { readState } from '../state.ts';

/**
 * Milliseconds. The spanning tree protocol takes twice the forward delay: 2 s on our bridges, 11 s on those of Open vSwitch, which takes no
 * less with a largest age of 20 s, and 30 s at the most elsewhere.
 */
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
  const site = { home, bottle };
  const open = readState(home, bottle)?.resources.filter((one) => one.kind === 'ovs-switch' && one.spanningTree === 'stp') ?? [];
  const openPlaces = [...new Set(open.flatMap((one) => ('namespace' in one && !stopped.has(one.namespace) ? [one.namespace] : [])))];
  const isWaiting = async (): Promise<boolean> => {
    if (places.some((namespace) => visit(site, namespace, (socket) => devices(socket).some(({ port }) => port?.waiting)))) return true;
    for (const namespace of openPlaces) if (await hasWaitingPorts(site, namespace)) return true;
    return false;
  };
  const deadline = performance.now() + LIMIT;
  while (performance.now() < deadline && (await isWaiting())) await sleep(INTERVAL, undefined, { signal });
}
