/** What goes wrong by itself: each is told with a code and a remedy, and `down` removes all nevertheless. */
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { program, sh, write } from '../cli/bottle.ts';
import type { Finished } from '../host-state/host.ts';
import { as, clean } from './right.ts';
import { type Subject, withSmall } from './subject.ts';

interface Told {
  readonly code: string;
  readonly message: string;
  readonly cause?: string;
  readonly details?: readonly string[];
  readonly remedy?: string;
}

/** Runs a command that fails. */
async function told({ bottle }: Subject, status: number, ...words: readonly string[]): Promise<Told> {
  return await bottle.json<Told & Readonly<Record<string, unknown>>>(status, ...words);
}

async function gone(subject: Subject): Promise<void> {
  expect(await subject.bottle(['down', '-y', subject.name])).toMatchObject({ status: 0 });
  expect(await clean(subject)).toEqual([]);
}

const up = ({ bottle, first }: Subject): Promise<Finished> => bottle(['up', '--no-verify', first]);

describe('what others do meanwhile', () => {
  test('a device that takes the name after the plan was made stays as it is', { timeout: 120_000 }, () =>
    withSmall(async (subject) => {
      const { host, bottle } = subject;
      const machines = Array.from({ length: 150 }, (_, i) => `m${i}: { networks: { n: auto } }`).join(', ');
      const file = write(host, `name: small\nnetworks: { n: { subnet: 10.1.0.0/24, mode: nat } }\nmachines: { ${machines} }\n`);
      const thief =
        'until [ -e /run/netbottle/small/netns/small.m5 ]; do :; done; ip link add small-n address 02:00:00:00:00:07 type bridge && ip link show small-n';
      const taking = host.run(['sh', '-c', thief]);
      const failed = await told(subject, 1, 'up', '--no-verify', file);
      expect((await taking).status).toBe(0);
      expect(failed).toMatchObject({ code: 'apply-failed', details: [expect.stringContaining('small-n')] });
      expect(await sh(host, 'ip link show small-n')).toBe((await taking).stdout.trim());
      expect(await told(subject, 1, 'up', file)).toMatchObject({ code: 'name-taken' });
      await bottle(['down', '-y', 'small']);
      await sh(host, 'ip link del small-n');
      expect(await clean(subject)).toEqual([]);
    }),
  );

  test("somebody else's table with the name stays as it is", () =>
    withSmall(async (subject) => {
      await sh(subject.host, 'nft add table inet netbottle-small');
      expect(await told(subject, 1, 'up', subject.first)).toMatchObject({ code: 'name-taken', remedy: expect.stringMatching(/./) });
      expect(await sh(subject.host, 'nft list tables')).toBe('table inet netbottle-small');
      await sh(subject.host, 'nft delete table inet netbottle-small');
      expect(await clean(subject)).toEqual([]);
    }));

  test('a port that somebody added to a bridge of ours on the host is theirs', () =>
    withSmall(async (subject) => {
      await up(subject);
      await sh(subject.host, 'ip link add theirs type veth peer name theirs0; ip link set theirs master small-plug');
      expect(await as(subject, subject.first)).toEqual([]);
      await sh(subject.host, 'ip link del theirs');
      await gone(subject);
    }));

  test('a namespace that was unmounted by hand is made again, with what was in it', () =>
    withSmall(async (subject) => {
      await up(subject);
      await sh(subject.host, 'umount /run/netbottle/small/netns/small.web');
      expect(await subject.bottle(['up', '-y', subject.first])).toMatchObject({ status: 0 });
      expect(await as(subject, subject.first)).toEqual([]);
      await sh(subject.host, 'umount /run/netbottle/small/netns/small.db');
      await gone(subject);
    }));

  test('a bottle whose namespaces were all unmounted by hand goes', () =>
    withSmall(async (subject) => {
      await up(subject);
      await sh(subject.host, 'umount -R /run/netbottle/small/netns');
      await gone(subject);
    }));

  test('a keeper that was killed', () =>
    withSmall(async (subject) => {
      await up(subject);
      const kill = "kill -KILL $(pgrep -f '^netbottle keeper')";
      await sh(subject.host, kill);
      expect(await subject.bottle(['up', '-y', subject.first])).toMatchObject({ status: 0 });
      expect(await as(subject, subject.first)).toEqual([]);
      await sh(subject.host, kill);
      await gone(subject);
    }));
});

