/** What some kernels have and others have not, found by trying in a namespace that is gone a moment later. */

import { inScratch } from '../kernel/namespace.ts';
import { devices } from '../kernel/netlink/devices.ts';
import { hasFamily } from '../kernel/netlink/family.ts';
import { create } from '../kernel/netlink/link.ts';
import { eachAttribute } from '../kernel/netlink/message.ts';
import { type HeldQdisc, putQdisc } from '../kernel/netlink/qdisc.ts';
import { redirect } from '../kernel/netlink/redirect.ts';
import type { NetlinkSocket } from '../kernel/netlink/socket.ts';
import { hasLibrary, nft } from '../nftables/libnftables.ts';
import { attempt, canMakeDevice, isUnloadedModule, makeBridge, makePair, type Trial } from './abilities.ts';

const DEVICE = { device: 'nb2', mac: '02:00:00:00:00:03', mtu: 1500 } as const;

const RTM_GETLINK = 18;
const IFINFOMSG = 16;
const IFLA_LINK = 5;
const IFLA_LINKINFO = 18;
const IFLA_INFO_DATA = 2;
const IFLA_BR_VLAN_PROTOCOL = 8;
const IFLA_VLAN_ID = 1;
const IFLA_VRF_TABLE = 1;

/** One end of a pair, by its index. */
function pairIn(socket: NetlinkSocket): number {
  makePair(socket);
  socket.flush();
  return devices(socket).find(({ name }) => name === 'nb0')?.index ?? 0;
}

export const canMakeVlan = (): Trial =>
  canMakeDevice((socket) => {
    const parent = pairIn(socket);
    create(
      socket,
      'vlan',
      DEVICE,
      'a device of kind vlan',
      (writer) => writer.raw(IFLA_VLAN_ID, Buffer.from([10, 0])),
      (writer) => writer.u32(IFLA_LINK, parent),
    );
  });

/** A kernel without it takes `vlan_filtering` without a word; only that it knows no protocol for it gives it away (br_fill_info). */
export const canFilterVlans = (): Trial =>
  canMakeDevice((socket) => {
    makeBridge(socket);
    socket.flush();
    let shown = false;
    const look = (body: Buffer, from: number, to: number, path: readonly number[]): void =>
      eachAttribute(body, from, to, (type, start, end) => {
        if (type !== path[0]) return;
        if (path.length === 1) shown = true;
        else look(body, start, end, path.slice(1));
      });
    socket.dump(
      RTM_GETLINK,
      IFINFOMSG,
      () => undefined,
      ({ body }) => look(body, IFINFOMSG, body.length, [IFLA_LINKINFO, IFLA_INFO_DATA, IFLA_BR_VLAN_PROTOCOL]),
    );
    if (!shown) throw new Error('bridges have no VLANs');
  });

export const canMakeWireGuard = (): Trial =>
  canMakeDevice((socket) => void create(socket, 'wireguard', DEVICE, 'a device of kind wireguard', () => undefined));

export const canMakeVrf = (): Trial =>
  canMakeDevice((socket) => void create(socket, 'vrf', DEVICE, 'a device of kind vrf', (writer) => writer.u32(IFLA_VRF_TABLE, 10)));

const canPut = (settings: Partial<HeldQdisc> & Pick<HeldQdisc, 'discipline' | 'limit'>): Trial =>
  canMakeDevice((socket) => {
    const nothing = { delay: 0, jitter: 0, loss: 0, duplicate: 0, reorder: 0, rate: 0 };
    putQdisc(socket, pairIn(socket), { device: 'nb0', ...nothing, ...settings });
  });

export const canImpair = (): Trial => canPut({ discipline: 'netem', delay: 1000, limit: 1000 });

/** The module makes `ifb0` and `ifb1` on the host, and they stay: it is not loaded for a trial. */
export const canRedirect = (): Trial =>
  isUnloadedModule('ifb')
    ? undefined
    : canMakeDevice((socket) => {
        const from = pairIn(socket);
        create(socket, 'ifb', DEVICE, 'a device of kind ifb', () => undefined);
        const [failure] = socket.flush();
        if (failure !== undefined) throw failure.error;
        redirect(
          socket,
          from,
          devices(socket).find(({ name }) => name === DEVICE.device)?.index ?? 0,
          'the redirection of what is received',
        );
      });

export const canLimitRate = (): Trial => canPut({ discipline: 'tbf', rate: 125_000, limit: 10_000 });

/** The datapath of the kernel; the one in userspace needs nothing of it. */
export const hasOpenVSwitch = (): Trial =>
  attempt(() =>
    inScratch(() => {
      if (!hasFamily('ovs_datapath')) throw new Error('generic netlink has no family ovs_datapath');
    }),
  );

/** Connection tracking between the ports of a bridge. */
export function canTrackOnBridge(): Trial {
  if (!hasLibrary()) return 'libnftables.so.1 is not installed';
  const commands = [
    'table bridge netbottle-trial {',
    ' chain forward { type filter hook forward priority filter; ct state established accept; }',
    '}',
  ].join('\n');
  // The lines after the first one show the commands.
  return attempt(() => inScratch(() => void nft(commands)))?.split('\n')[0];
}
