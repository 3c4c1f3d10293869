/** Whether switches can run where the file has them, and tunnels lead from one to the other. */
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { Names } from '../names.ts';
import { listed, type NodeDraft } from '../nodes.ts';
import { legUnder } from '../overlay/endpoints.ts';
import { checkFits } from '../overlay/fits.ts';
import { carrierOverhead, outerFamily } from '../overlay/mtu.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import type { Switching } from './switches.ts';
import type { TunnelDraft } from './trunk-tunnels.ts';
import type { TrunkDraft } from './trunks.ts';

interface Surroundings {
  readonly file: BottleFile;
  readonly segments: readonly SegmentDraft[];
  readonly nodes: readonly NodeDraft[];
  readonly switching: Switching;
  readonly names: Names;
  readonly report: Report;
}

type Tunnelled = TrunkDraft & { readonly tunnel: TunnelDraft };

export function checkTunnels(around: Surroundings): void {
  for (const name of around.switching.switches.map((one) => one.name)) checkMachine(name, around);
  for (const trunk of around.switching.trunks) {
    if (!leadsThere(trunk, around)) continue;
    const { tunnel } = trunk;
    if (tunnel !== undefined) checkTunnel({ ...trunk, tunnel }, around);
  }
  checkTwins(around);
}

function checkMachine(name: string, { file, segments, names, report }: Surroundings): void {
  const { machine, type = 'auto' } = file.switches?.[name] ?? {};
  if (machine === undefined) return;
  const origin = ['switches', name];
  const kind = names.nodes.get(machine);
  if (kind !== 'machine') {
    const machines = [...names.nodes].flatMap(([one, what]) => (what === 'machine' ? [one] : []));
    report.error(
      'switch-machine',
      [...origin, 'machine'],
      kind === undefined
        ? `there is no machine \`${machine}\``
        : `\`${machine}\` is a ${kind}, and \`${name}\` would send beside its rules`,
      { remedy: names.didYouMean(machine, machines, 'Name one of `machines:`.') },
    );
  }
  if (type !== 'ovs')
    report.error('switch-machine', [...origin, 'machine'], `\`${name}\` runs in a machine, and is no switch of Open vSwitch`, {
      remedy: `Set \`type: ovs\` for \`${name}\`.`,
    });
  for (const segment of segments) {
    if (!segment.switches.includes(name) || segment.mode.kind === 'internal') continue;
    report.error('switch-machine', segment.origin, `\`${segment.name}\` leads to the host, and its switch \`${name}\` runs in a machine`, {
      at: 'key',
      remedy: 'Make it internal, or put it on switches that are boxes by themselves.',
      related: [{ message: `where \`${name}\` runs`, origin: [...origin, 'machine'] }],
    });
  }
}

const whereIs = (machine: string | undefined): string => (machine === undefined ? 'is a box by itself' : `runs in \`${machine}\``);

/** Cables lead from one switch to the other in one place, tunnels from one machine to another. */
function leadsThere({ ends: [one, other], tunnel, origin }: TrunkDraft, { switching, report }: Surroundings): boolean {
  const [near, far] = [one, other].map((name) => switching.switches.find((known) => known.name === name)?.machine);
  const where = `\`${one}\` ${whereIs(near)}, \`${other}\` ${whereIs(far)}`;
  if (tunnel === undefined && near !== far)
    report.error('trunk-over', origin, `no cable leads there: ${where}`, {
      at: 'key',
      remedy:
        near === undefined || far === undefined
          ? 'Set `machine:` for both or for none.'
          : 'Write `over:` with the network that carries it: a trunk between two machines is a tunnel.',
    });
  const isThere = near !== undefined && far !== undefined && near !== far;
  if (tunnel !== undefined && !isThere)
    report.error('trunk-over', [...origin, 'over'], `a tunnel is between two machines: ${where}`, {
      at: 'key',
      remedy: 'Set `machine:` for both switches, or leave `over` out.',
    });
  return tunnel !== undefined && isThere;
}

