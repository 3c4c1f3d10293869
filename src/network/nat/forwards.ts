import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import { looksLikeAddress, readAddress } from '../addresses/read-address.ts';
import type { Names } from '../names.ts';
import type { Report } from '../report.ts';
import type { Graphs } from '../routing/next-hop.ts';
import type { SegmentDraft } from '../segments.ts';
import type { PortRange, Service } from '../service.ts';
import type { ServiceTable } from '../services.ts';
import type { Forward } from './translation.ts';

/** A forward as the file has it; which addresses it concerns shows when there are routes. */
export interface ForwardDraft extends Pick<Forward, 'text' | 'at' | 'protocol' | 'ports' | 'origin'> {
  /** The address that the file names; undefined for all that `at` has. */
  readonly address: Address | undefined;
  readonly to: { readonly node: string; readonly ports: PortRange };
}

interface Context {
  readonly segments: readonly SegmentDraft[];
  readonly names: Names;
  readonly graphs: Graphs;
  readonly services: ServiceTable;
  readonly report: Report;
}

type Place = Pick<ForwardDraft, 'at' | 'address'>;

/** Reads `forwards:`, lines `WHERE SERVICE: MACHINE:PORTS`. A service with several ports gives one for each. */
export function readForwards(
  file: BottleFile,
  segments: readonly SegmentDraft[],
  names: Names,
  graphs: Graphs,
  services: ServiceTable,
  report: Report,
): readonly ForwardDraft[] {
  const context = { segments, names, graphs, services, report };
  return Object.entries(file.forwards ?? {}).flatMap(([key, value]): readonly ForwardDraft[] => {
    const origin = ['forwards', key];
    const words = key.trim().split(/\s+/);
    const [where, what] = words;
    const text = words.join(' ');
    if (words.length !== 2 || where === undefined || what === undefined) {
      report.error('bad-forward', origin, `\`${key}\` is not a place and a service`, {
        at: 'key',
        remedy: 'Write where, and what is forwarded: `edge tcp/80`, `198.51.100.3 tcp/8000-8010`, `host tcp/2222`.',
      });
      readTarget(value, undefined, origin, context);
      return [];
    }
    const place = readPlace(where, origin, context);
    const forwarded = readForwarded(what, origin, context);
    const to = readTarget(value, place?.at, origin, context);
    if (place === undefined || to === undefined) return [];
    if (to.ports !== undefined && forwarded.length > 1) {
      report.error('forward-ports', origin, `\`${what}\` is several ports, which cannot all become \`${rangeText(to.ports)}\``, {
        remedy: 'Write a line for each port, or leave out the ports of the machine.',
      });
      return [];
    }
    return forwarded.flatMap(({ protocol, ports }) => {
      const target = to.ports ?? ports;
      if (!sameLength(ports, target, origin, report)) return [];
      return [{ text, ...place, protocol, ports, to: { node: to.node, ports: target }, origin }];
    });
  });
}

function readPlace(where: string, origin: Origin, context: Context): Place | undefined {
  const { names, report } = context;
  if (where === 'host') return { at: 'host', address: undefined };
  if (looksLikeAddress(where)) return readPlaceAddress(where, origin, context);
  const kind = names.nodes.get(where);
  if (kind === 'router') return { at: where, address: undefined };
  const routers = [...names.nodes].filter(([, one]) => one === 'router').map(([name]) => name);
  const why = kind === undefined ? `there is no router \`${where}\`` : `\`${where}\` is a ${kind}, and forwards no packets`;
  report.error('forward-where', origin, why, {
    at: 'key',
    remedy: names.didYouMean(where, [...routers, 'host'], 'Name a router, one of its addresses, or `host`.'),
  });
  return undefined;
}

