import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { indicesIn } from '../../src/backend/kernel/device-indices.ts';
import { inScratch } from '../../src/backend/kernel/namespace.ts';
import { addAddress, addresses, deleteAddress } from '../../src/backend/kernel/netlink/address.ts';
import { type Device, devices } from '../../src/backend/kernel/netlink/devices.ts';
import { changeBridge, changeDevice, createBridge, deleteDevice, renameDevice, setUp } from '../../src/backend/kernel/netlink/link.ts';
import { readNetconf } from '../../src/backend/kernel/netlink/netconf.ts';
import { deleteRoute, putRoute, routes } from '../../src/backend/kernel/netlink/route.ts';
import { type NetlinkSocket, withSocket } from '../../src/backend/kernel/netlink/socket.ts';
import { createVeth } from '../../src/backend/kernel/netlink/veth.ts';
import { writeSysctls } from '../../src/backend/kernel/sysctl.ts';

/** In a namespace that is gone afterwards. What is left in the batch has to succeed. */
const scratch = <T>(act: (socket: NetlinkSocket) => T): T =>
  inScratch(() =>
    withSocket((socket) => {
      const result = act(socket);
      expect(socket.flush()).toEqual([]);
      return result;
    }),
  );

const one = { device: 'one', mac: '02:00:00:00:00:01', mtu: 1400 };
const two = { device: 'two', mac: '02:00:00:00:00:02', mtu: 1400 };
/** A bridge whose MTU nobody changed follows the smallest of its ports. */
const bridge = { device: 'br', mac: '02:00:00:00:00:03', mtu: 1400 };

function named(socket: NetlinkSocket, name: string): Device {
  expect(socket.flush()).toEqual([]);
  const device = devices(socket).find((each) => each.name === name);
  if (device === undefined) throw new Error(`no ${name}`);
  return device;
}

