/** Making tunnels: devices whose frames travel in packets. */
import { create, type NewDevice } from './link.ts';
import type { NetlinkSocket } from './socket.ts';
import { isSix, type TunnelSettings, tunnelData } from './tunnel-data.ts';

const kernelKind = ({ type, remote }: TunnelSettings): string => (type === 'gre' ? (isSix(remote) ? 'ip6gretap' : 'gretap') : type);

/** Makes a tunnel; one with a multicast group leaves by the device with the index `parent`. */
export const createTunnel = (socket: NetlinkSocket, link: NewDevice, settings: TunnelSettings, parent: number | undefined): number =>
  create(socket, kernelKind(settings), link, `${settings.type} ${link.device}`, (writer) => tunnelData(writer, settings, parent));