function checkTunnel(
  { ends, tunnel, carries, origin }: Tunnelled,
  { file, segments, nodes, switching, names, report }: Surroundings,
): void {
  const inMachines = new Set(switching.switches.flatMap(({ name, machine }) => (machine === undefined ? [] : [name])));
  const spec = file.switches?.[ends[0]]?.trunks?.[ends[1]];
  const placeOf = (index: number) => [...origin, 'over', ...(typeof spec?.over === 'string' ? [] : [index])];
  const under: SegmentDraft[] = [];
  for (const [index, text] of tunnel.over.entries()) {
    const segment = segments.find(({ name, kind }) => name === text && kind === 'network');
    if (segment === undefined) {
      const known = [...names.segments].flatMap(([name, kind]) => (kind === 'network' ? [name] : []));
      report.error('unknown-network', placeOf(index), `there is no network \`${text}\``, {
        remedy: names.didYouMean(text, known, 'Name the network that carries the trunk.'),
      });
    } else if (segment.overlay !== undefined || segment.switches.some((name) => inMachines.has(name))) {
      report.error('trunk-over', placeOf(index), `\`${text}\` cannot carry the trunk: it is carried by others itself`, {
        remedy: 'Name the network that is under it.',
      });
    } else under.push(segment);
  }
  if (under.length < tunnel.over.length || under.some(({ subnets }) => subnets.length === 0)) return;
  if (outerFamily({}, under) === undefined)
    report.error('overlay-families', [...origin, 'over'], `${listed(tunnel.over)} have no address family in common`, {
      remedy: 'Packets between the machines need one: give the networks subnets of the same family.',
    });
  for (const end of ends) {
    const machine = nodes.find(({ name }) => name === switching.switches.find((one) => one.name === end)?.machine);
    if (machine?.kind !== 'machine') continue;
    const leg = legUnder(machine, tunnel.over);
    if (leg === undefined) {
      report.error(
        'overlay-endpoint',
        machine.origin,
        `\`${machine.name}\` is not in ${listed(tunnel.over)}, and \`${end}\` sends from there`,
        {
          at: 'key',
          remedy: `Put it in ${listed(tunnel.over.slice(0, 1))}.`,
          related: [{ message: 'the tunnel', origin: [...origin, 'over'] }],
        },
      );
      continue;
    }
    const tagged = machine.legs.find((one) => one.tagged === true);
    if (tagged !== undefined)
      report.error('trunk-over', tagged.origin, `a cable of \`${machine.name}\` has tags, and \`${end}\` runs in it with a tunnel`, {
        at: 'key',
        remedy: 'Leave `tagged` out.',
        related: [{ message: 'the tunnel', origin: [...origin, 'over'] }],
      });
    const twin = segments.find(
      ({ name, overlay }) =>
        overlay?.type === tunnel.type && overlay.port === tunnel.port && machine.legs.some(({ segment }) => segment === name),
    );
    if (twin !== undefined)
      report.error(
        'overlay-id',
        [...origin, 'over'],
        `\`${machine.name}\` is in the overlay \`${twin.name}\`, whose packets the switch \`${end}\` would take`,
        {
          remedy: tunnel.type === 'gre' ? 'Take another `type` for one of them.' : 'Give one of them another `port`.',
          related: [{ message: `\`${twin.name}\``, origin: twin.origin, at: 'key' }],
        },
      );
  }
  for (const { segment: name, tagged } of carries) {
    const segment = segments.find((one) => one.name === name);
    if (segment !== undefined) checkFits(segment, carrierOverhead({ ...tunnel, tagged }, under), { under }, report);
  }
}

/** Of two that are told apart by nothing, each would get what is for the other. */
function checkTwins({ switching: { switches, trunks }, report }: Surroundings): void {
  const known = new Map<string, TrunkDraft>();
  for (const trunk of trunks) {
    const { ends, tunnel, origin } = trunk;
    if (tunnel === undefined) continue;
    const machines = ends.map((end) => switches.find(({ name }) => name === end)?.machine).toSorted();
    const key = [...machines, tunnel.type, tunnel.id, tunnel.port].join(' ');
    const twin = known.get(key);
    known.set(key, trunk);
    if (twin === undefined) continue;
    report.error('overlay-id', origin, `two tunnels between \`${machines.join('` and `')}\` have the same id, ${tunnel.id}`, {
      at: 'key',
      remedy: 'Give one of them another `id`.',
      related: [{ message: 'the first', origin: twin.origin, at: 'key' }],
    });
  }
}
