/** A trace leaves nothing, and nobody takes its tables for something that is wrong. */
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { bottleIn, example, program, sh } from '../cli/bottle.ts';
import { differences } from '../host-state/differences.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { inPrivateHost } from '../host-state/private-host.ts';

const tables = (host: PrivateHost, namespace?: string): Promise<string> =>
  sh(host, `${namespace === undefined ? '' : `ip netns exec ${namespace} `}nft list tables`);

/** A trace that waits for an answer: nobody has the address. */
const waiting = ['trace', 'guest', '10.0.2.99', 'ping', '-b', 'nat'];

/** Gives a way to end it by a signal, and waits until it has ended. */
async function started(host: PrivateHost): Promise<(signal: 'INT' | 'KILL') => Promise<number | null>> {
  const tracing = host.start(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...program, ...waiting], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(tracing, 'close').then(([code]) => code as number | null);
  let said = '';
  tracing.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await expect.poll(() => tables(host, 'nat.guest')).toContain('netbottle-trace-');
  await expect.poll(() => tables(host)).toContain('netbottle-trace-');
  return async (signal) => {
    await host.run(['kill', `-${signal}`, said.split('\n')[0] ?? '']);
    return await ended;
  };
}

test('nothing is left behind by a trace, by one that is interrupted, and by one that is killed after the next command', () =>
  inPrivateHost({}, async (host) => {
    const bottle = bottleIn(host);
    const untouched = await host.state();
    await bottle.ok('up', '--no-verify', example('nat', 'bottle.yaml'));
    const before = await host.state();
    await bottle.ok('trace', 'guest', 'host', 'ping', '-b', 'nat');
    expect(differences(before, await host.state())).toEqual([]);

    const interrupted = await started(host);
    // While it goes on, all is as the file says.
    expect(await bottle(['plan', example('nat', 'bottle.yaml')])).toMatchObject({ status: 0 });
    expect(await interrupted('INT')).toBe(130);
    expect(differences(before, await host.state())).toEqual([]);

    for (const next of [
      ['trace', 'guest', 'host', 'ping', '-b', 'nat'],
      ['up', example('nat', 'bottle.yaml')],
    ]) {
      const killed = await started(host);
      await killed('KILL');
      // Of the host's it is the next command that does.
      expect(await tables(host)).toContain('netbottle-trace-');
      // In the bottle's own namespaces the kernel removes them.
      await expect.poll(() => tables(host, 'nat.guest')).not.toContain('netbottle-trace-');
      await bottle.ok(...next);
      expect(differences(before, await host.state())).toEqual([]);
    }
    const killed = await started(host);
    await killed('KILL');
    await bottle.ok('down', '-y', 'nat');
    expect(differences(untouched, await host.state())).toEqual([]);
  }));
