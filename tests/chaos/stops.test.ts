import { expect, test } from 'vitest';
import { as, clean, ends, inTurn } from './right.ts';
import { type Subject, withSmall } from './subject.ts';

const machines = ['-b', 'small', 'web', 'gate'];

/** Exactly these two are stopped: only they are to be made. */
async function areStopped({ bottle, first }: Subject): Promise<readonly string[]> {
  const { changes } = await bottle.json<{ changes: { identity: string }[] }>(2, 'plan', first);
  const namespaces = changes.flatMap(({ identity }) => /^namespace:(.*)$/.exec(identity)?.[1] ?? []);
  const again = await ends({ bottle } as Subject, ['stop', ...machines], 0);
  return namespaces.sort().join() === 'small.gate,small.web' ? again : [...again, `to be made: ${namespaces.join()}`];
}

/** Fails or kills the command before each of its changes, or every so many of them, and tries `next` in turn after it. Leaves all machines running. */
async function tryAll(
  subject: Subject,
  how: 'fail' | 'kill',
  command: 'stop' | 'start',
  next: readonly (readonly string[])[],
  every: number,
): Promise<number> {
  const { bottle, first } = subject;
  for (let step = 0; ; step += every) {
    if (command === 'start') await bottle.ok('stop', '-y', ...machines);
    const { status } = await bottle([command, '-y', ...machines], { env: { NETBOTTLE_FAULT: `${how}:${step}` } });
    if (status === 0) return step;
    const words = next[(step / every) % next.length] ?? [];
    const right = words[0] === 'stop' || (words[0] === 'verify' && command === 'start') ? areStopped : (one: Subject) => as(one, first);
    expect([
      how,
      command,
      step,
      words[0],
      ...(await inTurn(
        () => ends(subject, words, 0),
        () => right(subject),
      )),
    ]).toEqual([how, command, step, words[0]]);
    await bottle.ok('up', '-y', '--no-verify', first);
  }
}

test.each(['stop', 'start'] as const)(
  'a %s that fails or is killed, before whatever change, is undone or finished by the next command',
  { timeout: 600_000 },
  (command) =>
    withSmall(async (subject) => {
      const { bottle, first, name } = subject;
      // It takes many more changes to put machines back.
      const every = command === 'start' ? 8 : 1;
      await bottle.ok('up', '--no-verify', first);
      const next = [
        ['verify', name],
        ['start', '-y', ...machines],
        ['stop', '-y', ...machines],
        ['up', '-y', '--no-verify', first],
      ];
      expect(await tryAll(subject, 'kill', command, next, every)).toBeGreaterThan(4);
      await bottle.ok('up', '-y', '--no-verify', first);
      // What fails has been undone already; `verify` changes nothing.
      expect(await tryAll(subject, 'fail', command, [['verify', name]], every)).toBeGreaterThan(4);
      await bottle.ok('down', '-y', name);
      expect(await clean(subject)).toEqual([]);
    }),
);
