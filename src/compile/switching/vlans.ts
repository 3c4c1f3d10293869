/** Numbers of networks on switches that they share (IEEE 802.1Q). */
import type { Network, Segment } from '../../network/network.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { PortVlans } from '../../resource/veth.ts';

/** The same in the words of Open vSwitch. */
export function ovsVlan({ untagged, tagged }: PortVlans): OvsPort['vlan'] {
  if (untagged === undefined) return { mode: 'trunk', trunks: tagged };
  return tagged.length === 0 ? { mode: 'access', tag: untagged } : { mode: 'native-untagged', tag: untagged, trunks: tagged };
}

export const vlanOf = ({ segments }: Network, name: string): number => segments.find((segment) => segment.name === name)?.vlan?.id ?? 0;

/** The VLANs of a port that carries these networks, at most one of them without a tag. */
export const vlansOf = (network: Network, untagged: string | undefined, tagged: readonly string[]): PortVlans => ({
  ...(untagged !== undefined && { untagged: vlanOf(network, untagged) }),
  tagged: tagged.map((segment) => vlanOf(network, segment)).sort((one, other) => one - other),
});

/** The VLANs of a port for one network alone, whose frames have no tag there. */
export const accessTo = ({ vlan }: Segment): PortVlans => ({ ...(vlan !== undefined && { untagged: vlan.id }), tagged: [] });
