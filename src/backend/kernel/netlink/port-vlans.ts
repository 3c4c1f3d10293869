/** VLANs of the ports of bridges (bridge(8), "bridge vlan"; linux/if_bridge.h). */
import type { PortVlans } from '../../../resource/veth.ts';
import { eachAttribute } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_GETLINK = 18;
const RTM_SETLINK = 19;
const IFINFOMSG = 16;
const AF_BRIDGE = 7;
const IFLA_AF_SPEC = 26;
const IFLA_EXT_MASK = 29;
const IFLA_BRIDGE_VLAN_INFO = 2;
const RTEXT_FILTER_BRVLAN = 2;
const BRIDGE_VLAN_INFO_PVID = 1 << 1;
const BRIDGE_VLAN_INFO_UNTAGGED = 1 << 2;

/** By index of the port. Of a port in no VLAN nothing is said. */
export function portVlans(socket: NetlinkSocket): ReadonlyMap<number, PortVlans> {
  const found = new Map<number, PortVlans>();
  socket.dump(
    RTM_GETLINK,
    IFINFOMSG,
    (writer, body, at) => {
      body.writeUInt8(AF_BRIDGE, at);
      writer.u32(IFLA_EXT_MASK, RTEXT_FILTER_BRVLAN);
    },
    ({ type, body }) => {
      if (type !== RTM_NEWLINK) return;
      const tagged: number[] = [];
      let untagged: number | undefined;
      eachAttribute(body, IFINFOMSG, body.length, (attribute, start, end) => {
        if (attribute !== IFLA_AF_SPEC) return;
        eachAttribute(body, start, end, (inner, at) => {
          if (inner !== IFLA_BRIDGE_VLAN_INFO) return;
          const id = body.readUInt16LE(at + 2);
          if ((body.readUInt16LE(at) & BRIDGE_VLAN_INFO_PVID) !== 0) untagged = id;
          else tagged.push(id);
        });
      });
      if (untagged !== undefined || tagged.length > 0)
        found.set(body.readInt32LE(4), { ...(untagged !== undefined && { untagged }), tagged: tagged.sort((a, b) => a - b) });
    },
  );
  return found;
}

/** Puts the port into these VLANs, and takes it out of the others that it is in. What stays is not touched. */
export function setPortVlans(socket: NetlinkSocket, index: number, wanted: PortVlans, there: PortVlans = { tagged: [] }): void {
  const all = ({ untagged, tagged }: PortVlans): readonly number[] => [...(untagged === undefined ? [] : [untagged]), ...tagged];
  for (const id of all(there)) if (!all(wanted).includes(id)) message(socket, RTM_DELLINK, index, id, 0);
  for (const id of all(wanted)) {
    const flags = id === wanted.untagged ? BRIDGE_VLAN_INFO_PVID | BRIDGE_VLAN_INFO_UNTAGGED : 0;
    if (!all(there).includes(id) || (id === there.untagged) !== (id === wanted.untagged)) message(socket, RTM_SETLINK, index, id, flags);
  }
}

const message = (socket: NetlinkSocket, type: number, index: number, id: number, flags: number): number =>
  socket.add(type, 0, IFINFOMSG, `VLAN ${id} of a port`, (writer, body, at) => {
    body.writeUInt8(AF_BRIDGE, at);
    body.writeInt32LE(index, at + 4);
    const info = Buffer.alloc(4);
    info.writeUInt16LE(flags, 0);
    info.writeUInt16LE(id, 2);
    writer.nest(IFLA_AF_SPEC, () => writer.raw(IFLA_BRIDGE_VLAN_INFO, info));
  });
