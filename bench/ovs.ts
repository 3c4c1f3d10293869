/**
 * Makes an Open vSwitch with N ports, all by turns and in one run: with Netbottle, with a call of ovs-vsctl for each port, and
 * with all ports in one call; then a network of N machines on it, with Netbottle and with Mininet.
 *
 *     npm run bench:ovs -- [--ports 300] [--repeat 3] [--no-mininet]
 *
 * Netbottle's times are those of reading, planning and making, in a process that runs already; of the whole network, its
 * namespaces, cables, addresses and the daemons of Open vSwitch are part. Mininet finds its Open vSwitch running. All use the
 * userspace datapath. Needs root.
 */
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { pingFrom } from './contender.ts';
import { mininetLacks, mininetOn } from './mininet.ts';
import { OvsLab } from './ovs-lab.ts';
import { addressOf } from './star-file.ts';
import { isolate } from './surroundings.ts';

const { values } = parseArgs({
  options: {
    ports: { type: 'string', default: '300' },
    repeat: { type: 'string', default: '3' },
    'no-mininet': { type: 'boolean', default: false },
  },
});
const [ports, repeat] = [values.ports, values.repeat].map(Number) as [number, number];

type Measure = () => Promise<number>;

async function inLab(use: (lab: OvsLab) => Promise<number>): Promise<number> {
  const lab = new OvsLab();
  try {
    return await use(lab);
  } finally {
    await lab.end();
  }
}

const answers = (lab: OvsLab): Promise<void> => pingFrom(lab.path(0), [addressOf(1), addressOf(ports - 1)]);

/** The switch alone: Open vSwitch runs, and the cables are there. */
const onSwitch = (make: (lab: OvsLab) => Promise<number>): Measure => {
  return () =>
    inLab(async (lab) => {
      await lab.up([...lab.fabric(), ...lab.machines(ports)]);
      const seconds = await make(lab);
      await answers(lab);
      return seconds;
    });
};

const byVsctl = async (lab: OvsLab, calls: readonly (readonly string[])[]): Promise<number> => {
  const started = performance.now();
  for (const call of calls) execFileSync('ovs-vsctl', call, { env: lab.environment });
  return (performance.now() - started) / 1000;
};

const wholeNetwork: Measure = () =>
  inLab(async (lab) => {
    const seconds = await lab.up([...lab.fabric(), ...lab.machines(ports), ...lab.switch(ports)]);
    await answers(lab);
    return seconds;
  });

const inMininet: Measure = () =>
  inLab(async (lab) => {
    await lab.up(lab.fabric());
    const { up } = await mininetOn('ovs', { namespace: lab.path(), environment: lab.environment }).measure(ports);
    return up?.seconds ?? Number.NaN;
  });

const contenders: Record<string, Measure> = {
  'switch, Netbottle': onSwitch((lab) => lab.up([...lab.fabric(), ...lab.machines(ports), ...lab.switch(ports)])),
  'switch, ovs-vsctl, a call a port': onSwitch((lab) => byVsctl(lab, lab.vsctl(ports))),
  'switch, ovs-vsctl, one call': onSwitch((lab) => byVsctl(lab, [lab.vsctl(ports).flatMap((call) => ['--', ...call])])),
  'network, Netbottle': wholeNetwork,
};

if (process.getuid?.() !== 0) throw new Error('the benchmark makes namespaces as root does: run it as root');
isolate();
const lack = values['no-mininet'] ? 'asked not to' : mininetLacks();
if (lack === undefined) contenders['network, Mininet (OVSBridge)'] = inMininet;
else console.error(`without Mininet: ${lack}`);

const times = new Map<string, number[]>();
for (let round = 0; round < repeat; round++) {
  for (const [name, measure] of Object.entries(contenders)) {
    const seconds = await measure();
    times.set(name, [...(times.get(name) ?? []), seconds]);
    console.error(`${ports} ports, round ${round + 1}, ${name}: ${seconds.toFixed(2)} s (load ${loadavg()[0]?.toFixed(1)})`);
  }
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
console.log(`${ports} ports, ${repeat} rounds, medians; load ${loadavg()[0]?.toFixed(1)}`);
for (const [name, own] of times) {
  const ours = times.get(`${name.slice(0, name.indexOf(','))}, Netbottle`) ?? [];
  // Beside what Netbottle took in the same round: others use the machine too.
  const share = median(own.map((seconds, round) => seconds / (ours[round] ?? Number.NaN)));
  console.log(`${name.padEnd(34)} ${median(own).toFixed(2).padStart(8)} s  ${share.toFixed(1).padStart(6)} x Netbottle`);
}
