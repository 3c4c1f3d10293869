import { describe, expect, it } from 'vitest';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { resolve } from '../resolve.ts';
import { networkOf } from '../testing.fixture.ts';

type Networks = NonNullable<BottleFile['networks']>;

const lab = (networks: Networks): BottleFile => {
  const everywhere = { networks: Object.fromEntries(Object.keys(networks).map((name) => [name, 'auto'])) };
  return { name: 'lab', networks, machines: { a: everywhere, b: everywhere } };
};

const mtus = (networks: Networks): Readonly<Record<string, number>> =>
  Object.fromEntries(networkOf(lab(networks)).segments.map(({ name, mtu }) => [name, mtu]));

describe('the MTU of an overlay', () => {
  it('is what is left of that of the network under it', () => {
    const over = (type: 'vxlan' | 'geneve' | 'gre', under: string) => ({ over: under, id: 1, type });
    expect(
      mtus({
        four: { subnet: '10.0.4.0/24' },
        six: { subnet: 'fd00:6::/64', mtu: 9000 },
        v4: { subnet: '10.1.0.0/24', overlay: over('vxlan', 'four') },
        v6: { subnet: '10.2.0.0/24', overlay: over('vxlan', 'six') },
        e4: { subnet: '10.3.0.0/24', overlay: over('geneve', 'four') },
        e6: { subnet: '10.4.0.0/24', overlay: over('geneve', 'six') },
        g4: { subnet: '10.5.0.0/24', overlay: over('gre', 'four') },
        g6: { subnet: '10.6.0.0/24', overlay: over('gre', 'six') },
      }),
    ).toEqual({ four: 1500, six: 9000, v4: 1450, v6: 8930, e4: 1450, e6: 8930, g4: 1458, g6: 8938 });
  });

  it('goes through every layer', () => {
    const wire = { subnet: '10.0.0.0/24' };
    const inner = { subnet: '10.2.0.0/24', overlay: { over: 'outer', id: 2 } };
    const outer = { subnet: '10.1.0.0/24', overlay: { over: 'wire', id: 1 } };
    expect(mtus({ wire, inner, outer })).toEqual({ wire: 1500, outer: 1450, inner: 1400 });
    expect(mtus({ wire, inner: { ...inner, mtu: 1500 }, outer })).toEqual({ wire: 1600, outer: 1550, inner: 1500 });
    expect(mtus({ wire: { ...wire, mtu: 1500 }, inner: { ...inner, mtu: 1400 }, outer })).toEqual({ wire: 1500, outer: 1450, inner: 1400 });
  });

  it('is that of the narrowest of several networks under it', () => {
    const overlay = { over: ['left', 'right'], id: 1 };
    expect(
      mtus({ left: { subnet: '10.0.0.0/24', mtu: 1400 }, right: { subnet: '10.1.0.0/24' }, all: { subnet: '10.2.0.0/24', overlay } }),
    ).toEqual({
      left: 1400,
      right: 1500,
      all: 1350,
    });
  });

  it('is not made by others what the file says of them', () => {
    const networks: Networks = {
      wire: { subnet: '10.0.0.0/24', mtu: 1500 },
      over: { subnet: '10.1.0.0/24', mtu: 1500, overlay: { over: 'wire', id: 1 } },
    };
    expect(mtus(networks)).toEqual({ wire: 1500, over: 1500 });
    expect(resolve(lab(networks)).diagnostics.map(({ code }) => code)).toEqual(['overlay-mtu']);
  });
});

describe('the MTU of an overlay over several networks', () => {
  const file = (transit: object, mesh: object): BottleFile => ({
    name: 'lab',
    networks: {
      north: { subnet: '10.0.1.0/24' },
      transit: { subnet: '10.0.3.0/24', ...transit },
      south: { subnet: '10.0.2.0/24' },
      mesh: { subnet: '10.1.0.0/24', overlay: { over: ['north', 'south'], id: 1 }, ...mesh },
      inner: { subnet: '10.2.0.0/24', overlay: { over: 'mesh', type: 'geneve', id: 1 } },
    },
    routers: {
      one: { networks: { north: '10.0.1.1', transit: '10.0.3.1' } },
      two: { networks: { south: '10.0.2.1', transit: '10.0.3.2' } },
    },
    machines: {
      a: { networks: { north: '10.0.1.10', mesh: 'auto', inner: 'auto' } },
      b: { networks: { south: '10.0.2.10', mesh: 'auto', inner: 'auto' } },
    },
  });
  const mtus = (resolved: ReturnType<typeof resolve>) =>
    Object.fromEntries((resolved.network?.segments ?? []).map((one) => [one.name, one.mtu]));

  it('is what the networks between them leave, too', () => {
    expect(mtus(resolve(file({}, {})))).toMatchObject({ transit: 1500, mesh: 1450, inner: 1400 });
    expect(mtus(resolve(file({ mtu: 1400 }, {})))).toMatchObject({ north: 1500, mesh: 1350, inner: 1300 });
    expect(mtus(resolve(file({ mtu: 9000 }, {})))).toMatchObject({ mesh: 1450 });
  });

  it('is told to be too much where the file gives it and they leave less', () => {
    const { diagnostics, network } = resolve(file({}, { mtu: 1500 }));
    expect(network?.segments.map(({ name, mtu }) => [name, mtu])).toEqual([
      ['north', 1550],
      ['transit', 1500],
      ['south', 1550],
      ['mesh', 1500],
      ['inner', 1450],
    ]);
    expect(diagnostics).toMatchObject([
      {
        code: 'overlay-mtu',
        message: 'packets of 1500 bytes do not fit: with what carries them they have 1550, and `transit` on the way takes 1500',
        remedy: 'Leave `mtu` out (it then is 1450), or set `mtu: 1550` for `transit`.',
      },
    ]);
  });
});

