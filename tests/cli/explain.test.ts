import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrivateHost } from '../host-state/host.ts';
import { privateHost } from '../host-state/private-host.ts';
import { type Bottle, bottleIn, example } from './bottle.ts';

let host: PrivateHost;
let bottle: Bottle;
beforeAll(async () => {
  host = await privateHost();
  bottle = bottleIn(host);
});
afterAll(() => host.end());

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
