/** Three switches in a ring, which the spanning tree protocol takes apart. */
import { expect } from 'vitest';
import { type Bottle, write } from '../cli/bottle.ts';
import { framesIn } from '../examples/vlan-frames.ts';
import type { PrivateHost } from '../host-state/host.ts';

const ring = (type: 'linux' | 'ovs', more: string): string => `name: ring
switches:
  s1: { type: ${type}, stp: true, trunks: { s2: {} } }
  s2: { type: ${type}, stp: true, trunks: { s3: {} } }
  s3: { type: ${type}, stp: true, trunks: { s1: {} } }
networks:
  every: { subnet: 10.81.0.0/24, switch: [s1, s2, s3] }
${more}`;

const machines = (...others: readonly string[]): string =>
  `machines:\n${others.map((line, i) => `  m${i + 1}: { networks: { every: { address: auto, switch: s${i + 1} }${line} } }`).join('\n')}\n`;

const plain = `${machines('', '', '')}expect:\n  every -> every: ping\n`;

/** Besides the network that all trunks carry, one for each trunk alone: whichever is blocked, one of them is cut. */
const several = `  n12: { subnet: 10.82.0.0/24, switch: [s1, s2], vlan: 12 }
  n23: { subnet: 10.83.0.0/24, switch: [s2, s3], vlan: 23 }
  n31: { subnet: 10.84.0.0/24, switch: [s3, s1], vlan: 31 }
${machines(
  ', n12: { address: auto, switch: s1 }, n31: { address: auto, switch: s1 }',
  ', n12: { address: auto, switch: s2 }, n23: { address: auto, switch: s2 }',
  ', n23: { address: auto, switch: s3 }, n31: { address: auto, switch: s3 }',
)}expect:
  every -> every: ping
  n12 -> n12: ping
  n23 -> n23: ping
  n31 -> n31: ping
`;

interface Said {
  readonly promise: string;
  readonly state: string;
}

/** What is measured where the proof says this. */
const SAYS: Readonly<Record<string, string>> = { proved: 'held', refuted: 'broken' };

/** Each frame comes once to everybody, nothing is to be put right afterwards, and what the proof says of the ring is so. */
export async function goRound(host: PrivateHost, bottle: Bottle, type: 'linux' | 'ovs', vlans: boolean): Promise<void> {
  const path = write(host, ring(type, vlans ? several : plain));
  await bottle.ok('up', '--no-prove', '--no-verify', path);
  const { status, stdout } = await bottle(['verify', 'ring', '-o', 'json']);
  const { verdicts, proofs } = JSON.parse(stdout) as { readonly verdicts: readonly Said[]; readonly proofs: readonly Said[] };
  expect(proofs.map(({ state }) => SAYS[state])).toEqual(verdicts.map(({ state }) => state));
  expect(verdicts.map(({ state }) => state).sort()).toEqual(vlans ? ['broken', 'held', 'held', 'held'] : ['held']);
  expect(status === 0).toBe(!vlans);
  expect(verdicts[0]?.state).toBe('held');
  const { send, heard } = framesIn(host, 'ring');
  const came = await heard(['m2', 'm3'], async () => {
    for (const mark of ['one', 'two', 'end']) await send('m1', 'every', mark);
  });
  expect(came).toEqual({ m2: ['one', 'two'], m3: ['one', 'two'] });
  expect(await bottle.json(0, 'plan', path)).toMatchObject({ changes: [] });
  await bottle.ok('down', '-y', 'ring');
}
