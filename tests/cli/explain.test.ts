import { describe, expect, test } from 'vitest';
import { hostForAll } from '../host-state/host-of-tests.ts';
import { bottleIn, example } from './bottle.ts';

const host = hostForAll();
const bottle = bottleIn(host);

const explain = (...words: readonly string[]): Promise<string> => bottle.ok('explain', ...words);
const [lab, corp] = [example('router-lab', 'bottle.yaml'), example('corp', 'bottle.yaml')];

describe('explain, with nothing running', () => {
  test('shows a forwarded packet hop by hop with its translation, and the answer with the way back of it', async () => {
    const text = await explain('boxb', 'router', 'tcp/8800', lab);
    expect(text.split('\n')[0]).toBe('boxb -> router tcp/8800, IPv4: arrives at boxa');
    expect(text).toMatch(/DNAT: 172\.16\.200\.1:8800 becomes 172\.16\.100\.5:8800 {2}forwards.*bottle\.yaml:\d+/);
    expect(text).toMatch(/forward, table inet netbottle: accept in chain \S+ {2}policy\.right -> boxa {2}.*bottle\.yaml:\d+/);
    expect(text).toContain('and back: arrives');
    expect(text).toContain('SNAT: 172.16.100.5:8800 becomes 172.16.200.1:8800');
  });

  test('names who dropped a packet, and the line of the file', async () => {
    expect((await explain('alice', 'app1', 'app', corp)).split('\n')[0]).toMatch(
      /^alice -> app1 tcp\/8080, IPv4: rejected at jump-router by policy\.hub -> bld.* \(.*bottle\.yaml:\d+\)$/,
    );
    expect((await explain('edge', 'db', 'ssh', corp)).split('\n')[0]).toMatch(/dropped at edge by policy/);
  });

  test('has a name for what no rule decides', async () => {
    expect(await explain('boxa', '172.16.200.99', 'ping', lab)).toContain(
      'router finds nobody with the address 172.16.200.99 behind right',
    );
    expect(await explain('log', 'alice', 'ping', example('asymmetric', 'bottle.yaml'))).toContain(
      'log has a route that says it is unreachable',
    );
    expect(await explain('boxa', 'boxb', 'tcp/9', lab)).toContain('dropped at router');
    expect(await explain('guest', '192.0.2.1', 'ping', example('nat', 'bottle.yaml'))).toContain('leaves by the host');
  });

  test('shows the way of an ICMP error back to whoever it is for, through the translation that it belongs to', async () => {
    const text = await explain('boxa', '172.16.200.99', 'ping', lab);
    expect(text).toContain('and back, ICMP host unreachable (3/1): arrives');
    expect(text).toMatch(/router {2}sends 172\.16\.200\.1 -> 172\.16\.200\.1\n {10}output, DNAT: 172\.16\.200\.1 becomes 172\.16\.100\.5/);
  });

  test('takes a packet that is given in full', async () => {
    expect(await explain('alice', 'app1', 'ping', '--ttl', '2', corp)).toMatch(
      /its hop limit ends at shr-router\n[\s\S]*ICMP hop limit exceeded \(11\/0\): arrives/,
    );
    expect(await explain('alice', 'jump', 'ssh', '--source', '10.1.0.10', corp)).toMatch(/^.*dropped at jump-router by policy /);
    expect(await explain('203.0.113.9', 'web', 'http', '--in', 'edge/internet', corp)).toContain(
      'edge  comes in by internet: 203.0.113.9:40000',
    );
    expect(await explain('alice', 'web', 'tcp/99', '--state', 'established', corp)).toContain('connection tracking: new');
    expect(await explain('someone', 'web', 'http', '--state', 'established', '--sport', '5000', corp)).toMatch(
      /:5000 -> [\s\S]*connection tracking: established/,
    );
    for (const wrong of [
      ['--ttl', '0'],
      ['--mac', 'x'],
      ['--in', 'edge/nowhere'],
      ['--state', 'old'],
      ['--source', 'alice'],
    ])
      expect(await bottle(['explain', 'alice', 'web', 'http', ...wrong, corp])).toMatchObject({ status: 64 });
  });

  test('tells every different outcome once for networks, groups, prefixes and everybody', async () => {
    const text = await explain('hub', 'shr', 'ssh', corp);
    expect(text.match(/^\S+ -> \S+ tcp\/22/gm)).toHaveLength(1);
    expect(text).toContain('the same for 7 others: ');
    const everybody = await bottle.json<{ packets: { same: object[] }[]; pairs: number }>(0, 'explain', 'any', 'any', 'http', corp);
    expect(everybody.packets.length).toBeLessThan(10);
    expect(everybody.packets.reduce((sum, { same }) => sum + same.length + 1, 0)).toBe(everybody.pairs);
    expect(await explain('alice', '10.9.0.0/16', 'http', corp)).toMatch(/^alice -> 10\.9\.0\.0\/16 tcp\/80/);
    const nat = example('nat', 'bottle.yaml');
    expect(await explain('guest', 'internet', 'http', nat)).toContain('leaves by the host');
    expect(await explain('internet', 'host', 'tcp/2222', example('port-forward', 'bottle.yaml'))).toContain('host');
  });

  test('gives the same as data', async () => {
    const { packets } = await bottle.json<{ packets: { there: { ending: object; steps: object[] } }[] }>(
      0,
      ...['explain', 'someone', 'web', 'https', corp],
    );
    expect(packets).toHaveLength(1);
    expect(packets[0]?.there.ending).toEqual({ kind: 'delivered', at: 'web', listener: 'built-in' });
    expect(packets[0]?.there.steps).toContainEqual(
      expect.objectContaining({ kind: 'filtered', at: 'edge', hook: 'forward', verdict: 'accept', rule: 'policy.internet -> web' }),
    );
  });

  test('asks for a machine that there is', async () => {
    expect(await bottle(['explain', 'alise', 'web', 'http', corp])).toMatchObject({
      status: 1,
      stderr: expect.stringContaining('did you mean alice'),
    });
    expect(await bottle(['explain', 'alice', 'web', 'htp', corp])).toMatchObject({
      stderr: expect.stringContaining('there is no service'),
    });
  });
});
