import { beforeAll, describe, expect, test } from 'vitest';
import { formatAddress } from '../../src/address/format.ts';
import { at } from '../../src/observe/network.fixture.ts';
import type { Outcome, Probe } from '../../src/observe/probe/probe.ts';
import { probeAll } from '../../src/observe/probe/probe-all.ts';
import { bottleIn, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

/** A row, internet - edge - dmz, and a ring, dmz - core - hub - back - thin - loop - dmz. */
const text = `name: lab
networks:
  internet: { subnet: [198.51.100.0/24, 2001:db8:f::/64] }
  dmz: { subnet: [10.1.0.0/24, fd00:1::/64] }
  hub: { subnet: [10.2.0.0/24, fd00:2::/64] }
  thin: { subnet: [10.3.0.0/24, fd00:3::/64], mtu: 1300 }
routers:
  edge:
    networks: { internet: [198.51.100.2, 2001:db8:f::2], dmz: [10.1.0.1, fd00:1::1] }
    nat: { masquerade: internet }
  core: { networks: { dmz: [10.1.0.2, fd00:1::2], hub: [10.2.0.1, fd00:2::1] } }
  back: { networks: { hub: [10.2.0.2, fd00:2::2], thin: [10.3.0.1, fd00:3::1] } }
  loop: { networks: { thin: [10.3.0.2, fd00:3::2], dmz: [10.1.0.3, fd00:1::3] } }
machines:
  someone: { networks: { internet: [198.51.100.10, 2001:db8:f::10] } }
  web: { networks: { dmz: [10.1.0.10, fd00:1::10] } }
  app: { networks: { dmz: [10.1.0.11, fd00:1::11] } }
  alice: { networks: { hub: [10.2.0.10, fd00:2::10] } }
  bob: { networks: { hub: [10.2.0.11, fd00:2::11] } }
  deep: { networks: { thin: [10.3.0.10, fd00:3::10] } }
forwards:
  edge tcp/8080: web:80
  edge tcp/8081: web:81
policy:
  any -> any: ping
  internet -> web: http
  internet -> deep: tcp/9000
  hub -> web: [ssh, http, udp/5353]
  hub -> deep: ssh
  alice -> internet: http
  alice -> core: ssh
  core -> web: https
  bob -> web: { deny: http, action: reject }
  bob -> deep: drop
`;

const addresses: Readonly<Record<string, readonly [string, string]>> = {
  someone: ['198.51.100.10', '2001:db8:f::10'],
  web: ['10.1.0.10', 'fd00:1::10'],
  app: ['10.1.0.11', 'fd00:1::11'],
  alice: ['10.2.0.10', 'fd00:2::10'],
  bob: ['10.2.0.11', 'fd00:2::11'],
  deep: ['10.3.0.10', 'fd00:3::10'],
  core: ['10.2.0.1', 'fd00:2::1'],
  edge: ['198.51.100.2', '2001:db8:f::2'],
};

const host = hostForAll();
const bottle = bottleIn(host);
beforeAll(async () => {
  await bottle.ok('up', write(host, text));
});

function said(outcome: Outcome): string {
  const by = 'by' in outcome && outcome.by !== undefined ? ` by ${formatAddress(outcome.by)}` : '';
  if (outcome.kind === 'refused') return `${outcome.how}${by}`;
  if (outcome.kind === 'unreachable') return `${outcome.reason}${by}`;
  if (outcome.kind === 'failed') return outcome.message;
  if (outcome.kind === 'too-big') return `too big for ${outcome.mtu}${by}`;
  return outcome.kind;
}

/** `tcp/22`, `udp/53` or `ping` from one to the other; by IPv4 and IPv6, which have to agree but for the addresses that they name. */
type Question = readonly [from: string, to: string, service: string, more?: Partial<Probe> & { readonly nobodyListens?: true }];

/** Asks all at once, in both families: one row of two answers for each question. */
async function ask(...questions: readonly Question[]): Promise<readonly (readonly [string, string])[]> {
  const probes = questions.flatMap(([from, to, service, { nobodyListens, ...more } = {}]) =>
    [0, 1].map((family): Probe => {
      const [protocol, port] = service.split('/');
      return {
        from,
        to: at(addresses[to]?.[family] ?? ''),
        ...(nobodyListens === true ? {} : { target: to }),
        protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : 'icmp',
        ...(port === undefined ? {} : { port: Number(port) }),
        ...more,
      };
    }),
  );
  const outcomes = await probeAll(probes, {
    namespacePath: (node) => `/proc/${host.pid}/root/run/netbottle/lab/netns/lab.${node}`,
    timeout: 3000,
  });
  return questions.map((_, index) => [said(outcomes[2 * index] as Outcome), said(outcomes[2 * index + 1] as Outcome)]);
}

const both = (word: string): readonly [string, string] => [word, word];

/** Of each line, whether its packets pass. */
const passing = async (...questions: readonly Question[]): Promise<readonly string[]> =>
  (await ask(...questions)).map(
    ([four, six], index) => `${questions[index]?.slice(0, 3).join(' ')}: ${four === six ? four : `${four}, ${six}`}`,
  );

const inside = (node: string, line: string): Promise<string> => sh(host, `ip netns exec lab.${node} sh -euc '${line}'`);

describe('what lines say', () => {
  test('passes, and comes back', async () => {
    const allowed: readonly Question[] = [
      ['alice', 'web', 'tcp/22'],
      ['alice', 'web', 'udp/5353'],
      ['bob', 'web', 'tcp/22'],
      ['alice', 'deep', 'tcp/22'],
      ['someone', 'web', 'tcp/80'],
      ['someone', 'deep', 'tcp/9000'],
      ['alice', 'someone', 'tcp/80'],
      ['deep', 'alice', 'ping'],
      ['web', 'deep', 'ping'],
      ['someone', 'alice', 'ping'],
    ];
    expect(await passing(...allowed)).toEqual(allowed.map((one) => `${one.join(' ')}: answered`));
  });

  test('and nothing else does', async () => {
    const denied: readonly Question[] = [
      ['web', 'alice', 'tcp/22'],
      ['alice', 'web', 'tcp/23'],
      ['alice', 'web', 'udp/22'],
      ['deep', 'alice', 'tcp/22'],
      ['someone', 'web', 'tcp/22'],
      ['someone', 'alice', 'tcp/80'],
      ['bob', 'someone', 'tcp/80'],
      ['bob', 'deep', 'tcp/22'],
      ['bob', 'deep', 'ping'],
    ];
    expect(await passing(...denied)).toEqual(denied.map((one) => `${one.join(' ')}: timed-out`));
  });

  test('does not count inside a segment', async () => {
    expect(await passing(['alice', 'bob', 'tcp/1234'], ['web', 'app', 'udp/9'])).toEqual([
      'alice bob tcp/1234: answered',
      'web app udp/9: answered',
    ]);
  });

  test('is refused as by a closed port where it says reject', async () => {
    expect(await ask(['bob', 'web', 'tcp/80'])).toEqual([both('reset')]);
  });
});

describe('a router', () => {
  test('is reached only by who may, whichever of its addresses is asked', async () => {
    expect(
      await passing(
        ['alice', 'core', 'tcp/22'],
        ['alice', 'core', 'tcp/80'],
        ['bob', 'core', 'tcp/22'],
        ['alice', 'edge', 'tcp/22'],
        ['someone', 'edge', 'tcp/22'],
        ['someone', 'edge', 'ping'],
      ),
    ).toEqual([
      'alice core tcp/22: answered',
      'alice core tcp/80: timed-out',
      'bob core tcp/22: timed-out',
      'alice edge tcp/22: timed-out',
      'someone edge tcp/22: timed-out',
      'someone edge ping: answered',
    ]);
  });

  test('itself begins only what a line lets it', async () => {
    expect(await ask(['core', 'web', 'tcp/443'], ['core', 'web', 'udp/80'], ['core', 'web', 'ping'])).toEqual([
      both('answered'),
      both('filtered-at-source'),
      both('answered'),
    ]);
  });

  test('finds its neighbours again', async () => {
    for (const router of ['core', 'edge']) await inside(router, 'ip -4 neigh flush all; ip -6 neigh flush all');
    expect(await ask(['someone', 'web', 'tcp/80'], ['alice', 'web', 'tcp/80'])).toEqual([both('answered'), both('answered')]);
  });
});

describe('what a network needs', () => {
  test('the routers on the way say where a packet ended', async () => {
    const hops = [1, 2, 3].map((hopLimit): Question => ['someone', 'deep', 'ping', { hopLimit }]);
    expect(await ask(...hops)).toEqual([
      ['hop-limit-exceeded by 198.51.100.2', 'hop-limit-exceeded by 2001:db8:f::2'],
      ['hop-limit-exceeded by 10.1.0.3', 'hop-limit-exceeded by fd00:1::3'],
      both('answered'),
    ]);
  });

  test('a router behind two others says that a packet is too big', async () => {
    expect(await ask(['someone', 'deep', 'ping', { size: 1400 }])).toEqual([
      ['too big for 1300 by 10.1.0.3', 'too big for 1300 by fd00:1::3'],
    ]);
  });

  test.each([
    ['IPv4', '10.3.0.10', 'TCP4'],
    ['IPv6', '[fd00:3::10]', 'TCP6'],
  ])('a transfer finds the smaller MTU on its way: %s', async (_, address, kind) => {
    const listening = host.start(['ip', 'netns', 'exec', 'lab.deep', 'socat', '-u', `${kind}-LISTEN:9000,reuseaddr`, 'SYSTEM:wc -c'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const counted = new Promise<string>((resolve) => {
      let seen = '';
      listening.stdout?.setEncoding('utf8').on('data', (part: string) => (seen += part));
      listening.on('close', () => resolve(seen.trim()));
    });
    await expect.poll(() => inside('deep', 'ss -Htln sport = :9000')).not.toBe('');
    await inside('someone', `head -c 300000 /dev/zero | timeout 20 socat -u - ${kind}:${address}:9000`);
    expect(await counted).toBe('300000');
  });

  test('the port that nobody listens on is told by ICMP', async () => {
    const closed = { nobodyListens: true } as const;
    expect(await ask(['alice', 'web', 'udp/5353', closed], ['alice', 'web', 'tcp/22', closed])).toEqual([
      ['port-unreachable by 10.1.0.10', 'port-unreachable by fd00:1::10'],
      both('reset'),
    ]);
  });
});

describe('NAT on the way', () => {
  const landing = (family: 0 | 1) => ({ address: at(addresses['web']?.[family] ?? ''), port: 80 });
  const four: Partial<Probe> = { target: 'web', landing: landing(0) };
  const six: Partial<Probe> = { target: 'web', landing: landing(1) };

  test('a forward lets in what a line lets through to its machine, and nothing more', async () => {
    const [[with4], [, with6]] = (await ask(['someone', 'edge', 'tcp/8080', four], ['someone', 'edge', 'tcp/8080', six])) as [
      [string, string],
      [string, string],
    ];
    expect([with4, with6]).toEqual(both('answered'));
    expect(await ask(['someone', 'edge', 'tcp/8081', { target: 'web' }])).toEqual([both('timed-out')]);
  });

  test('and serves who is beside the machine, and who is behind another router', async () => {
    const answers = await ask(
      ['app', 'edge', 'tcp/8080', four],
      ['app', 'edge', 'tcp/8080', six],
      ['alice', 'edge', 'tcp/8080', four],
      ['alice', 'edge', 'tcp/8080', six],
      ['bob', 'edge', 'tcp/8080', four],
    );
    expect([answers[0]?.[0], answers[1]?.[1], answers[2]?.[0], answers[3]?.[1]]).toEqual(['answered', 'answered', 'answered', 'answered']);
    expect(answers[4]?.[0]).not.toBe('answered');
  });
});

describe('a false source', () => {
  const count = async (): Promise<number> => Number(/packets (\d+)/.exec(await inside('web', 'nft list table inet seen'))?.[1]);

  test.each([
    [0, 'ip', '10.2.0.10/32', '10.2.0.10'],
    [1, 'ip -6', 'fd00:2::10/128', 'fd00:2::10'],
  ] as const)('from the internet goes no further than the first router: %i', async (family, ip, prefix, source) => {
    await inside('web', 'nft "table inet seen { chain c { type filter hook input priority 0; udp dport 5353 counter; }; }"');
    await inside('someone', `${ip} address add ${prefix} dev internet${family === 1 ? ' nodad preferred_lft 0' : ''}`);
    try {
      await inside('alice', `echo one | socat -u - UDP:${family === 0 ? '10.1.0.10' : '[fd00:1::10]'}:5353`);
      await expect.poll(count).toBe(1);
      const target = family === 0 ? '10.1.0.10:5353' : '[fd00:1::10]:5353';
      await inside('someone', `echo two | socat -u - UDP:${target},bind=${family === 0 ? source : `[${source}]`}`);
      // What was sent afterwards has arrived, so the other would have, too.
      expect(await ask(['someone', 'web', 'tcp/80'])).toEqual([both('answered')]);
      expect(await count()).toBe(1);
      expect(await inside('edge', 'nft list chain inet netbottle sources')).toMatch(/counter packets [1-9]/);
    } finally {
      await inside('someone', `${ip} address del ${prefix} dev internet`);
      await inside('web', 'nft delete table inet seen');
    }
  });
});

test('what the lines met is counted, at each router', async () => {
  interface Shown {
    readonly lines: readonly { readonly line: string; readonly met: readonly { readonly at: string; readonly packets: number }[] }[];
    readonly falseSources: Shown['lines'][number]['met'];
  }
  const shown = (): Promise<Shown> => bottle.json<Shown>(0, 'show', 'policy', '-b', 'lab');
  const of = ({ lines }: Shown, wanted: string, router: string): number | undefined =>
    lines.find(({ line }) => line === wanted)?.met.find(({ at: where }) => where === router)?.packets;
  const before = await shown();
  expect(await passing(['alice', 'web', 'tcp/22'], ['web', 'alice', 'tcp/22'])).toEqual([
    'alice web tcp/22: answered',
    'web alice tcp/22: timed-out',
  ]);
  const after = await shown();
  // One in each family; connections that are not answered are tried again.
  expect((of(after, 'hub -> web', 'core') ?? 0) - (of(before, 'hub -> web', 'core') ?? 0)).toBe(2);
  expect((of(after, 'otherwise', 'core') ?? 0) - (of(before, 'otherwise', 'core') ?? 0)).toBeGreaterThanOrEqual(2);
  expect(of(after, 'internet -> web', 'core')).toBeUndefined();
  expect(await bottle.ok('show', 'policy', '-b', 'lab')).toMatch(
    /^LINE +VERDICT +SERVICES +PACKETS +AT\n[\s\S]*\nhub -> web +allow +ssh http udp\/5353 +\d+ .*\bcore \d+/,
  );
});

test('packets that somebody sends round the other way of the ring meet the same policy', async () => {
  const ways = [
    ['alice', 'ip route replace 10.3.0.0/24 via 10.2.0.1; ip -6 route replace fd00:3::/64 via fd00:2::1'],
    ['core', 'ip route replace 10.3.0.0/24 via 10.1.0.3; ip -6 route replace fd00:3::/64 via fd00:1::3'],
    ['loop', 'ip route replace 10.2.0.0/24 via 10.1.0.2; ip -6 route replace fd00:2::/64 via fd00:1::2'],
    ['deep', 'ip route replace 10.2.0.0/24 via 10.3.0.2; ip -6 route replace fd00:2::/64 via fd00:3::2'],
  ] as const;
  for (const [node, line] of ways) await inside(node, line);
  try {
    const hop: Question = ['alice', 'deep', 'ping', { hopLimit: 2 }];
    expect(await ask(['alice', 'deep', 'tcp/22'], ['alice', 'deep', 'tcp/23'], ['deep', 'alice', 'tcp/22'], hop)).toEqual([
      both('answered'),
      both('timed-out'),
      both('timed-out'),
      ['hop-limit-exceeded by 10.1.0.3', 'hop-limit-exceeded by fd00:1::3'],
    ]);
  } finally {
    await bottle.ok('up', '-y', write(host, text));
  }
});

test('what no line speaks of is refused where the file says so, and a router says that it was', async () => {
  await bottle.ok('up', '-y', write(host, `${text}  otherwise: reject\n`));
  try {
    expect(await ask(['alice', 'web', 'udp/22'], ['alice', 'web', 'tcp/23'])).toEqual([
      ['admin-prohibited by 10.2.0.1', 'admin-prohibited by fd00:2::1'],
      both('reset'),
    ]);
  } finally {
    await bottle.ok('up', '-y', write(host, text));
  }
});
