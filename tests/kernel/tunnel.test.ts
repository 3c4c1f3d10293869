import { describe, expect, test } from 'vitest';
import { canMakeTunnel } from '../../src/backend/host/abilities.ts';
import { indicesIn } from '../../src/backend/kernel/device-indices.ts';
import { inScratch } from '../../src/backend/kernel/namespace.ts';
import { devices } from '../../src/backend/kernel/netlink/devices.ts';
import { addEntry, deleteEntry, entries } from '../../src/backend/kernel/netlink/forwarding.ts';
import { type NetlinkSocket, withSocket } from '../../src/backend/kernel/netlink/socket.ts';
import { createTunnel } from '../../src/backend/kernel/netlink/tunnel.ts';
import type { TunnelSettings } from '../../src/backend/kernel/netlink/tunnel-data.ts';
import { createVeth } from '../../src/backend/kernel/netlink/veth.ts';

/** In a namespace that is gone afterwards. */
const scratch = <T>(act: (socket: NetlinkSocket) => T): T => inScratch(() => withSocket(act));

const one = { device: 'one', mac: '02:00:00:00:00:01', mtu: 1400 };
const two = { device: 'two', mac: '02:00:00:00:00:02', mtu: 1400 };
const end = { device: 'over', mac: '02:00:00:00:00:03', mtu: 1300 };

const settings: readonly TunnelSettings[] = [
  { type: 'vxlan', id: 100, port: 4789, local: '192.168.50.4', ttl: 64, learning: true },
  { type: 'vxlan', id: 0xffffff, port: 8472, local: 'fd00::4', ttl: 1, learning: false },
  { type: 'vxlan', id: 7, port: 4789, local: '192.168.50.4', remote: '192.168.50.5', ttl: 255, learning: true },
  { type: 'geneve', id: 100, port: 6081, remote: '192.168.50.5', ttl: 64 },
  { type: 'geneve', id: 100, port: 6081, remote: 'fd00::5', ttl: 5 },
  { type: 'gre', id: 0xffffffff, local: '192.168.50.4', remote: '192.168.50.5', ttl: 64 },
  { type: 'gre', id: 1, local: 'fd00::4', remote: 'fd00::5', ttl: 64 },
];

describe.skipIf(process.getuid?.() !== 0)('what is asked of the kernel is what it then tells', () => {
  test.each(settings)('%j', (wanted) =>
    scratch((socket) => {
      if (canMakeTunnel(wanted.type) !== undefined) return;
      createTunnel(socket, end, wanted, undefined);
      expect(socket.flush()).toEqual([]);
      const { device, ...rest } = end;
      expect(devices(socket).find(({ name }) => name === device)).toMatchObject({ ...rest, tunnel: { ...wanted, link: 0 } });
    }),
  );

  test('a multicast group, by a device', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      expect(socket.flush()).toEqual([]);
      const link = indicesIn(socket)('one');
      const wanted: TunnelSettings = {
        type: 'vxlan',
        id: 100,
        port: 4789,
        local: '192.168.50.4',
        remote: '239.255.0.1',
        ttl: 5,
        learning: true,
      };
      createTunnel(socket, end, wanted, link);
      expect(socket.flush()).toEqual([]);
      expect(devices(socket).find(({ name }) => name === 'over')?.tunnel).toEqual({ ...wanted, link });
    }));

  test('forwarding entries, several for one MAC address', () =>
    scratch((socket) => {
      createTunnel(socket, end, settings[0] as TunnelSettings, undefined);
      expect(socket.flush()).toEqual([]);
      const device = indicesIn(socket)('over');
      const all = '00:00:00:00:00:00';
      for (const to of ['192.168.50.5', '192.168.50.6']) addEntry(socket, device, all, to);
      addEntry(socket, device, '02:00:00:00:00:09', '192.168.50.6');
      deleteEntry(socket, device, all, '192.168.50.5');
      expect(socket.flush()).toEqual([]);
      const held = entries(socket).toSorted((a, b) => (a.mac < b.mac ? -1 : 1));
      expect(held).toEqual([
        { device, mac: all, to: '192.168.50.6', learned: false },
        { device, mac: '02:00:00:00:00:09', to: '192.168.50.6', learned: false },
      ]);
    }));
});
