import { describe, expect, test } from 'vitest';
import { keyText } from '../../backend/nftables/print-value.ts';
import { networkOf } from '../../network/testing.fixture.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { compileGuards } from './guard.ts';

const file = (routes: Readonly<Record<string, string>>, shared = true): BottleFile => ({
  name: 'b',
  networks: { lan: { subnet: ['10.1.0.0/24', 'fd00:1::/64'], shared }, out: { subnet: ['10.2.0.0/24', 'fd00:2::/64'] } },
  routers: { gw: { networks: { lan: ['10.1.0.1', 'fd00:1::1'], out: 'auto' }, routes } },
  machines: {
    web: { networks: { lan: { address: ['10.1.0.10', 'fd00:1::10'], mac: '02:00:00:00:00:0a' } } },
    mail: { networks: { lan: { address: ['10.1.0.20', 'fd00:1::20'], mac: '02:00:00:00:00:14' } } },
  },
});

const elementsOf = (name: string, given: BottleFile): readonly string[] =>
  compileGuards(networkOf(given)).flatMap(({ sets }) =>
    sets.filter((set) => set.name === name).flatMap((set) => set.elements.map(({ key }) => keyText(key, set.types))),
  );

describe('guards', () => {
  test('are there for machines on shared networks, and for nobody else', () => {
    expect(elementsOf('guarded', file({}))).toEqual(['"web.lan"', '"mail.lan"']);
    expect(compileGuards(networkOf(file({}, false)))).toEqual([]);
  });

  test('know the addresses of the file, and the link-local one of the MAC address', () => {
    expect(elementsOf('addresses4', file({}))).toContain('"web.lan" . 02:00:00:00:00:0a . 10.1.0.10');
    expect(elementsOf('addresses6', file({})).filter((key) => key.includes('web'))).toEqual([
      '"web.lan" . 02:00:00:00:00:0a . fd00:1::10',
      '"web.lan" . 02:00:00:00:00:0a . fe80::ff:fe00:a',
    ]);
  });

  test('lead back to the line of the file', () => {
    const [table] = compileGuards(networkOf(file({})));
    expect(table?.sets[0]?.elements.map(({ comment }) => comment)).toEqual(['machines.web.networks.lan', 'machines.mail.networks.lan']);
    expect(new Set(table?.chains.flatMap(({ rules }) => rules.map(({ comment }) => comment)))).toEqual(new Set(['networks.lan']));
  });

  test('let a machine send from what is routed to it', () => {
    expect(elementsOf('routed6', file({ 'fd00:9::/64': 'web', 'fd00:9:0:0:8000::/65': 'web', 'fd00:a::/64': 'mail' }))).toEqual([
      '"web.lan" . 02:00:00:00:00:0a . fd00:9::/64',
      '"mail.lan" . 02:00:00:00:00:14 . fd00:a::/64',
    ]);
  });

  test('let no route that is wider than the network speak for the neighbours in it', () => {
    expect(elementsOf('routed4', file({ '10.0.0.0/15': 'web' }))).toEqual([
      '"web.lan" . 02:00:00:00:00:0a . 10.0.0.0/16',
      '"web.lan" . 02:00:00:00:00:0a . 10.1.1.0-10.1.255.255',
    ]);
    expect(elementsOf('routed4', file({ '10.1.0.16/28': 'web' }))).toEqual([
      '"web.lan" . 02:00:00:00:00:0a . 10.1.0.16/30',
      '"web.lan" . 02:00:00:00:00:0a . 10.1.0.21-10.1.0.31',
    ]);
  });
});