describe('processes', () => {
  const one = (command: string): string =>
    `name: small\nmachines: { a: { networks: { n: auto }, run: ${JSON.stringify(command)} } }\nnetworks: { n: { subnet: 10.1.0.0/24 } }\n`;

  test('a program that does not exist', () =>
    withSmall(async (subject) => {
      const file = write(subject.host, one('true && exec no-such-program'));
      expect(await told(subject, 1, 'up', file)).toMatchObject({
        code: 'apply-failed',
        cause: 'program-not-found',
        details: [expect.stringContaining('no-such-program')],
        remedy: expect.stringContaining('Install it'),
      });
      expect(await subject.bottle(['up', file])).toMatchObject({
        status: 1,
        stderr: expect.stringContaining('error[program-not-found]: a/run cannot be started'),
      });
      expect(await clean(subject)).toEqual([]);
    }));

  test('the last words of one that died at its start are its own, and not those of one before it', () =>
    withSmall(async (subject) => {
      await subject.bottle.ok('up', write(subject.host, one('echo fine words; exec sleep 1000')));
      const file = write(subject.host, one('exit 3'));
      const { cause, details } = await told(subject, 1, 'up', '-y', file);
      expect([cause, details]).toEqual(['process-died', [expect.not.stringContaining('fine words')]]);
      await gone(subject);
    }));

  test('one whose keeper was killed goes with the file that has it no longer', () =>
    withSmall(async (subject) => {
      const { bottle, host } = subject;
      await bottle.ok('up', write(host, one('exec sleep 1717')));
      await sh(host, "kill -KILL $(pgrep -f '^netbottle keeper'); while pgrep -f '^netbottle keeper' >/dev/null; do sleep 0.05; done");
      const none = write(host, 'name: small\nmachines: { a: { networks: { n: auto } } }\nnetworks: { n: { subnet: 10.1.0.0/24 } }\n');
      const { changes } = await bottle.json<{ changes: { action: string; identity: string }[] }>(2, 'plan', none);
      expect(changes).toMatchObject([{ action: 'delete', identity: 'process:a/run' }]);
      await bottle.ok('up', '-y', none);
      expect(await sh(host, 'pgrep -fx "sleep 1717" || :')).toBe('');
      expect(await as(subject, none)).toEqual([]);
      await gone(subject);
    }));

  test('one that ignores SIGTERM, and one that somebody else started in a machine', () =>
    withSmall(async (subject) => {
      await subject.bottle.ok('up', write(subject.host, one("trap '' TERM; while :; do sleep 1; done")));
      await sh(subject.host, 'ip netns exec small.a sh -c "trap \'\' TERM; while :; do sleep 1; done" >/dev/null 2>&1 &');
      await gone(subject);
    }));

  test('one that failed, and was the only one, leaves no keeper behind', () =>
    withSmall(async (subject) => {
      await subject.bottle.ok('up', write(subject.host, one('sleep 1; exit 3')));
      await sh(subject.host, 'while pgrep -x sleep; do sleep 0.1; done >/dev/null; sleep 0.2');
      await gone(subject);
    }));
});

