/** How ends of cables become ports of the switches that the file names: of Linux bridges that filter, or of Open vSwitch. */
import type { Network, Segment } from '../../network/network.ts';
import type { Switch } from '../../network/switching/switch.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { PortVlans, Veth, VethEnd } from '../../resource/veth.ts';
import { namedSwitchDevice } from './ports.ts';

/** One end of a cable in a switch, before it is said how the switch takes it. */
export interface Plain extends Omit<VethEnd, 'master' | 'vlans'> {
  readonly vlans: PortVlans;
}

export interface Ports {
  readonly isOpen: (name: string) => boolean;
  /** The end as the switch takes it, with what more there has to be. */
  readonly plug: (where: string, end: Plain, origin: Veth['origin']) => { readonly end: VethEnd; readonly more: readonly OvsPort[] };
}

export function portsOf(network: Network, host: HostFacts): Ports {
  const switches = new Map(network.switches.map((one) => [one.name, one]));
  const isOpen = (name: string): boolean =>
    switches.get(name)?.type === 'ovs' || (switches.get(name)?.type === 'auto' && !canBeLinux(switches.get(name), host));
  return {
    isOpen,
    plug(where, { vlans, ...end }, origin) {
      const device = namedSwitchDevice(where);
      if (!isOpen(where)) {
        const filtering = switches.get(where)?.filtering === true;
        return { end: { ...end, master: device, ...(filtering && { vlans }) }, more: [] };
      }
      const port: OvsPort = {
        kind: 'ovs-port',
        origin,
        namespace: end.namespace,
        switch: device,
        name: end.device,
        interface: { type: 'device' },
        vlan: ovsVlan(vlans),
      };
      return { end, more: [port] };
    },
  };
}

const canBeLinux = (one: Switch | undefined, host: HostFacts): boolean => one?.filtering !== true || host.vlanFiltering;

export function ovsVlan({ untagged, tagged }: PortVlans): OvsPort['vlan'] {
  if (untagged === undefined) return { mode: 'trunk', trunks: tagged };
  return tagged.length === 0 ? { mode: 'access', tag: untagged } : { mode: 'native-untagged', tag: untagged, trunks: tagged };
}

/** The VLANs of a port for one network alone, whose frames have no tag there. */
export const accessTo = ({ vlan }: Segment): PortVlans => ({ ...(vlan !== undefined && { untagged: vlan.id }), tagged: [] });

/** The VLANs of a port for several networks, one of which may have no tags. */
export const vlansOf = (network: Network, untagged: string | undefined, tagged: readonly string[]): PortVlans => ({
  ...(untagged !== undefined && { untagged: vlanOf(network, untagged) }),
  tagged: tagged.map((segment) => vlanOf(network, segment)).sort((one, other) => one - other),
});

export const vlanOf = ({ segments }: Network, name: string): number => segments.find((segment) => segment.name === name)?.vlan?.id ?? 0;
