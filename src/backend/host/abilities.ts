/** What the kernel and its tools can do, found by trying in a namespace that is gone a moment later. */
import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { release } from 'node:os';
import { delimiter, join } from 'node:path';
import { isExecutable } from '../executable.ts';
import { inScratch } from '../kernel/namespace.ts';
import { addresses } from '../kernel/netlink/address.ts';
import { devices } from '../kernel/netlink/devices.ts';
import { createBridge, createMacvlan } from '../kernel/netlink/link.ts';
import { type NetlinkSocket, withSocket } from '../kernel/netlink/socket.ts';
import { createTunnel } from '../kernel/netlink/tunnel.ts';
import { createVeth } from '../kernel/netlink/veth.ts';
import { hasLibrary, nft } from '../nftables/libnftables.ts';
import { hostSocket } from '../ovs/place.ts';

/** Undefined when it works; else the reason, in the words of whoever refused. */
export type Trial = string | undefined;

export function attempt(act: () => void): Trial {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

export const canMakeNamespaces = (): Trial => attempt(() => inScratch(() => undefined));

const MAC = '02:00:00:00:00:01';
const OTHER_MAC = '02:00:00:00:00:02';
const MTU = 1500;

export function canMakeDevice(make: (socket: NetlinkSocket) => void): Trial {
  return attempt(() =>
    inScratch(() =>
      withSocket((socket) => {
        make(socket);
        const [failure] = socket.flush();
        if (failure !== undefined) throw failure.error;
      }),
    ),
  );
}

export const makeBridge = (socket: NetlinkSocket): void =>
  void createBridge(socket, { device: 'nb0', mac: MAC, mtu: MTU }, { stp: false, forwardDelay: 2, ageing: 300 });

export const canMakeBridge = (): Trial => canMakeDevice(makeBridge);

export const makePair = (socket: NetlinkSocket): void =>
  void createVeth(socket, { device: 'nb0', mac: MAC, mtu: MTU }, { device: 'nb1', mac: OTHER_MAC, mtu: MTU }, undefined);

export const canMakeVeth = (): Trial => canMakeDevice(makePair);

export const canMakeMacvlan = (): Trial =>
  canMakeDevice((socket) => {
    makePair(socket);
    socket.flush();
    const parent = devices(socket).find(({ name }) => name === 'nb0')?.index ?? 0;
    createMacvlan(socket, { device: 'nb2', mac: '02:00:00:00:00:03', mtu: MTU }, parent);
  });

/**
 * Whether tunnels of a type can be made over IPv4; a kernel that has them has those over IPv6 too, if it has IPv6 at all.
 *
 * The module of GRE makes `gre0`, `gretap0` and `erspan0` in every namespace, the host's too, and they stay
 * (net.core.fb_tunnels_only_for_init_net). It is not loaded for a trial: that it could be is enough.
 */
export const canMakeTunnel = (type: 'vxlan' | 'geneve' | 'gre'): Trial =>
  type === 'gre' && isUnloadedModule('ip_gre')
    ? undefined
    : canMakeDevice(
        (socket) =>
          void createTunnel(
            socket,
            { device: 'nb0', mac: MAC, mtu: 1400 },
            { type, id: 1, ...(type !== 'gre' && { port: 4789 }), ...(type !== 'vxlan' && { remote: '192.0.2.1' }), ttl: 64 },
            undefined,
          ),
      );

/** Whether there is a file of the module for the kernel that runs, which does without it so far. */
export function isUnloadedModule(name: string): boolean {
  const list = join('/lib/modules', release(), 'modules.dep');
  return !existsSync(join('/sys/module', name)) && existsSync(list) && readFileSync(list, 'utf8').includes(`/${name}.ko`);
}

/** A table with what the host's tables use: a filter and a NAT chain, connection tracking, a comment of its own. */
export function canUseNftables(): Trial {
  if (!hasLibrary()) return 'libnftables.so.1 is not installed';
  const commands = [
    'table inet netbottle-trial {',
    ' comment "trial"',
    ' chain forward { type filter hook forward priority filter; ct state established accept; }',
    ' chain postrouting { type nat hook postrouting priority srcnat; ip saddr 10.0.0.0/8 masquerade; }',
    '}',
  ].join('\n');
  return attempt(() => inScratch(() => void nft(commands)));
}

export const canOpenTun = (): Trial => attempt(() => accessSync('/dev/net/tun', constants.R_OK | constants.W_OK));

export const hasOpenVSwitch = (): Trial => (existsSync(hostSocket()) ? undefined : `there is no ${hostSocket()}`);

export const hasIPv6 = (): boolean => existsSync('/proc/net/if_inet6');

/** The path of a program, as a shell would find it. */
export function program(name: string): string | undefined {
  const directories = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin');
  return directories.map((directory) => join(directory, name)).find(isExecutable);
}

/** Programs that stand in a directory of their own. */
export const hasPrograms = (directory: string, names: readonly string[]): Trial => {
  const missing = names.find((name) => !isExecutable(join(directory, name)));
  return missing === undefined ? undefined : `there is no ${join(directory, missing)}`;
};

/** Devices of the host, with what a preflight has to know of them. */
export interface HostDevice {
  readonly name: string;
  readonly kind: string;
  readonly inBridge: boolean;
}

export const hostDevices = (): readonly HostDevice[] =>
  withSocket((socket) => devices(socket).map(({ name, kind, master }) => ({ name, kind, inBridge: master !== 0 })));

export interface HeldHostAddress {
  readonly device: string;
  /** With its prefix length. */
  readonly address: string;
}

export function hostAddresses(): readonly HeldHostAddress[] {
  return withSocket((socket) => {
    const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
    return addresses(socket).map(({ device, address }) => ({ device: names.get(device) ?? '', address }));
  });
}
