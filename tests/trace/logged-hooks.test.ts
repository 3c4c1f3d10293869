/**
 * The lab's log of every hook, written by rules: which addresses come by at each hook of each machine, before NAT and after. What
 * `explain` and `trace` show has to be the same, hook by hook.
 */

import { beforeAll, expect, test } from 'vitest';
import { bottleIn, example, sh, write } from '../cli/bottle.ts';
import { hostForAll } from '../host-state/host-of-tests.ts';

const MACHINES = ['boxa', 'router', 'boxb'] as const;
const HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'] as const;
/** Before destinations are translated (-100), and after sources are (100). */
const PLACES = { before: -300, after: 150 } as const;

const logged = HOOKS.flatMap((hook) => Object.entries(PLACES).map(([place, priority]) => ({ name: `${hook}-${place}`, hook, priority })));

/** Not of redirects, which a router tries to send and connection tracking drops where there is NAT. */
const WHICH = ['meta l4proto tcp', 'icmp type { echo-request, echo-reply }'];

const rules = [
  'table ip seen {',
  ...logged.flatMap(({ name, hook, priority }) => [
    `set ${name} { typeof ip saddr . ip daddr; size 64; flags dynamic;\n}`,
    `chain in-${name} {`,
    `type filter hook ${hook} priority ${priority}`,
    ...WHICH.map((which) => `${which} add @${name} { ip saddr . ip daddr }`),
    '}',
  ]),
  '}',
].join('\n');

const host = hostForAll();
const bottle = bottleIn(host);
const nft = (machine: string, words: string): Promise<string> => sh(host, `ip netns exec router-lab.${machine} nft ${words}`);

beforeAll(async () => {
  await bottle.ok('up', example('router-lab', 'bottle.yaml'));
  const file = write(host, rules, 'log.nft');
  for (const machine of MACHINES) await nft(machine, `-f ${file}`);
});

interface Ends {
  readonly source: string;
  readonly destination: string;
}
interface Step {
  readonly kind: string;
  readonly at: string;
  readonly hook?: string;
  readonly table?: string;
  readonly what?: string;
  readonly packet?: Ends;
  readonly after?: Ends;
}
interface Way {
  readonly ending: { readonly kind: string };
  readonly steps: readonly Step[];
}
interface Packets {
  readonly packets: readonly { readonly there: Way; readonly back?: Way }[];
}
interface Listing {
  readonly nftables: readonly {
    readonly set?: { readonly name: string; readonly elem?: readonly { readonly concat: readonly string[] }[] };
  }[];
}

async function logOf(machine: string): Promise<readonly string[]> {
  const { nftables } = JSON.parse(await nft(machine, '-j list table ip seen')) as Listing;
  return nftables.flatMap(({ set }) => (set?.elem ?? []).map(({ concat }) => `${machine} ${set?.name} ${concat.join(' -> ')}`));
}

const endsText = ({ source, destination }: Ends): string => `${source} -> ${destination}`;

/** What the log has to say, if the way is as it is shown. */
function sayingOf({ steps, ending }: Way): readonly string[] {
  let [begin, now] = ['', ''];
  const says = steps.flatMap(({ kind, at, hook, table, what, packet, after }) => {
    // What the rules of the log let on.
    if (table === 'ip seen') return [];
    if (kind === 'sent' || kind === 'received') begin = kind === 'sent' ? 'output' : 'prerouting';
    if (packet !== undefined) now = endsText(packet);
    const before = now;
    if (after !== undefined) now = endsText(after);
    const decided = kind === 'passed' || kind === 'filtered' ? hook : undefined;
    const where = kind === 'translated' ? (what === 'source' ? 'postrouting' : begin) : decided;
    return where === undefined ? [] : [`${at} ${where}-before ${before}`, `${at} ${where}-after ${now}`];
  });
  // Behind what drops a packet nobody sees it.
  return ending.kind === 'dropped' ? says.slice(0, -1) : says;
}

async function shown(command: 'explain' | 'trace', words: readonly string[]): Promise<readonly string[]> {
  const { packets } = await bottle.json<Packets>(0, command, ...words, '-b', 'router-lab');
  return packets.flatMap(({ there, back }) => [...sayingOf(there), ...(back === undefined ? [] : sayingOf(back))]);
}

const sorted = (lines: readonly string[]): readonly string[] => [...new Set(lines)].sort();

test.each([
  ['a ping that is translated at its source', ['boxa', 'boxb', 'ping']],
  ['a connection that is translated at its source', ['boxa', 'boxb', 'http']],
  ['a forwarded port', ['boxb', 'router', 'tcp/8800']],
  ['a forwarded port, from inside', ['boxa', '172.16.100.1', 'tcp/8800']],
  ['what the default drop stops on its way', ['boxb', '172.16.100.5', 'ping']],
  ['what the default drop stops at the router', ['boxb', 'router', 'ssh']],
] as const)('%s: at every hook, with the addresses before and after it', async (_what, words) => {
  for (const machine of MACHINES) await nft(machine, `'${logged.map(({ name }) => `flush set ip seen ${name}`).join('; ')}'`);
  const traced = await shown('trace', words);
  const log = sorted((await Promise.all(MACHINES.map(logOf))).flat());
  expect(sorted(traced)).toEqual(log);
  expect(sorted(await shown('explain', words))).toEqual(log);
});
