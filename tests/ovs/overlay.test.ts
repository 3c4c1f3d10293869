import { expect, test } from 'vitest';
import type { Resource } from '../../src/resource/kinds.ts';
import type { OvsTunnel } from '../../src/resource/ovs-port.ts';
import { capture } from './capture.ts';
import { inLab, type Lab } from './lab.ts';

const UNDERLAY = { boxa: '192.168.50.4', boxb: '192.168.50.5' } as const;

/** A host of an overlay: its own Open vSwitch, with a switch for the underlay that has its address, and one for machines. */
function box(lab: Lab, name: 'boxa' | 'boxb', tunnel: Omit<OvsTunnel, 'remote'>): readonly Resource[] {
  const number = name === 'boxa' ? 4 : 5;
  return [
    ...lab.fabric(name),
    lab.switch('br-phy', { fabric: name, mac: `02:00:00:00:50:0${number}` }),
    lab.port('br-phy', 'eth0', { fabric: name }),
    { kind: 'address', origin: [], namespace: lab.namespace(name), device: 'br-phy', address: `${UNDERLAY[name]}/24` },
    lab.switch('br-int', { fabric: name, mac: `02:00:00:00:60:0${number}` }),
    lab.port('br-int', 'tunnel', { fabric: name, interface: { ...tunnel, remote: UNDERLAY[name === 'boxa' ? 'boxb' : 'boxa'] } }),
  ];
}

function overlay(lab: Lab, tunnel: Omit<OvsTunnel, 'remote'>): readonly Resource[] {
  const end = (name: 'boxa' | 'boxb', mac: string) =>
    ({ namespace: lab.namespace(name), device: 'eth0', mac, checksumOffload: false, up: true }) as const;
  const trunk = { mode: 'trunk', trunks: [] } as const;
  return [
    ...box(lab, 'boxa', tunnel),
    ...box(lab, 'boxb', tunnel),
    {
      kind: 'veth',
      origin: [],
      name: 'underlay',
      ends: [end('boxa', '02:00:00:00:50:14'), end('boxb', '02:00:00:00:50:15')],
      // Room for what the tunnel puts around a packet of 1,500 bytes.
      mtu: 1600,
    },
    ...[1, 2].flatMap((i) => lab.machine(`web${i}`, i, 'br-int', trunk, { fabric: 'boxa', address: `172.16.0.${i}/24` })),
    ...[3, 4].flatMap((i) => lab.machine(`web${i}`, i, 'br-int', trunk, { fabric: 'boxb', address: `172.16.0.${i}/24` })),
  ];
}

const SERVER = `
import socket
s = socket.create_server(('', 80))
print('listening', flush=True)
c, _ = s.accept()
n = 0
while (d := c.recv(65536)): n += len(d)
c.sendall(str(n).encode())
`;

test.each([
  {
    type: 'vxlan',
    key: 100,
    port: 4789,
    ttl: 5,
    wire: /192\.168\.50\.4\.\d+ > 192\.168\.50\.5\.4789: VXLAN, flags \[I\] \(0x08\), vni 100/,
  },
  { type: 'geneve', key: 100, wire: /192\.168\.50\.4\.\d+ > 192\.168\.50\.5\.6081: Geneve, Flags \[none\], vni 0x64/ },
  { type: 'gre', key: 100, wire: /192\.168\.50\.4 > 192\.168\.50\.5: GREv0, key=0x64/ },
] as const)('machines on two hosts are on one segment by $type, with full-sized packets and TCP', ({ wire, ...tunnel }) =>
  inLab(async (lab) => {
    const desired = overlay(lab, tunnel);
    await lab.up(desired);
    expect(await lab.plan(desired)).toEqual([]);
    const underlay = await capture(lab, 'boxb', 'eth0', '');
    try {
      // The first packet asks the underlay who has the address.
      await expect.poll(() => lab.pings('web1', '172.16.0.3')).toBe(true);
      expect(lab.pings('web2', '172.16.0.4')).toBe(true);
      await underlay.sees(wire);
    } finally {
      await underlay.end();
    }
    expect(lab.in('web1', 'ping', '-c', '1', '-W', '2', '-M', 'do', '-s', '1472', '172.16.0.3')).toContain(' 0% packet loss');
    const server = lab.start('web3', 'python3', '-c', SERVER);
    await server.says('listening');
    const sent =
      "import socket\ns = socket.create_connection(('172.16.0.3', 80), 5)\ns.sendall(b'x' * 1000000)\ns.shutdown(1)\nprint(s.recv(99))";
    expect(lab.in('web1', 'python3', '-c', sent)).toContain('1000000');
  }),
);
