/** New connections a second through a router with very many lines beside one with ten, by turns. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableText } from '../src/backend/nftables/print-table.ts';
import { compile } from '../src/compile/compile.ts';
import { load } from '../src/engine/load.ts';
import { median } from './policy-figures.ts';
import { type PolicySize, policyFile } from './policy-file.ts';
import { makeRouter, openings, rate } from './policy-router.ts';

/** What is opened, each by a line that both policies have, and in a way of its own to look it up. */
const KINDS = [
  { name: 'from a machine', line: 'm0 -> m1: udp/53', host: 10, port: 53 },
  { name: 'from a network', line: 'n0 -> m11: udp/54', host: 11, port: 54 },
  { name: 'to a range of ports', line: 'm0 -> m21: udp/7000-7999', host: 12, port: 7500 },
] as const;

export interface ConnectionFigures {
  readonly kind: string;
  readonly family: 4 | 6;
  /** Connections a second, medians. */
  readonly few: number;
  readonly many: number;
  /** Of the second over the first, in each round. */
  readonly ratio: number;
}

const FEW = 10;

async function rulesOf(size: PolicySize): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-policy-'));
  try {
    const path = join(directory, 'bottle.yaml');
    writeFileSync(
      path,
      policyFile(
        'bench',
        size,
        KINDS.map(({ line }) => line),
      ),
    );
    const { network } = await load(path);
    const resources = compile(network, {
      ipv6: true,
      advertised: [],
      neighbourTables: false,
      vlanFiltering: true,
      vlanDevices: true,
      nameServers: [],
    });
    return resources
      .flatMap((resource) => (resource.kind === 'table' && resource.namespace === 'bench.r0' ? [tableText(resource, 'bench')] : []))
      .join('\n');
  } finally {
    rmSync(directory, { recursive: true });
  }
}

export async function measureConnections(
  size: Omit<PolicySize, 'routers'>,
  rounds: number,
  count: number,
): Promise<readonly ConnectionFigures[]> {
  const targets = KINDS.flatMap(({ host }) => [`10.1.0.${host}`, `fd00:1::${host.toString(16)}`]);
  const legs = ['n0', 'n1'] as const;
  const few = makeRouter('few', legs, targets, await rulesOf({ ...size, lines: FEW, routers: 1 }));
  const many = makeRouter('many', legs, targets, await rulesOf({ ...size, routers: 1 }));
  const all = KINDS.flatMap(({ name, host, port }) =>
    ([4, 6] as const).map((family) => {
      const [from, to] = family === 4 ? ['10.0.0.10', `10.1.0.${host}`] : ['fd00::a', `fd00:1::${host.toString(16)}`];
      return { kind: name, family, calls: openings(from, to, port, count), rates: [] as { few: number; many: number }[] };
    }),
  );
  for (let round = 0; round <= rounds; round++) {
    for (const { kind, family, calls, rates } of all) {
      // Who comes first changes, for whatever that does to caches.
      const measured = new Map((round % 2 === 0 ? [few, many] : [many, few]).map((router) => [router, rate(router, calls)]));
      const shares = [...measured.values()].map(({ share }) => share);
      // Queues that are full lose some; a policy that does not let them in, all.
      if (shares.some((share) => share < 0.1)) throw new Error(`${kind}, IPv${family}: only ${shares.join(' and ')} of the packets arrive`);
      // The first round warms up.
      if (round > 0) rates.push({ few: measured.get(few)?.perSecond ?? 0, many: measured.get(many)?.perSecond ?? 0 });
    }
  }
  return all.map(({ kind, family, rates }) => ({
    kind,
    family,
    few: median(rates.map((one) => one.few)),
    many: median(rates.map((one) => one.many)),
    ratio: median(rates.map((one) => one.many / one.few)),
  }));
}
