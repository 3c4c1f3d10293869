import type { Origin } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { BridgeSpec } from '../spec/schema/bridge.ts';
import type { LinkSpec } from '../spec/schema/link.ts';
import type { MachineSpec } from '../spec/schema/machine.ts';
import { type Leg, readGiven, readLeg } from './legs.ts';
import type { Names } from './names.ts';
import type { Report } from './report.ts';

/** A machine, router or bridge as the file has it, with the segments it is in. */
export type NodeDraft = HostDraft | BridgeDraft;

/** A machine or router. */
export interface HostDraft {
  readonly kind: 'machine' | 'router';
  readonly name: string;
  readonly spec: MachineSpec;
  /** Its networks in the order of the file, then its links, then the addresses of switches that run in it. */
  readonly legs: readonly Leg[];
  readonly origin: Origin;
}

export interface BridgeDraft {
  readonly kind: 'bridge';
  readonly name: string;
  readonly spec: BridgeSpec;
  /** Its ports. */
  readonly legs: readonly Leg[];
  /** The bridge device, in the first of its networks. */
  readonly own: Leg | undefined;
  readonly origin: Origin;
}

/**
 * Machines, routers, bridges, in the order of the file.
 *
 * @param ofSwitches the legs that machines have by the addresses of switches in them, by the names of the machines
 */
export function readNodes(
  file: BottleFile,
  names: Names,
  ofSwitches: ReadonlyMap<string, readonly Leg[]>,
  report: Report,
): readonly NodeDraft[] {
  const linkLegs = readLinkEnds(file, names, report);
  const hosts = (['machine', 'router'] as const).flatMap((kind) => {
    const section = `${kind}s` as const;
    return Object.entries(file[section] ?? {}).map(([name, spec]): HostDraft => {
      const origin = [section, name];
      const legs = [...readAttachments(name, spec, origin, names, report), ...(linkLegs.get(name) ?? []), ...(ofSwitches.get(name) ?? [])];
      return { kind, name, spec, legs, origin };
    });
  });
  const bridges = Object.entries(file.bridges ?? {}).map(([name, spec]) => readBridge(name, spec, names, report));
  return [...hosts, ...bridges];
}

function readAttachments(node: string, spec: MachineSpec, origin: Origin, names: Names, report: Report): readonly Leg[] {
  return Object.entries(spec.networks ?? {}).flatMap(([segment, attachment]) => {
    const place = [...origin, 'networks', segment];
    if (!checkNetwork(segment, place, 'key', names, report)) return [];
    return [readLeg(node, segment, attachment, place, report)];
  });
}

function readBridge(name: string, spec: BridgeSpec, names: Names, report: Report): BridgeDraft {
  const origin = ['bridges', name];
  const legs: Leg[] = [];
  for (const [index, segment] of spec.networks.entries()) {
    const place = [...origin, 'networks', index];
    if (!checkNetwork(segment, place, 'value', names, report)) continue;
    if (legs.some((leg) => leg.segment === segment)) {
      report.error('joined-twice', place, `\`${name}\` joins \`${segment}\` twice`, {
        remedy: 'Leave one out: two cables into the same network would make a loop.',
      });
    } else legs.push({ node: name, role: 'port', segment, given: [], auto: false, mac: undefined, origin: place });
  }
  const first = legs[0]?.segment;
  const given = readGiven(spec.address, [...origin, 'address'], report);
  const auto = spec.address !== undefined;
  const own: Leg | undefined =
    first === undefined
      ? undefined
      : { node: name, role: 'bridge', segment: first, given, auto, mac: undefined, origin: auto ? [...origin, 'address'] : origin };
  return { kind: 'bridge', name, spec, legs, own, origin };
}

function readLinkEnds(file: BottleFile, names: Names, report: Report): ReadonlyMap<string, readonly Leg[]> {
  const legs = new Map<string, Leg[]>();
  for (const [link, spec] of Object.entries(file.links ?? {})) {
    checkEndCount(link, spec, report);
    for (const [node, attachment] of Object.entries(spec.ends)) {
      const origin = ['links', link, 'ends', node];
      if (!checkEnd(link, node, origin, names, report)) continue;
      const leg = readLeg(node, link, attachment, origin, report);
      legs.set(node, [...(legs.get(node) ?? []), leg]);
    }
  }
  return legs;
}

function checkEndCount(link: string, spec: LinkSpec, report: Report): void {
  const count = Object.keys(spec.ends).length;
  if (count === 2) return;
  report.error(
    'link-ends',
    ['links', link, 'ends'],
    `the link \`${link}\` has ${count === 0 ? 'no ends' : count === 1 ? 'one end' : `${count} ends`}; a cable has two`,
    {
      remedy: count > 2 ? 'For more than two, make a network.' : 'Name two machines or routers under `ends:`.',
    },
  );
}

function checkEnd(link: string, node: string, origin: Origin, names: Names, report: Report): boolean {
  const kind = names.nodes.get(node);
  if (kind === 'machine' || kind === 'router') return true;
  if (kind === 'bridge') {
    report.error('link-to-bridge', origin, `the link \`${link}\` ends at the bridge \`${node}\``, {
      at: 'key',
      remedy: 'A link joins machines and routers; a bridge joins networks.',
    });
  } else {
    const known = [...names.nodes].filter(([, one]) => one !== 'bridge').map(([name]) => name);
    report.error('unknown-node', origin, `there is no machine or router \`${node}\``, {
      at: 'key',
      remedy: names.didYouMean(node, known, 'Name one of those under `machines:` or `routers:`.'),
    });
  }
  return false;
}

function checkNetwork(name: string, origin: Origin, at: 'key' | 'value', names: Names, report: Report): boolean {
  const kind = names.segments.get(name);
  if (kind === 'network') return true;
  if (kind === 'link') {
    report.error('link-as-network', origin, `\`${name}\` is a link, not a network`, {
      at,
      remedy: `Who is at its ends is said under \`links: ${name}: ends:\`.`,
    });
    return false;
  }
  const networks = [...names.segments].filter(([, one]) => one === 'network').map(([network]) => network);
  const otherwise = networks.length === 0 ? 'Describe it under `networks:`.' : `The networks are ${listed(networks)}.`;
  report.error('unknown-network', origin, `there is no network \`${name}\``, { at, remedy: names.didYouMean(name, networks, otherwise) });
  return false;
}

/** `a`, `b` and `c`; the first few of many. */
export function listed(names: readonly string[], most = 6): string {
  const shown = names.slice(0, names.length > most ? most - 1 : most).map((name) => `\`${name}\``);
  const rest = names.length - shown.length;
  const last = rest > 0 ? `${rest} more` : shown.pop();
  return shown.length === 0 ? `${last}` : `${shown.join(', ')} and ${last}`;
}