describe('the state directory', () => {
  test.each([
    ['read-only', 'mkdir -p /run/netbottle; mount -t tmpfs -o ro tmpfs /run/netbottle'],
    [
      'full',
      'mkdir -p /run/netbottle; mount -t tmpfs -o size=64k tmpfs /run/netbottle; head -c 65536 /dev/zero > /run/netbottle/ballast || :',
    ],
    [
      'nearly full',
      'mkdir -p /run/netbottle; mount -t tmpfs -o size=96k tmpfs /run/netbottle; head -c 57344 /dev/zero > /run/netbottle/ballast || :',
    ],
  ])('is %s', (_how, spoil) =>
    withSmall(async (subject) => {
      await sh(subject.host, spoil);
      const failed = await told(subject, 1, 'up', '--no-verify', subject.first);
      expect(failed.code).toMatch(/^(state-unwritable|apply-failed)$/);
      expect(`${failed.message} ${failed.details?.join(' ')}`).toMatch(/EROFS|ENOSPC|keeper of small did not start/);
      await sh(subject.host, 'umount /run/netbottle; rmdir /run/netbottle');
      expect(await clean(subject)).toEqual([]);
    }),
  );

  test('becomes full while a bottle runs: it can be removed', () =>
    withSmall(async (subject) => {
      await sh(subject.host, 'mkdir -p /run/netbottle; mount -t tmpfs -o size=512k tmpfs /run/netbottle');
      await up(subject);
      await sh(subject.host, 'head -c 600000 /dev/zero > /run/netbottle/ballast || :');
      expect((await told(subject, 1, 'up', '-y', '--no-verify', subject.second)).code).toMatch(/^(state-unwritable|apply-failed)$/);
      expect(await as(subject, subject.first)).toEqual([]);
      expect(await subject.bottle(['down', '-y', 'small'])).toMatchObject({ status: 0 });
      await sh(subject.host, 'umount /run/netbottle; rmdir /run/netbottle');
      expect(await clean(subject)).toEqual([]);
    }));

  const damages: [what: string, text: string][] = [
    ['empty', ''],
    ['garbage', '\\000\\377}{'],
    ['of another version', '{"version":99}'],
    ['of another kind', '[7]'],
  ];
  const files = ['state.json', 'journal.json', 'keeper.json'];
  test.each(files)('%s is damaged', { timeout: 180_000 }, (file) =>
    withSmall(async (subject) => {
      for (const [what, text] of damages) {
        await up(subject);
        await sh(subject.host, `printf '${text}' > /run/netbottle/small/${file}`);
        const again = await subject.bottle(['up', '-y', '--no-verify', '-o', 'json', subject.first]);
        expect([what, again.status, again.status === 0 ? '' : (JSON.parse(again.stdout) as Told).code]).toEqual([
          what,
          again.status,
          again.status === 0 ? '' : 'state-unreadable',
        ]);
        await sh(subject.host, `printf '${text}' > /run/netbottle/small/${file}`);
        expect(await subject.bottle(['ls'])).toMatchObject({ status: 0, stdout: expect.stringContaining('small') });
        await gone(subject);
      }
    }),
  );

  test('the note of what settings of the host were is damaged: that is said, and no guess is made', () =>
    withSmall(async (subject) => {
      await up(subject);
      await sh(subject.host, "echo '}' > /run/netbottle/host-settings.json");
      for (const words of [
        ['plan', subject.first],
        ['up', subject.first],
        ['down', '-y', 'small'],
      ]) {
        expect(await told(subject, 1, ...words)).toMatchObject({
          code: 'state-unreadable',
          details: expect.arrayContaining(['net.ipv4.ip_forward = 1', 'net.ipv6.conf.all.forwarding = 1']),
          remedy: expect.stringMatching(
            /^1\. rm \/run\/netbottle\/host-settings\.json\n {2}2\. Run .*\n {2}3\. After .*`sysctl -w KEY=VALUE`/s,
          ),
        });
      }
      await sh(subject.host, 'rm /run/netbottle/host-settings.json');
      expect(await subject.bottle(['down', '-y', 'small'])).toMatchObject({ status: 0 });
      await sh(subject.host, 'for key in ipv4/ip_forward ipv6/conf/all/forwarding; do echo 0 > /proc/sys/net/$key; done');
      const left = await clean(subject);
      expect(left.filter((line) => !line.startsWith('sysctls: '))).toEqual([]);
    }));

  test('all of it is damaged at once', () =>
    withSmall(async (subject) => {
      await up(subject);
      await sh(subject.host, `for file in ${files.join(' ')}; do echo '}' > /run/netbottle/small/$file; done`);
      await gone(subject);
    }));

  test('a note that a dead process holds the lock means nothing, and a living one is named', () =>
    withSmall(async (subject) => {
      const { host } = subject;
      await sh(
        host,
        `mkdir -p /run/netbottle; echo '{"pid":4194000,"command":"up","since":"2020-01-01T00:00:00Z"}' > /run/netbottle/small.lock`,
      );
      expect(await up(subject)).toMatchObject({ status: 0 });
      const holder = host.start([
        'flock',
        '/run/netbottle/small.lock',
        'sh',
        '-c',
        `echo '{"pid":77,"command":"up","since":"now"}' > /run/netbottle/small.lock; exec sleep 60`,
      ]);
      await sh(host, 'until grep -q 77 /run/netbottle/small.lock; do sleep 0.05; done');
      expect(await told(subject, 5, 'down', '-y', 'small')).toMatchObject({
        code: 'busy',
        message: expect.stringContaining('process 77'),
        remedy: expect.stringMatching(/./),
      });
      holder.kill('SIGKILL');
      await once(holder, 'exit');
      await sh(host, "pkill -xf 'sleep 60' || :");
      await gone(subject);
    }));
});

describe('signals', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s while it is raised undoes it', { timeout: 120_000 }, (signal) =>
    withSmall(async (subject) => {
      const machines = Array.from({ length: 200 }, (_, i) => `m${i}: { networks: { n: auto } }`).join(', ');
      const file = write(subject.host, `name: small\nnetworks: { n: { subnet: 10.1.0.0/16, mode: nat } }\nmachines: { ${machines} }\n`);
      const pid = `until pid=$(pgrep -f '^${process.execPath} .*bottle.js up'); do :; done; until [ -e /run/netbottle/small/netns/small.m3 ]; do :; done; kill -${signal.slice(3)} $pid`;
      const child = subject.host.run([...program, 'up', file]);
      await sh(subject.host, pid);
      expect(await child).toMatchObject({ status: 130 });
      expect(await clean(subject)).toEqual([]);
    }),
  );
});
