/** The cables and devices of a namespace, as the kernel has them. */
import type { Resource } from '../../resource/kinds.ts';
import { impairmentText } from '../../resource/qdisc.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';

export interface ShownLink {
  readonly device: string;
  /** The network, link, switch or device of the host that it leads to. */
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

/** Those of a machine. `mtuOf` gives the MTU of a device there. */
export function linksOf(
  resources: readonly Resource[],
  namespace: string,
  pulled: ReadonlySet<string>,
  mtuOf: (device: string) => number,
): readonly ShownLink[] {
  const { link, addresses } = linksIn(resources, namespace);
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

interface Links {
  /** By device, those that are ours. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  readonly link: (device: string, network: string, end: Pick<VethEnd, 'mac' | 'up'>, mtu: number) => ShownLink;
}

/** What is said of each device in a namespace. */
export function linksIn(resources: readonly Resource[], namespace: string): Links {
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
  return { addresses, link };
}
