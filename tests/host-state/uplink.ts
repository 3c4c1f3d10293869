import { execFileSync } from 'node:child_process';
import type { PrivateHost, Uplink } from './host.ts';
import { environment } from './inside.ts';

const uplink: Uplink = {
  device: 'uplink0',
  address: '192.0.2.2',
  address6: '2001:db8:1::2',
  gateway: '192.0.2.1',
  gateway6: '2001:db8:1::1',
  beyond: '203.0.113.1',
  beyond6: '2001:db8:ffff::1',
};

/** Joins a host with a LAN by a cable. The LAN knows no way to anything but the host itself. */
export async function connect(host: PrivateHost, lan: PrivateHost): Promise<Uplink> {
  const { device, address, address6, gateway, gateway6, beyond, beyond6 } = uplink;
  // From outside, where the process id of the LAN means something.
  const cable = ['link', 'add', device, 'type', 'veth', 'peer', 'name', 'lan0', 'netns', String(lan.pid)];
  execFileSync('nsenter', ['-t', String(host.pid), '--net', 'ip', ...cable], { env: environment() });
  await batch(lan, [`address add ${gateway}/24 dev lan0`, `address add ${gateway6}/64 dev lan0`, 'link set lan0 up']);
  await batch(lan, [`address add ${beyond}/32 dev lo`, `address add ${beyond6}/128 dev lo`]);
  await batch(host, [`address add ${address}/24 dev ${device}`, `address add ${address6}/64 dev ${device}`, `link set ${device} up`]);
  await batch(host, [`route add default via ${gateway}`]);
  await batch(host, [`route add default via ${gateway6}`], '-6');
  await linkLocal(host, device);
  await linkLocal(lan, 'lan0');
  return uplink;
}

/** The kernel gives an interface its link-local address a moment after it has come up; comparing states has to begin later. */
export async function linkLocal(host: PrivateHost, device: string): Promise<void> {
  const wait = `until ip -6 address show dev ${device} scope link -tentative | grep -q inet6; do sleep 0.02; done`;
  const { status, stderr } = await host.run(['sh', '-c', wait], { timeout: 20_000 });
  if (status !== 0) throw new Error(`${device} has no link-local address: ${stderr}`);
}

async function batch(host: PrivateHost, lines: readonly string[], ...options: readonly string[]): Promise<void> {
  const { status, stderr } = await host.run(['ip', ...options, '-batch', '-'], { input: `${lines.join('\n')}\n` });
  if (status !== 0) throw new Error(`ip -batch: ${stderr}`);
}
