import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { networkOf } from '../../network/testing.fixture.ts';
import { withAddresses } from './filter.ts';
import { capturePoints } from './points.ts';

const network = networkOf({
  name: 'lab',
  networks: {
    dmz: { subnet: ['10.1.0.0/24', 'fd00:1::/64'], mode: 'nat' },
    lan: { mode: 'bridged', attach: { interface: 'eth1' }, subnet: '10.2.0.0/24' },
  },
  machines: {
    web: { networks: { dmz: ['10.1.0.10', 'fd00:1::10'] } },
    mail: { networks: { dmz: ['10.1.0.11', 'fd00:1::11'], lan: '10.2.0.11' } },
  },
  groups: { servers: ['web', 'mail'] },
});
const resources = compile(network, {
  ipv6: true,
  advertised: [],
  neighbourTables: true,
  vlanFiltering: true,
  vlanDevices: true,
  nameServers: [],
});
const taps = (ports: boolean, ...where: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    capturePoints(network, resources, where, ports).map((point) => [
      point.name,
      point.taps.map(({ namespace, device, ignoreOutgoing }) => `${namespace} ${device}${ignoreOutgoing ? ' in' : ''}`),
    ]),
  );

test('a machine is its interfaces, a group its members, and each is there once', () => {
  expect(taps(false, 'mail/lan', 'servers', 'web')).toEqual({
    'mail/lan': ['lab.mail lan'],
    'web/dmz': ['lab.web dmz'],
    'mail/dmz': ['lab.mail dmz'],
  });
});

test('a network is what comes in by the ports of its switch, or each port for itself', () => {
  expect(taps(false, 'dmz')).toEqual({ dmz: ['lab web.dmz in', 'lab mail.dmz in', 'lab host.dmz in'] });
  expect(taps(true, 'dmz')).toEqual({ 'dmz/web': ['lab web.dmz'], 'dmz/mail': ['lab mail.dmz'], 'dmz/host': ['lab host.dmz'] });
});

const shared = networkOf({
  name: 'lab',
  switches: { boxa: { trunks: { boxb: {} } }, boxb: {} },
  networks: {
    green: { subnet: '10.1.0.0/24', switch: ['boxa', 'boxb'], vlan: 100, mode: 'host-only' },
    red: { subnet: '10.2.0.0/24', switch: ['boxa', 'boxb'], vlan: 200 },
  },
  routers: {
    core: {
      networks: { green: { switch: 'boxb', address: 'auto', tagged: true }, red: { switch: 'boxb', address: 'auto', tagged: true } },
    },
  },
  machines: {
    web: { networks: { green: { switch: 'boxa', address: 'auto' }, red: { switch: 'boxa', address: 'auto' } } },
  },
});
const tapsOf = (ports: boolean, ...where: readonly string[]): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(
    capturePoints(shared, [], where, ports).map(({ name, taps: own }) => [
      name,
      own.map(({ device, ignoreOutgoing, vlan }) => `${device}${ignoreOutgoing ? ' in' : ''}${vlan === undefined ? '' : ` ${vlan}`}`),
    ]),
  );

test('a switch is everything that is plugged into it, also other switches, or one port', () => {
  expect(tapsOf(false, 'boxa')).toEqual({ boxa: ['web.green in', 'web.red in', 'boxa.boxb in', 'host.green in'] });
  expect(tapsOf(true, 'boxb')).toEqual({ 'boxb/core': ['core.boxb'], 'boxb/boxa': ['boxb.boxa'] });
  expect(tapsOf(false, 'boxa/boxb', 'boxa/web.red')).toEqual({ 'boxa/boxb': ['boxa.boxb'], 'boxa/web.red': ['web.red'] });
  expect(() => tapsOf(false, 'boxa/core')).toThrow('the switch boxa has no port core');
});

test('a network that shares switches is its frames, wherever machines send them into one', () => {
  expect(tapsOf(false, 'green')).toEqual({ green: ['web.green in 0', 'host.green in 0', 'core.boxb in 100'] });
  expect(tapsOf(true, 'red')).toEqual({ 'red/web': ['web.red 0'], 'red/core': ['core.boxb 200'] });
});

test('a network without a switch is the interfaces in it', () => {
  expect(taps(false, 'lan')).toEqual({ 'mail/lan': ['lab.mail lan'] });
});

test("the loopback is seen once, and the host's devices are those of the bottle", () => {
  expect(taps(false, 'web/lo', 'host')).toEqual({ 'web/lo': ['lab.web lo in'], 'host/dmz': ['@host lab-dmz'] });
});

test.each([
  ['host web', 'host (10.1.0.10 or fd00:1::10)'],
  ['tcp and dst host web and not src  net dmz', 'tcp and dst host (10.1.0.10 or fd00:1::10) and not src  net (10.1.0.0/24 or fd00:1::/64)'],
  ['src mail or port 80', 'src (10.1.0.11 or fd00:1::11 or 10.2.0.11) or port 80'],
  ['host 10.1.0.10 and dst port 22', 'host 10.1.0.10 and dst port 22'],
  ['host example.org', 'host example.org'],
])('names in the filter %s are addresses', (expression, expected) => {
  expect(withAddresses(network, expression)).toBe(expected);
});