/** What lies in no subnet of the file can only be an address that the host has elsewhere. */
function readPlaceAddress(where: string, origin: Origin, { segments, names, graphs, report }: Context): Place | undefined {
  const address = readAddress(where, origin, report, 'key');
  if (address === undefined) return undefined;
  const owner = graphs[address.family].ownerOf(address);
  if (owner?.role === 'host') return { at: 'host', address };
  if (owner !== undefined && names.nodes.get(owner.node) === 'router') return { at: owner.node, address };
  const home = segments.find(({ subnets }) => subnets.some((subnet) => containsAddress(subnet, address)));
  if (owner === undefined && home === undefined) return { at: 'host', address };
  const text = formatAddress(address);
  report.error(
    'forward-where',
    origin,
    owner === undefined
      ? `nobody has the address \`${text}\``
      : `\`${text}\` is the address of \`${owner.node}\`, which forwards no packets`,
    {
      at: 'key',
      remedy:
        owner === undefined
          ? `Give it to a router as a further address in \`${home?.name}\`.`
          : 'Take an address of a router or of the host.',
    },
  );
  return undefined;
}

interface Ported extends Service {
  readonly protocol: 'tcp' | 'udp';
  readonly ports: PortRange;
}

const hasPorts = (service: Service): service is Ported => service.ports !== undefined && service.protocol !== 'icmp';

function readForwarded(what: string, origin: Origin, { services, report }: Context): readonly Ported[] {
  if (what === 'any') {
    report.error('bad-service', origin, '`any` cannot be forwarded', { at: 'key', remedy: 'Name a service, or ports such as `tcp/80`.' });
    return [];
  }
  const read = services.read(what, origin, report);
  const ported = read.filter(hasPorts);
  if (ported.length < read.length) {
    report.error('bad-service', origin, `\`${what}\` has no port, and cannot be forwarded`, {
      at: 'key',
      remedy: 'Name a service with ports, such as `tcp/80`.',
    });
  }
  return ported;
}

interface Target {
  readonly node: string;
  readonly ports: PortRange | undefined;
}

function readTarget(value: string, at: string | undefined, origin: Origin, { names, report }: Context): Target | undefined {
  const [, node = '', portText] = /^\s*([^\s:]*)(?::(.*?))?\s*$/.exec(value) ?? [undefined, value.trim()];
  const kind = names.nodes.get(node);
  const ports = portText === undefined ? undefined : readPorts(portText);
  if (portText !== undefined && ports === undefined && kind !== undefined) {
    report.error('bad-forward', origin, `\`${portText}\` is not a port`, {
      remedy: `Write a number from 1 to 65535, or a range: \`${node}:8000-8010\`.`,
    });
  }
  if ((kind === 'machine' || kind === 'router') && node !== at)
    return portText !== undefined && ports === undefined ? undefined : { node, ports };
  const machines = [...names.nodes].filter(([, one]) => one !== 'bridge').map(([name]) => name);
  const why =
    kind === undefined
      ? `there is no machine \`${node === '' ? value : node}\``
      : kind === 'bridge'
        ? `\`${node}\` is a bridge, which takes no connections`
        : `\`${node}\` would forward to itself`;
  report.error('forward-target', origin, why, {
    remedy: names.didYouMean(
      node,
      machines.filter((name) => name !== at),
      'Write the name of a machine, and a port if it is another: `web:8080`.',
    ),
  });
  return undefined;
}

function readPorts(text: string): PortRange | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const from = Number(match?.[1]);
  const to = Number(match?.[2] ?? match?.[1]);
  return match === null || from < 1 || to > 65535 || from > to ? undefined : { from, to };
}

function sameLength(ports: PortRange, target: PortRange, origin: Origin, report: Report): boolean {
  const [count, targets] = [sizeOf(ports), sizeOf(target)];
  if (count === targets) return true;
  report.error('forward-ports', origin, `${portCount(count)} cannot become ${portCount(targets)}`, {
    remedy:
      count === 1
        ? `Write one port after the machine, such as \`:${target.from}\`.`
        : `Write as many after the machine: \`:${target.from}-${target.from + count - 1}\`; or one line for each port.`,
  });
  return false;
}

const rangeText = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);
const sizeOf = ({ from, to }: PortRange): number => to - from + 1;
const portCount = (count: number): string => (count === 1 ? 'one port' : `${count} ports`);
