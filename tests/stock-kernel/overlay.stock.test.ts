import { expect, test } from 'vitest';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { crossFullSized } from '../examples/full-sized.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const mixed = `name: mixed
switches:
  wire: { type: linux }
networks:
  blue: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: wire, vlan: 10 }
  other: { subnet: 10.9.0.0/24, switch: wire, vlan: 20 }
  far: { subnet: [10.2.0.0/24, "fd00:2::/64"] }
  mesh: { subnet: [192.168.60.0/24, "fd00:60::/64"], overlay: { over: [blue, far], type: geneve, id: 7 } }
routers:
  r: { networks: { blue: { address: 10.1.0.1, tagged: true }, other: { address: 10.9.0.1, tagged: true }, far: 10.2.0.1 } }
machines:
  a: { networks: { blue: { address: 10.1.0.4, tagged: true }, other: { address: auto, tagged: true }, mesh: 192.168.60.4 } }
  b: { networks: { blue: 10.1.0.5, mesh: 192.168.60.5 } }
  c: { networks: { far: 10.2.0.6, mesh: 192.168.60.6 }, listen: http }
expect:
  mesh -> mesh: ping
  a -> 192.168.60.6: http
`;

test('Geneve between three over a VLAN, tagged and not, and a router; what others do to the bridge over the tunnels is put right', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host, { timeout: 120_000 });
    const path = write(host, mixed);
    const { verdicts } = await bottle.json<{ verdicts: { state: string }[] }>(0, 'up', path);
    expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held']);
    expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
    const { lost, fragments } = await crossFullSized(host, path);
    expect({ lost, fragments }).toEqual({ lost: [], fragments: [] });

    const inside = (node: string, line: string): string => `ip netns exec mixed.${node} ${line}`;
    await sh(host, inside('a', 'ip link set dev mesh.b type bridge_slave isolated off'));
    await sh(host, inside('b', 'ip link set dev mesh.a nomaster'));
    await sh(host, inside('c', 'ip link del mesh'));
    expect((await bottle(['plan', path])).status).toBe(2);
    // What was learned meanwhile leads astray until it is forgotten.
    await bottle.ok('up', '-y', '--no-verify', path);
    expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
    expect(await sh(host, 'ip netns exec mixed.a bridge -d link show dev mesh.b')).toContain('isolated on');
    await bottle.ok('down', '-y', path);
  }));
