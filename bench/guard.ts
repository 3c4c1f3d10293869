/**
 * Packets of 64 bytes through a switch, one way and from one machine: without a filter, through a chain with a rule a port,
 * and through Netbottle's guards, all in one run and by turns.
 *
 *     npm run bench:guard -- [--ports 1000] [--rounds 25] [--seconds 0.06]
 *
 * Needs root.
 */
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { tableText } from '../src/backend/nftables/print-table.ts';
import { compileGuards } from '../src/compile/guard/guard.ts';
import { resolve } from '../src/network/resolve.ts';
import { announce, filter, makeSwitch, openRaw, type Port, rate } from './guard-switch.ts';
import { isolate } from './surroundings.ts';

const { values } = parseArgs({
  options: {
    ports: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '25' },
    seconds: { type: 'string', default: '0.06' },
  },
});
const [count, rounds, seconds] = [values.ports, values.rounds, values.seconds].map(Number) as [number, number, number];

const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
const machines = Array.from({ length: count }, (_, i) => ({
  name: `m${i + 1}`,
  mac: `02:00:00:00:${hex(i >> 8, 2)}:${hex(i & 255, 2)}`,
  four: `10.0.${100 + (i >> 8)}.${i & 255}`,
  six: `fd00::1:${hex(i, 4)}`,
}));
type Machine = (typeof machines)[number];
const portOf = ({ name, mac }: Machine): Port => ({ name: `${name}.lan`, mac });
const receiver: Port = { name: 'receiver', mac: '02:00:00:01:00:00' };

/** What is guarded is what the compiler makes of a file with as many machines. */
function guards(): string {
  const { network } = resolve({
    name: 'bench',
    networks: { lan: { subnet: ['10.0.0.0/16', 'fd00::/64'], shared: true } },
    machines: Object.fromEntries(machines.map(({ name, mac, four, six }) => [name, { networks: { lan: { address: [four, six], mac } } }])),
  });
  const [table] = network === undefined ? [] : compileGuards(network);
  if (table === undefined) throw new Error('nothing is guarded');
  return tableText(table, 'bench');
}

/** The chain of "How to build an OpenStack alternative: step 2", with a rule a port and family. */
const chained = (): string => `table bridge filter {
  chain prerouting {
    type filter hook prerouting priority 0; policy accept;
    iifname receiver accept
    icmpv6 type nd-router-advert drop
    ip6 version 6 udp sport 547 drop
    ip version 4 udp sport 67 drop
    jump vmlist
    drop
  }
  chain vmlist {
    ${machines
      .flatMap((machine) => [`iifname ${portOf(machine).name} ether saddr ${machine.mac} ip6 saddr ${machine.six} accept`])
      .join('\n')}
  }
}`;

const bytes = (text: string): readonly number[] => (text.match(/[0-9a-f]{2}/g) ?? []).map((byte) => Number.parseInt(byte, 16));

/** 64 bytes on the wire: UDP in IPv6, to an address of a documentation prefix. */
function frameOf(machine: Machine): Buffer {
  const source = `fd000000000000000000000000${hex(1, 2)}${machine.six.slice(-4)}`;
  const header = `6000000000 0a11ff${source.padStart(32, '0')}20010db8000000000000000000000001`.replace(' ', '');
  return Buffer.from([...bytes(receiver.mac), ...bytes(machine.mac), 0x86, 0xdd, ...bytes(header), ...bytes('0fa00fa1000a0000'), 0, 0]);
}

const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;

if (process.getuid?.() !== 0) throw new Error('the benchmark makes namespaces: run it as root');
isolate();
const [first, middle, last] = [machines[0], machines[count >> 1], machines.at(-1)];
if (first === undefined || middle === undefined || last === undefined) throw new Error('--ports is at least 1');
const senders = [first, middle, last];
makeSwitch([receiver, ...senders.map(portOf)]);
announce(openRaw(receiver), Buffer.from([...bytes('ffffffffffff'), ...bytes(receiver.mac), 0x88, 0xb5, 0, 0]));

const PLACES = ['first', 'middle', 'last'];
const sockets = senders.map((machine) => ({ fd: openRaw(portOf(machine)), frame: frameOf(machine), rates: new Map<string, number[]>() }));
const rulesets = Object.entries({ 'no filter': '', 'a rule a port': chained(), guards: guards() });
for (let round = 0; round < rounds; round++) {
  for (const [filtered, rules] of rulesets) {
    filter(rules);
    for (const { fd, frame, rates } of sockets) {
      const measured = rate(fd, frame, receiver, seconds);
      rates.set(filtered, [...(rates.get(filtered) ?? []), measured]);
    }
  }
}

console.log(`${count} ports, ${rounds} rounds of ${seconds} s, medians; load ${loadavg()[0]?.toFixed(1)}`);
for (const [filtered] of rulesets) {
  for (const [place, { rates }] of sockets.entries()) {
    const own = rates.get(filtered) ?? [];
    // Beside what the same round has without a filter: others use the machine too.
    const share = median(own.map((each, round) => each / (rates.get('no filter')?.[round] ?? Number.NaN)));
    console.log(
      `${filtered.padEnd(14)} ${(PLACES[place] ?? '').padEnd(7)} ${(median(own) / 1000).toFixed(1).padStart(7)} k packets/s  ${share.toFixed(2)} of no filter`,
    );
  }
}
