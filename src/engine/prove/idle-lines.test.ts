import { describe, expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { resolve } from '../../network/resolve.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { idleLinesOf } from './idle-lines.ts';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: [] };

/** users | gate | servers | back | store, and whoever else is in `more`. */
const file = (policy: BottleFile['policy'], more: Partial<BottleFile> = {}): BottleFile => ({
  name: 'lab',
  networks: {
    users: { subnet: ['10.1.0.0/24', 'fd00:1::/64'] },
    servers: { subnet: ['10.2.0.0/24', 'fd00:2::/64'] },
    store: { subnet: ['10.3.0.0/24', 'fd00:3::/64'] },
    ...more.networks,
  },
  routers: {
    gate: { networks: { users: 'auto', servers: 'auto' } },
    back: { networks: { servers: 'auto', store: 'auto' } },
    ...more.routers,
  },
  machines: {
    ann: { networks: { users: '10.1.0.10' } },
    ben: { networks: { users: '10.1.0.11' } },
    web: { networks: { servers: '10.2.0.10' } },
    mail: { networks: { servers: '10.2.0.11' } },
    disk: { networks: { store: '10.3.0.10' } },
    ...more.machines,
  },
  ...(more.forwards && { forwards: more.forwards }),
  ...(policy && { policy }),
});

/** `LINE <- LINES that decide instead`. */
function idle(policy: BottleFile['policy'], more?: Partial<BottleFile>): readonly string[] {
  const { network, diagnostics } = resolve(file(policy, more));
  if (network === undefined) throw new Error(JSON.stringify(diagnostics));
  return idleLinesOf(network, compile(network, host)).lines.map(({ text, by, otherwise }) =>
    [text, '<-', ...by.map((line) => line.text), ...(otherwise === undefined ? [] : [`otherwise ${otherwise}`])].join(' '),
  );
}

describe('lines that decide nothing', () => {
  test('what another line allows already', () => {
    expect(idle({ 'users -> web': 'http', 'users -> servers': ['http', 'https'] })).toEqual(['users -> web <- users -> servers']);
    expect(idle({ 'any -> any': 'any', 'ann -> web': 'ssh', 'store -> users': 'ping' })).toEqual([
      'ann -> web <- any -> any',
      'store -> users <- any -> any',
    ]);
  });

  test('what several lines allow together, and none of them alone', () => {
    expect(idle({ 'ann -> web': 'http', 'ben -> web': 'http', '10.1.0.10/31 -> web': 'http', 'users -> mail': 'smtp' })).toEqual([
      '10.1.0.10/31 -> web <- ann -> web ben -> web',
    ]);
    expect(
      idle({ 'users -> web': 'tcp/1-50', 'users -> servers': 'tcp/40-60', '10.1.0.128/25 -> web': 'tcp/20-55', 'ben -> web': 'tcp/2' }),
    ).toEqual(['10.1.0.128/25 -> web <- users -> servers users -> web', 'ben -> web <- users -> web']);
  });

  test('what is denied, by one line or by several', () => {
    expect(idle({ 'users -> web': 'ssh', 'users -> servers': { deny: 'ssh' }, 'users -> mail': ['ssh', 'smtp'] })).toEqual([
      'users -> web <- users -> servers',
    ]);
    expect(
      idle({
        '10.1.0.10/31 -> web': 'ssh',
        'ann -> web': { deny: 'any' },
        'ben -> servers': { deny: 'ssh' },
        'ben -> mail': ['ssh', 'smtp'],
      }),
    ).toEqual(['10.1.0.10/31 -> web <- ann -> web ben -> servers']);
  });

  test('denials of what no line allows, where the rest comes to the same end', () => {
    expect(idle({ 'users -> web': 'http', 'users -> store': { deny: 'any' } })).toEqual(['users -> store <- otherwise drop']);
    // Told by a reset, or noted: that is a difference.
    expect(idle({ 'users -> web': 'http', 'users -> store': { deny: 'any', action: 'reject' } })).toEqual([]);
    expect(idle({ 'users -> web': 'http', 'users -> store': { deny: 'any', log: true } })).toEqual([]);
    expect(idle({ 'users -> web': 'http', 'users -> store': { deny: 'any', action: 'reject' }, otherwise: 'reject' })).toEqual([
      'users -> store <- otherwise reject',
    ]);
  });

  test('what no packet comes by', () => {
    expect(idle({ 'ann -> ben': 'ssh', 'users -> servers': 'http' })).toEqual(['ann -> ben <-']);
    // Nobody on the way has a route.
    expect(idle({ 'store -> 192.0.2.0/24': 'ssh', 'users -> web': 'http' })).toEqual(['store -> 192.0.2.0/24 <-']);
  });
});

describe('lines that decide something', () => {
  test('in one direction, in one family, at one of the routers or for one machine of many', () => {
    expect(idle({ 'users -> servers': 'any', 'servers -> users': 'ping' })).toEqual([]);
    expect(idle({ '10.1.0.0/24 -> servers': 'http', 'users -> servers': 'http' })).toEqual([]);
    expect(idle({ 'users -> servers': 'ssh', 'users -> disk': 'ssh', 'web -> disk': 'ssh' })).toEqual([]);
    expect(idle({ 'ann -> web': 'http', 'users -> web': 'http' })).toEqual(['ann -> web <- users -> web']);
    expect(idle({ 'users -> gate': 'ssh', 'users -> servers': 'ssh' })).toEqual([]);
  });

  test('a line that allows what another allows and notes', () => {
    expect(idle({ 'users -> web': { allow: 'http', log: true }, 'users -> servers': 'http' })).toEqual([]);
    expect(idle({ 'users -> web': 'http', 'users -> servers': { allow: 'http', log: true } })).toEqual([
      'users -> web <- users -> servers',
    ]);
  });

  test('lines about what only false sources, forwards and NAT bring', () => {
    expect(idle({ '10.1.0.99 -> web': 'http', 'users -> mail': 'smtp' })).toEqual([]);
    const routers = { gate: { networks: { users: 'auto', servers: 'auto' }, nat: { masquerade: 'servers' } } } as const;
    expect(idle({ 'users -> disk': 'ssh', 'servers -> disk': 'ping' }, { routers })).toEqual([]);
    expect(idle({ 'users -> web': 'http', 'store -> web': 'http' }, { forwards: { 'back tcp/8080': 'web:80' } })).toEqual([]);
  });
});

describe('forwards and NAT', () => {
  const idleOf = (more: Partial<BottleFile>): readonly string[] => {
    const { network, diagnostics } = resolve(file(undefined, more));
    if (network === undefined) throw new Error(JSON.stringify(diagnostics));
    return idleLinesOf(network, compile(network, host)).translations.map(({ text }) => text);
  };
  const gate = { networks: { users: 'auto', servers: 'auto' } } as const;

  test('that somebody’s packets come by are not told of', () => {
    expect(idleOf({ forwards: { 'gate tcp/80': 'web', 'back udp/53': 'disk' } })).toEqual([]);
    expect(idleOf({ routers: { gate: { ...gate, nat: { masquerade: ['users', 'servers'] } } } })).toEqual([]);
  });

  test('that change nothing, because all that leaves there is excepted', () => {
    const nat = { masquerade: ['users', 'servers'], except: ['10.0.0.0/8', 'fd00::/16', '0.0.0.0/0', '::/0'] };
    expect(idleOf({ routers: { gate: { ...gate, nat } } })).toEqual(['masquerade: users', 'masquerade: servers']);
  });

  test('at a router by which nobody sends anything out of there', () => {
    const lonely = {
      networks: { lonely: { subnet: '10.8.0.0/24' }, empty: { subnet: '10.9.0.0/24' } },
      routers: { lone: { networks: { lonely: 'auto', empty: 'auto' }, nat: { masquerade: 'lonely' } } },
    } as const;
    expect(idleOf(lonely)).toEqual(['masquerade: lonely']);
  });

  test('of a forward to an address that nobody has a way to', () => {
    const more = {
      networks: { lonely: { subnet: '10.9.0.0/24' } },
      routers: { gate: { networks: { ...gate.networks, lonely: '10.9.0.1' } } },
    };
    expect(idleOf({ ...more, forwards: { '10.9.0.1 tcp/80': 'web' } })).toEqual([]);
  });
});