describe('the MTU of a network in a tunnel between switches', () => {
  const tunnelled = (networks: Networks, trunk: object): BottleFile => ({
    ...lab({ wire: { subnet: '10.0.0.0/24' } }),
    networks: { wire: { subnet: '10.0.0.0/24' }, ...networks },
    switches: { one: { type: 'ovs', machine: 'a', trunks: { two: { over: 'wire', ...trunk } } }, two: { type: 'ovs', machine: 'b' } },
  });
  const lan = { subnet: '10.1.0.0/24', switch: ['one', 'two'] };
  const mtusOf = (file: BottleFile): readonly number[] => networkOf(file).segments.map(({ mtu }) => mtu);

  it('is what is left of that of the network under it, less a tag where there is one', () => {
    expect(mtusOf(tunnelled({ lan }, {}))).toEqual([1500, 1450]);
    expect(mtusOf(tunnelled({ lan: { ...lan, vlan: 100 } }, {}))).toEqual([1500, 1446]);
    expect(mtusOf(tunnelled({ lan: { ...lan, vlan: 100 } }, { native: 'lan', type: 'gre' }))).toEqual([1500, 1458]);
    expect(mtusOf(tunnelled({ lan, other: { ...lan, subnet: '10.2.0.0/24', vlan: 7 } }, {}))).toEqual([1500, 1446, 1446]);
  });

  it('is asked of the network under it', () => {
    expect(mtusOf(tunnelled({ lan: { ...lan, mtu: 1500 } }, { type: 'geneve' }))).toEqual([1550, 1500]);
  });
});

describe('the MTU of a network in a tunnel through networks in between', () => {
  const file = (transit: object, lan: object): BottleFile => ({
    name: 'lab',
    networks: {
      north: { subnet: '10.0.1.0/24' },
      transit: { subnet: '10.0.3.0/24', ...transit },
      south: { subnet: '10.0.2.0/24' },
      lan: { subnet: '10.1.0.0/24', switch: ['one', 'two'], ...lan },
      inner: { subnet: '10.2.0.0/24', overlay: { over: 'lan', type: 'geneve', id: 1 } },
    },
    switches: {
      one: { type: 'ovs', machine: 'a', trunks: { two: { over: ['north', 'south'] } } },
      two: { type: 'ovs', machine: 'b' },
    },
    routers: {
      left: { networks: { north: '10.0.1.1', transit: '10.0.3.1' } },
      right: { networks: { south: '10.0.2.1', transit: '10.0.3.2' } },
    },
    machines: {
      a: { networks: { north: '10.0.1.10' } },
      b: { networks: { south: '10.0.2.10' } },
      p: { networks: { lan: { switch: 'one' }, inner: 'auto' } },
      q: { networks: { lan: { switch: 'two', tagged: 'vlan' in lan }, inner: 'auto' } },
    },
  });
  const mtusOf = ({ network }: ReturnType<typeof resolve>) =>
    Object.fromEntries((network?.segments ?? []).map(({ name, mtu }) => [name, mtu]));

  it('is what those leave, for all that it is on and that is on it', () => {
    expect(mtusOf(resolve(file({}, {})))).toMatchObject({ lan: 1450, inner: 1400 });
    const narrow = resolve(file({ mtu: 1400 }, { vlan: 7 }));
    expect(mtusOf(narrow)).toMatchObject({ north: 1500, lan: 1346, inner: 1296 });
    const { switches = [], trunks = [], nodes = [] } = narrow.network ?? {};
    expect([...switches, ...trunks, ...nodes.flatMap(({ wires }) => wires)].map(({ mtu }) => mtu)).toEqual([1346, 1346, 1346, 1346]);
  });

  it('is told to be too much where the file gives it and they leave less', () => {
    expect(resolve(file({ mtu: 1400 }, { mtu: 1450 })).diagnostics).toMatchObject([
      {
        code: 'overlay-mtu',
        message: 'packets of 1450 bytes do not fit: with what carries them they have 1500, and `transit` on the way takes 1400',
        remedy: 'Leave `mtu` out (it then is 1350), or set `mtu: 1500` for `transit`.',
      },
    ]);
  });
});

describe('the endpoints of an overlay', () => {
  it('are the addresses of its machines in the first network under it that they are in', () => {
    const network = networkOf({
      name: 'lab',
      networks: {
        left: { subnet: ['10.0.0.0/24', 'fd00::/64'] },
        right: { subnet: '10.1.0.0/24' },
        all: { subnet: '10.2.0.0/24', overlay: { over: ['right', 'left'], id: 1 } },
      },
      routers: { r: { networks: { left: '10.0.0.1', right: '10.1.0.1', all: 'auto' } } },
      machines: { m: { networks: { left: ['10.0.0.9', 'fd00::9'], all: 'auto' } } },
    });
    const [, , all] = network.segments;
    expect(all?.overlay).toMatchObject({ type: 'vxlan', port: 4789, ttl: 64, learning: true });
    expect(all?.overlay?.endpoints.map(({ node, device, address }) => [node, device, address.value.toString(16)])).toEqual([
      ['m', 'left', 'a000009'],
      ['r', 'right', 'a010001'],
    ]);
  });
});
