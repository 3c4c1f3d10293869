import type { Home } from '../../backend/home.ts';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { learnedRoutes } from '../../backend/kernel/netlink/route.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { readKeeper } from '../../backend/process/keeper-client.ts';
import type { KeptStatus } from '../../backend/process/keeper-protocol.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { isLearning } from '../../network/routing/learned-routes.ts';
import type { Resource } from '../../resource/kinds.ts';
import { impairmentText } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { nodeOf, type Running } from '../running.ts';

interface ShownLink {
  readonly device: string;
  /** The network, link or device of the host that it leads to. */
  readonly network: string;
  readonly mac: string;
  /** Bytes. */
  readonly mtu: number;
  readonly up: boolean;
  /** Its cable is pulled out. */
  readonly pulled?: true;
  /** What it does to the packets that it sends: `delay 20ms loss 1%`. */
  readonly impairment?: string;
  readonly addresses: readonly string[];
}

export interface ShownNode {
  readonly name: string;
  readonly kind: 'machine' | 'router' | 'bridge' | 'host';
  readonly state: 'running' | 'stopped';
  readonly links: readonly ShownLink[];
  readonly routes: readonly {
    readonly to: string;
    readonly type: string;
    readonly via?: string;
    readonly device?: string;
    readonly learned?: true;
  }[];
  readonly processes: readonly KeptStatus[];
}

/** What the kernel has of a bottle's machines, or of one of them. */
export async function show(context: Context, running: Running, only?: string): Promise<readonly ShownNode[]> {
  const { network, state } = running;
  if (only !== undefined && only !== 'host') nodeOf(network, only);
  const [{ resources }, keeper] = [await observe(context, network.name, state.resources), await readKeeper(context.home, network.name)];
  const nodes = [
    ...network.nodes.map(({ name, kind }) => ({ name, kind, namespace: namespaceOf(network.name, name) })),
    { name: 'host', kind: 'host' as const, namespace: HOST },
  ];
  const pulled = new Set(state.pulled);
  const learning = new Set(
    network.nodes.filter((node) => isLearning(node) && state.stopped?.includes(node.name) !== true).map(({ name }) => name),
  );
  const shown = nodes
    .filter(({ name }) => only === undefined || name === only)
    .map(
      ({ name, kind, namespace }): ShownNode => ({
        name,
        kind,
        state: state.stopped?.includes(name) === true ? 'stopped' : 'running',
        links: linksOf(resources, namespace, pulled, mtuIn(context.home, network.name, namespace)),
        routes: [
          ...resources.flatMap((resource) =>
            resource.kind === 'route' && resource.namespace === namespace
              ? [
                  {
                    to: resource.to,
                    type: resource.type,
                    ...(resource.via === undefined ? {} : { via: resource.via }),
                    ...(resource.device === undefined ? {} : { device: resource.device }),
                  },
                ]
              : [],
          ),
          ...(learning.has(name) ? learnedIn(context.home, network.name, namespace) : []),
        ],
        processes: (keeper?.resources ?? []).filter(({ resource }) => resource.machine === name),
      }),
    );
  return shown.filter(({ kind, links }) => kind !== 'host' || links.length > 0);
}

/** One for each of several next hops. */
const learnedIn = (home: Home, bottle: string, namespace: string): ShownNode['routes'] =>
  visit({ home, bottle }, namespace, (socket) => {
    const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
    return learnedRoutes(socket).flatMap(({ to, hops }) =>
      hops.map(({ via, device }) => ({
        to,
        type: 'unicast',
        ...(via === undefined ? {} : { via }),
        device: names.get(device) ?? String(device),
        learned: true as const,
      })),
    );
  });

/** The MTU of a device in a namespace, in bytes. */
const mtuIn =
  (home: Home, bottle: string, namespace: string) =>
  (wanted: string): number =>
    visit({ home, bottle }, namespace, (socket) => devices(socket).find(({ name }) => name === wanted)?.mtu ?? 0);

function linksOf(
  resources: readonly Resource[],
  namespace: string,
  pulled: ReadonlySet<string>,
  mtuOf: (device: string) => number,
): readonly ShownLink[] {
  const addresses = new Map<string, string[]>();
  for (const resource of resources) {
    if (resource.kind !== 'address' || resource.namespace !== namespace) continue;
    addresses.set(resource.device, [...(addresses.get(resource.device) ?? []), resource.address]);
  }
  const impairments = new Map(
    resources.flatMap((resource) =>
      resource.kind === 'qdisc' && resource.namespace === namespace ? [[resource.device, impairmentText(resource)] as const] : [],
    ),
  );
  const bridges = new Map(
    resources.flatMap((resource) =>
      resource.kind === 'ovs-switch' && resource.namespace === namespace ? [[resource.device, resource] as const] : [],
    ),
  );
  const plugged = new Map(
    resources.flatMap((resource) =>
      resource.kind === 'ovs-port' && resource.namespace === namespace ? [[resource.name, bridges.get(resource.switch)] as const] : [],
    ),
  );
  const link = (device: string, network: string, { mac, up }: Pick<VethEnd, 'mac' | 'up'>, mtu: number): ShownLink => {
    const impairment = impairments.get(device);
    return {
      device,
      network,
      mac,
      mtu,
      up,
      ...(impairment !== undefined && { impairment }),
      addresses: addresses.get(device) ?? [],
    };
  };
  return resources.flatMap((resource): readonly ShownLink[] => {
    if (resource.kind === 'veth')
      return resource.ends
        .filter((end, index) => end.namespace === namespace && !isOwnPort(resource, index))
        .flatMap((end) => {
          const [owner = '', network = ''] = resource.name.split('/');
          const bridge = plugged.get(end.device);
          // Of a switch that runs here, the cables of others are not this machine's.
          if (bridge !== undefined && !namespace.endsWith(`.${owner}`)) return [];
          const device = bridge !== undefined && addresses.has(bridge.device) ? bridge : end;
          const shown = link(device.device, network, { mac: device.mac, up: end.up }, end.mtu ?? resource.mtu);
          return [pulled.has(resource.name) ? { ...shown, pulled: true } : shown];
        });
    if (resource.kind === 'bridge' && resource.namespace === namespace) return [link(resource.device, '', resource, resource.mtu)];
    if ((resource.kind === 'tunnel' || resource.kind === 'vlan') && resource.namespace === namespace)
      return [link(resource.device, resource.device, resource, resource.mtu)];
    // Where Open vSwitch takes the tags off, the machine's own devices are ports of it.
    if (
      resource.kind === 'ovs-port' &&
      resource.interface.type === 'internal' &&
      resource.namespace === namespace &&
      addresses.has(resource.name)
    )
      return [link(resource.name, resource.name, { mac: resource.interface.mac, up: resource.down !== true }, mtuOf(resource.name))];
    return resource.kind === 'macvlan' && resource.namespace === namespace
      ? [link(resource.device, resource.parent, resource, resource.mtu)]
      : [];
  });
}

/** The far end of a cable into a switch that runs in the machine itself. */
const isOwnPort = ({ ends: [near, far] }: Veth, index: number): boolean => index === 1 && near.namespace === far.namespace;
