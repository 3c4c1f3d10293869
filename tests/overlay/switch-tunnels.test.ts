/** Switches of Open vSwitch in machines, and tunnels between them. */
import { expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

interface Verdict {
  readonly text: string;
  readonly state: string;
}

test('ovs-overlay: the largest packets cross, and none is cut on its way', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = example('ovs-overlay', 'bottle.yaml');
    await bottle.ok('up', path);
    const text = await sh(
      host,
      [
        'here=$(mktemp -d)',
        // The switch that the two boxes are plugged into, which both ways of the tunnel come by.
        'ip netns exec ovs-overlay tcpdump -i boxb.underlay --immediate-mode -n -l -v udp or ip[6:2] \\& 0x3fff != 0 > "$here/seen" 2> "$here/said" & watcher=$!',
        'until grep -q listening "$here/said"; do sleep 0.05; done',
        'for from in 1 2; do for to in 3 4; do',
        '  ip netns exec ovs-overlay.web$from ping -n -q -c 1 -W 5 -M do -s 1422 172.16.0.$to || echo "LOST $from $to"',
        'done; done',
        'for turn in $(seq 200); do [ "$(grep -c "ttl 5,.* length 1500)" "$here/seen")" -lt 8 ] || break; sleep 0.1; done',
        'kill $watcher; wait || :; cat "$here/seen"; rm -r "$here"',
      ].join('\n'),
    );
    const lines = text.split('\n');
    expect(lines.filter((line) => line.startsWith('LOST'))).toEqual([]);
    expect(lines.filter((line) => /flags \[\+\]|offset [1-9]/.test(line))).toEqual([]);
    // Question and answer of four, as large as the network underneath takes them, for five routers and no more.
    expect(lines.filter((line) => /ttl 5,.* length 1500\)/.test(line)).length).toBeGreaterThanOrEqual(8);
    expect(text).toMatch(/192\.168\.50\.4\.\d+ > 192\.168\.50\.5\.4789: VXLAN, flags \[I\] \(0x08\), vni 0/);

    // Who is plugged into the switch does not come to the box that it runs in, whatever it says.
    const askBox = 'ip address add 192.168.50.9/24 dev overlay; ping -c 1 -W 1 192.168.50.4';
    expect(
      await sh(
        host,
        `ip netns exec ovs-overlay.web1 sh -c '${askBox}; ip neighbour show 192.168.50.4; ip address del 192.168.50.9/24 dev overlay'`,
      ),
    ).toMatch(/100% packet loss[\s\S]*192\.168\.50\.4 dev overlay (FAILED|INCOMPLETE)/);

    // The box that is stopped takes its switch with it, and what is plugged in there.
    await bottle.ok('stop', '-y', 'boxb');
    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(3, 'verify', path);
    expect(verdicts.map(({ state }) => state)).toEqual(['broken', 'not-measured', 'held']);
    await bottle.ok('start', '-y', 'boxb');
    await bottle.ok('verify', path);
    await bottle.ok('down', '-y', path);
  }));

const tagged = (type: string, underlay: string): string => `name: tagged
networks:
  wire: { subnet: "${underlay}" }
  green: { subnet: [10.1.0.0/24, "fd00:1::/64"], switch: [one, two], vlan: 100 }
  red: { subnet: 10.2.0.0/24, switch: [one, two], vlan: 200 }
switches:
  one: { type: ovs, machine: boxa, trunks: { two: { over: wire, type: ${type}, id: 7 } } }
  two: { type: ovs, machine: boxb }
machines:
  boxa: { networks: { wire: auto } }
  boxb: { networks: { wire: auto } }
  g1: { networks: { green: { switch: one } } }
  g2: { networks: { green: { switch: two } }, listen: http }
  r1: { networks: { red: { switch: one } } }
  r2: { networks: { red: { switch: two } } }
expect:
  g1 -> g2: [ping, http, udp/9000]
  g2 -> g1: ping
  r1 -> r2: [ping, tcp/9000]
  green -> red: nothing
  red -> green: nothing
`;

test.each([
  ['geneve', '192.168.50.0/24'],
  ['gre', '192.168.50.0/24'],
  ['vxlan', 'fd00:50::/64'],
])('several networks are in one tunnel of type %s over %s, and apart', (type, underlay) =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const path = write(host, tagged(type, underlay));
    const { verdicts } = await bottle.json<{ verdicts: Verdict[] }>(0, 'up', path);
    expect(verdicts.map(({ state }) => state)).toEqual(['held', 'held', 'held', 'held', 'held']);
    expect(await bottle(['plan', path])).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') });
    await bottle.ok('down', '-y', path);
  }),
);