describe.skipIf(process.getuid?.() !== 0)('what is asked of the kernel is what it then tells', () => {
  test('a cable, a switch and a port of it', () =>
    scratch((socket) => {
      createBridge(socket, bridge, { stp: false, forwardDelay: 2, ageing: 60 });
      createVeth(socket, one, two, undefined);
      const master = named(socket, 'br').index;
      changeDevice(socket, 'one', { alias: 'netbottle:b:veth:äöü/x:0', master });
      setUp(socket, 'one', true);
      expect(named(socket, 'one')).toMatchObject({ ...nameless(one), kind: 'veth', alias: 'netbottle:b:veth:äöü/x:0', master, up: true });
      expect(named(socket, 'two')).toMatchObject({
        ...nameless(two),
        kind: 'veth',
        alias: '',
        master: 0,
        up: false,
        parent: named(socket, 'one').index,
      });
      expect(named(socket, 'br')).toMatchObject({
        ...nameless(bridge),
        kind: 'bridge',
        bridge: { stp: false, forwardDelay: 2, ageing: 60 },
      });
      changeBridge(socket, 'br', { stp: true, forwardDelay: 15, ageing: 300 });
      expect(named(socket, 'br').bridge).toEqual({ stp: true, forwardDelay: 15, ageing: 300 });
      changeBridge(socket, 'br', { stp: false, forwardDelay: 2, ageing: 0 });
      expect(named(socket, 'br').bridge).toEqual({ stp: false, forwardDelay: 2, ageing: 0 });
      changeDevice(socket, 'one', { master: 0, mtu: 9000, mac: '02:00:00:00:00:09' });
      expect(named(socket, 'one')).toMatchObject({ master: 0, mtu: 9000, mac: '02:00:00:00:00:09' });
      renameDevice(socket, named(socket, 'two').index, 'three');
      deleteDevice(socket, 'three');
      expect(devices(socket).map(({ name }) => name)).not.toContain('three');
      expect(devices(socket).map(({ name }) => name)).not.toContain('one');
    }));

  test('both ends of a veth have one queue, whatever the number of processors', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      expect(socket.flush()).toEqual([]);
      for (const end of ['one', 'two'])
        expect(JSON.parse(execFileSync('ip', ['-details', '-json', 'link', 'show', end], { encoding: 'utf8' }))).toMatchObject([
          { ifname: end, num_tx_queues: 1, num_rx_queues: 1 },
        ]);
    }));

  test('a device is known by its index, and one that is missing by its name', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      const { index } = named(socket, 'two');
      const indexOf = indicesIn(socket);
      expect([indexOf('two'), indexOf('two'), indexOf('lo')]).toEqual([index, index, 1]);
      expect(() => indexOf('nowhere')).toThrow(expect.objectContaining({ code: 'ENODEV', subject: 'index of nowhere' }));
    }));

  test.each([
    ['10.1.0.1/24', '10.9.0.0/16', '10.1.0.9', '10.1.0.8'],
    ['fd00:1::1/64', 'fd00:9::/32', 'fd00:1::9', 'fd00:1::8'],
  ])('address %s and a route over it, put in place of another', (address, to, via, other) =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      for (const end of ['one', 'two']) setUp(socket, end, true);
      const { index } = named(socket, 'one');
      addAddress(socket, index, address);
      putRoute(socket, { to, type: 'unicast', via, device: index }, false);
      putRoute(socket, { to: to.includes(':') ? 'fd00:7::/48' : '10.7.0.0/16', type: 'unreachable' }, false);
      expect(socket.flush()).toEqual([]);
      expect(addresses(socket)).toContainEqual({ device: index, address, ours: true, deprecated: false });
      expect(routes(socket)).toContainEqual({ to, type: 'unicast', via, device: index, ours: true });
      expect(routes(socket)).toContainEqual(expect.objectContaining({ type: 'unreachable', device: 0, ours: true }));

      putRoute(socket, { to, type: 'unicast', via: other, device: index }, false);
      expect(socket.flush()).toMatchObject([{ error: { code: 'EEXIST' } }]);
      putRoute(socket, { to, type: 'unicast', via: other, device: index }, true);
      expect(socket.flush()).toEqual([]);
      expect(routes(socket).filter((route) => route.to === to)).toEqual([{ to, type: 'unicast', via: other, device: index, ours: true }]);

      // Making an address that is there makes it ours, and is no error.
      addAddress(socket, index, address);
      deleteRoute(socket, { to, type: 'unicast', via: other, device: index });
      deleteAddress(socket, index, address);
      expect(socket.flush()).toEqual([]);
      expect(addresses(socket).map((held) => held.address)).not.toContain(address);
    }),
  );

  test('of devices, addresses and routes those alone that are asked for', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      for (const end of ['lo', 'one', 'two']) setUp(socket, end, true);
      const [{ index }, { index: other }] = [named(socket, 'one'), named(socket, 'two')];
      addAddress(socket, index, '10.1.0.1/24');
      addAddress(socket, other, 'fd00:1::1/64');
      putRoute(socket, { to: 'fd00:9::/32', type: 'unicast', via: 'fd00:1::9', device: other }, false);
      expect(socket.flush()).toEqual([]);
      // A kernel with GRE loaded has `gre0`, `gretap0` and `erspan0` in every namespace.
      const seen = (sought?: Parameters<typeof devices>[1]): readonly string[] =>
        devices(socket, sought).flatMap(({ name }) => (['lo', 'one', 'two'].includes(name) ? [name] : []));
      expect(seen({ loopback: false })).toEqual(['two', 'one']);
      expect(seen()).toEqual(['lo', 'two', 'one']);
      expect(addresses(socket, new Set([index])).map(({ device }) => device)).not.toContain(other);
      expect(addresses(socket, new Set([index])).map(({ address }) => address)).toContain('10.1.0.1/24');
      expect(routes(socket, 'ours').map(({ to }) => to)).toEqual(['fd00:9::/32']);
      // That of the subnet is the kernel's own; those of the loopback and of broadcasts are in another table.
      expect(routes(socket).map(({ to }) => to)).toEqual(expect.arrayContaining(['10.1.0.0/24', 'fd00:1::/64', 'fd00:9::/32']));
      expect(routes(socket).map(({ to }) => to)).not.toContain('127.0.0.0/8');
    }));

  test('routes are dropped by the kernel with the last address of their family on a device', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      for (const end of ['one', 'two']) setUp(socket, end, true);
      const { index } = named(socket, 'one');
      addAddress(socket, index, '10.1.0.1/24');
      putRoute(socket, { to: '0.0.0.0/0', type: 'unicast', via: '10.1.0.9', device: index }, false);
      deleteAddress(socket, index, '10.1.0.1/24');
      expect(socket.flush()).toEqual([]);
      expect(routes(socket).filter(({ ours }) => ours)).toEqual([]);
    }));
});

