import { setTimeout as sleep } from 'node:timers/promises';
import { type Device, devices } from '../../backend/kernel/netlink/devices.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { type TreePort, treePorts } from '../../backend/ovs/spanning-tree.ts';
import { fabricOf, hasSwitch, namespaceOf } from '../../compile/placement.ts';
import type { Network } from '../../network/network.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { NotFollowed } from '../../proof/path/not-followed.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Context } from '../context.ts';
import { readState } from '../state.ts';

/**
 * Milliseconds. The spanning tree protocol takes twice the forward delay: 2 s on our bridges, 4 s on those of Open vSwitch, which takes no
 * less, and 30 s at the most elsewhere. Before that, switches that lost a cable somewhere else in a ring believe what they were told over it for the
 * largest age.
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
  const resources = readState(home, bottle)?.resources ?? [];
  const open = resources.filter((one) => one.kind === 'ovs-switch' && one.spanningTree === 'stp');
  const openPlaces = [...new Set(open.flatMap((one) => ('namespace' in one && !stopped.has(one.namespace) ? [one.namespace] : [])))];
  if (places.length === 0 && openPlaces.length === 0) return;
  const opening = portsToOpen(resources);
  const isWaiting = async (): Promise<boolean> => {
    for (const namespace of places) {
      const isBehind = ({ name, port }: Device): boolean =>
        port?.waiting === true || (port?.blocking === true && opening.has(nameIn(namespace, name)));
      if (visit(site, namespace, (socket) => devices(socket).some(isBehind))) return true;
    }
    for (const namespace of openPlaces) {
      const ports = await treePorts(site, namespace);
      const isBehind = ({ name, state }: TreePort): boolean =>
        state === 'listening' || state === 'learning' || (state === 'blocking' && opening.has(nameIn(namespace, name)));
      if (ports.some(isBehind)) return true;
    }
    return false;
  };
  const deadline = performance.now() + LIMIT;
  while (performance.now() < deadline && (await isWaiting())) await sleep(INTERVAL, undefined, { signal });
}

const nameIn = (namespace: string, device: string): string => `${namespace} ${device}`;

/** Ports that the spanning tree will not block, of bridges of which that can be known. */
function portsToOpen(resources: readonly Resource[]): ReadonlySet<string> {
  const ports = [...modelOf(resources).stations.values()].flatMap(({ namespace, devices: own, programs }) =>
    [...own.values()].flatMap(({ name, master = '', blocked }) => {
      const isKnown = own.get(master)?.tree !== undefined && !(programs.get(master) instanceof NotFollowed);
      return isKnown && blocked !== true ? [nameIn(namespace, name)] : [];
    }),
  );
  return new Set(ports);
}
