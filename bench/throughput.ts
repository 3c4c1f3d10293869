/**
 * What two machines send one another over each kind of switch and overlay, as Netbottle makes it and as it is made by hand, all
 * beside a bare veth, in one run and by turns: one TCP stream, and UDP packets of 64 bytes.
 *
 *     npm run bench:throughput -- [--rounds 5] [--seconds 1] [--only overlay,ovs] [--write]
 *
 * `--only` takes the kinds whose names have one of the words in them. Needs root and iperf3; what the kernel has not is told and left
 * out. `--write` puts the figures into docs/performance.md.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machineFacts } from './machine.ts';
import { table, writeFigures } from './page.ts';
import { isolate } from './surroundings.ts';
import { KINDS, type Kind } from './throughput-kinds.ts';
import { byBottle, byHand, type Pair } from './throughput-pair.ts';
import { packetRate, tcpRate } from './throughput-stream.ts';
import { wholeNumber } from './whole-number.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '1' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
// iperf3 would take a part of a second for none, and none for all the time there is.
const [rounds, seconds] = [wholeNumber(values.rounds), wholeNumber(values.seconds)];

interface Contender {
  readonly kind: string;
  readonly by: 'Netbottle' | 'hand';
  readonly pair: Pair;
  readonly tcp: number[];
  readonly packets: number[];
}

const isAsked = ({ name }: Kind, index: number): boolean =>
  index === 0 || values.only === undefined || values.only.split(',').some((word) => name.toLowerCase().includes(word.toLowerCase()));

function contendersOf(kind: Kind, index: number): readonly Contender[] {
  const made: Contender[] = [];
  try {
    for (const [by, make] of [
      ['hand', byHand],
      ['Netbottle', byBottle],
    ] as const)
      made.push({ kind: kind.name, by, pair: make(kind, index), tcp: [], packets: [] });
    return made;
  } catch (error) {
    for (const { pair } of made) pair.end();
    console.error(`without ${kind.name}: ${(error as Error).message}`);
    return [];
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

/** Round by round beside what another had: others use the machine too. */
const share = (own: readonly number[], other: readonly number[]): string =>
  median(own.map((rate, round) => rate / (other[round] ?? Number.NaN))).toFixed(2);

function figures(all: readonly Contender[]): string {
  const bare = all.find(({ by }) => by === 'hand');
  const rows = all.map(({ kind, by, tcp, packets }) => {
    const hand = all.find((other) => other.kind === kind && other.by === 'hand');
    return [
      kind,
      by,
      (median(tcp) / 1e9).toFixed(2),
      share(tcp, bare?.tcp ?? []),
      by === 'hand' ? '–' : share(tcp, hand?.tcp ?? []),
      (median(packets) / 1e3).toFixed(0),
      share(packets, bare?.packets ?? []),
      by === 'hand' ? '–' : share(packets, hand?.packets ?? []),
    ];
  });
  return table(['kind', 'made by', 'TCP (Gbit/s)', 'of veth', 'of by hand', 'UDP (k packets/s)', 'of veth', 'of by hand'], rows);
}

if (process.getuid?.() !== 0) throw new Error('the benchmark makes namespaces as root does: run it as root');
isolate();
const machine = machineFacts();
const contenders: Contender[] = [];
try {
  for (const [index, kind] of KINDS.entries()) if (isAsked(kind, index)) contenders.push(...contendersOf(kind, index));
  for (let round = 0; round < rounds; round++) {
    for (const { kind, by, pair, tcp, packets } of contenders) {
      tcp.push(await tcpRate(pair, seconds));
      packets.push(await packetRate(pair, seconds));
      console.error(
        `round ${round + 1}, ${kind}, ${by}: ${((tcp.at(-1) ?? 0) / 1e9).toFixed(2)} Gbit/s, ${((packets.at(-1) ?? 0) / 1e3).toFixed(0)} k packets/s (load ${loadavg()[0]?.toFixed(1)})`,
      );
    }
  }
} finally {
  for (const { pair } of contenders) pair.end();
}
const text = [
  `Measured on ${machine.day}: ${machine.processor}, ${machine.cores} cores, Linux ${machine.kernel}; load before the run ${machine.load.toFixed(2)}. Command: \`npm run bench:throughput\`. Medians of ${rounds} rounds of ${seconds} s.`,
  figures(contenders),
].join('\n\n');
console.log(text);
if (values.write) writeFigures('npm run bench:throughput', text);