/** What the kernel tells of a device under another name than it is made with. */
const nameless = ({ mac, mtu }: { readonly mac: string; readonly mtu: number }): object => ({ mac, mtu });

describe.skipIf(process.getuid?.() !== 0)('a batch', () => {
  test('tells which of its messages failed and why, and does the others', () =>
    scratch((socket) => {
      createVeth(socket, one, two, undefined);
      const missing = deleteDevice(socket, 'nowhere');
      createVeth(socket, { ...one, device: 'a' }, { ...two, device: 'b' }, undefined);
      const twice = createVeth(socket, { ...one, device: 'a' }, { ...two, device: 'c' }, undefined);
      expect(socket.flush()).toMatchObject([
        { index: missing, error: { code: 'ENODEV', message: expect.stringContaining('nowhere') } },
        { index: twice, error: { code: 'EEXIST', message: expect.stringContaining('veth a') } },
      ]);
      expect(devices(socket).map(({ name }) => name)).toEqual(expect.arrayContaining(['one', 'two', 'a', 'b']));
      expect(socket.flush()).toEqual([]);
    }));

  test("gives the kernel's own words where it has some", () =>
    scratch((socket) => {
      putRoute(socket, { to: '10.9.0.0/16', type: 'unicast', via: '10.1.0.9' }, false);
      const [failure] = socket.flush();
      expect(failure?.error.message).toContain('Nexthop has invalid gateway');
    }));

  test('is sent in parts where it is long, and a long answer is read to its end', () =>
    scratch((socket) => {
      for (let i = 0; i < 700; i++) createVeth(socket, { ...one, device: `a${i}` }, { ...two, device: `b${i}` }, undefined);
      expect(socket.flush()).toEqual([]);
      expect(devices(socket).filter(({ kind }) => kind === 'veth')).toHaveLength(1400);
    }));

  test('that fails leaves no descriptor open', () => {
    const open = (): number =>
      readFileSync('/proc/self/status', 'utf8').length && Number(/FDSize:\s*(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]);
    const before = open();
    for (let i = 0; i < 300; i++) {
      expect(() =>
        inScratch(() =>
          withSocket(() => {
            throw new Error('on the way');
          }),
        ),
      ).toThrow('on the way');
    }
    expect(open()).toBe(before);
  });
});

describe.skipIf(process.getuid?.() !== 0)('settings', () => {
  const keys = [
    'net/ipv4/ip_forward',
    'net/ipv4/conf/all/rp_filter',
    'net/ipv4/conf/default/rp_filter',
    'net/ipv4/conf/all/ignore_routes_with_linkdown',
    'net/ipv6/conf/all/forwarding',
    'net/ipv6/conf/all/ignore_routes_with_linkdown',
  ];

  test.each(['0', '1'])('rtnetlink tells what /proc/sys does when they are %s', (value) =>
    scratch((socket) => {
      writeSysctls(
        socket,
        keys.map((key) => ({ key, value })),
      );
      const told = readNetconf(socket, keys);
      expect(Object.fromEntries(told)).toEqual(
        Object.fromEntries(keys.map((key) => [key, readFileSync(`/proc/sys/${key}`, 'utf8').trim()])),
      );
      expect(new Set(told.values())).toEqual(new Set([value]));
    }),
  );
});
