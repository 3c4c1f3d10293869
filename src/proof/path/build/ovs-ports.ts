/** Ports of Open vSwitch: what they are joined to, and which VLANs they are in. */
import type { OvsPort, OvsTunnel } from '../../../resource/ovs-port.ts';
import type { TunnelEnd } from '../model.ts';
import type { MemberVlans } from '../port-vlans.ts';
import type { Draft } from './draft.ts';

/** A device of the namespace becomes a port; one that the switch makes has a cable of its own to it, and a patch is a cable. */
export function addPort(port: OvsPort, ports: readonly OvsPort[], { devices }: Draft): void {
  const { namespace, name, switch: master, interface: behind, vlan, pathCost } = port;
  const vlans = portVlans(vlan);
  const why = whyNotFollowed(port);
  const told = { ...(vlans !== undefined && { vlans }), ...(pathCost !== undefined && { pathCost }) };
  const member = { master, ...told, ...(why !== undefined && { notFollowed: why }) };
  const bare = { name, mac: '', mtu: 0 };
  switch (behind.type) {
    case 'device': {
      const device = devices.get(name);
      if (device !== undefined) devices.set(name, { ...device, ...member });
      return;
    }
    case 'internal': {
      const inside = internalEnd(name);
      devices.set(name, { ...bare, mac: behind.mac, peer: { namespace, device: inside } });
      devices.set(inside, { ...bare, ...member, name: inside, mac: behind.mac, peer: { namespace, device: name } });
      return;
    }
    case 'patch': {
      const isMutual = ports.some(
        (other) => other.namespace === namespace && other.name === behind.peer && isPatchTo(other.interface, name),
      );
      devices.set(name, { ...bare, ...member, ...(isMutual && { peer: { namespace, device: behind.peer } }) });
      return;
    }
    default:
      devices.set(name, { ...bare, ...member, tunnel: tunnelOf(namespace, name, behind) });
  }
}

/** Where frames come into the switch from a device that it makes. */
export const internalEnd = (port: string): string => `${port} (internal)`;

const isPatchTo = (behind: OvsPort['interface'], name: string): boolean => behind.type === 'patch' && behind.peer === name;

function whyNotFollowed({ name, switch: bridge, vlan }: OvsPort): string | undefined {
  const not = (what: string): string => `the port ${name} of ${bridge} ${what}, which the proof does not follow`;
  if (vlan.mode === 'dot1q-tunnel') return not('puts a second tag on frames');
  if (vlan.mode !== 'access' && vlan.mode !== 'trunk' && vlan.trunks.length === 0) return not('is in all VLANs, and in one without a tag');
  return undefined;
}

/** As a device of the kernel would have it. */
const tunnelOf = (namespace: string, device: string, { type, remote, local, key = 0, port }: OvsTunnel): TunnelEnd => ({
  namespace,
  device,
  type,
  id: key,
  remote,
  learning: false,
  beside: true,
  ...(local !== undefined && { local }),
  ...(port !== undefined && { port }),
});
/** A device that the switch makes takes packets as large as all its other ports do (update_mtu of ofproto.c). */
export function fitInternal({ name, switch: master }: OvsPort, { devices }: Draft): void {
  const sizes = [...devices.values()].filter((device) => device.master === master && device.mtu > 0).map(({ mtu }) => mtu);
  const device = devices.get(name);
  if (device !== undefined && sizes.length > 0) devices.set(name, { ...device, mtu: Math.min(...sizes) });
}

/** Undefined where all pass. */
function portVlans(vlan: OvsPort['vlan']): MemberVlans | undefined {
  switch (vlan.mode) {
    case 'trunk':
      return vlan.trunks.length === 0 ? undefined : { tagged: vlan.trunks };
    case 'access':
      return { untagged: vlan.tag, tagged: [], refusesTags: true };
    default:
      return { untagged: vlan.tag, tagged: vlan.trunks, ...(vlan.mode === 'native-tagged' && { tagsAll: true as const }) };
  }
}
