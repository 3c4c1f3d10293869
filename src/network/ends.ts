import type { Address, Prefix } from '../address/ip.ts';
import { bitsOf } from '../address/prefix.ts';
import type { Origin } from '../diagnostic/diagnostic.ts';
import { looksLikeAddress, readAddress, readPrefix } from './addresses/read-address.ts';
import type { End } from './end.ts';
import type { Names } from './names.ts';
import type { Group } from './network.ts';
import type { NodeDraft } from './nodes.ts';
import type { Report } from './report.ts';

/** Reads an end of `from -> to`. A network stands for the machines in it, a group for its members' machines. */
export interface EndReader {
  read(text: string, origin: Origin, report: Report): End | undefined;
}

export function endReader(names: Names, nodes: readonly NodeDraft[], groups: readonly Group[]): EndReader {
  const machines = machinesBySegment(nodes);
  const ofGroup = new Map(groups.map((group) => [group.name, group]));
  const inGroups = new Map<string, readonly string[]>();
  const nodesIn = ({ name, members }: Group) => {
    const found = inGroups.get(name) ?? [
      ...new Set(members.flatMap((member) => (names.nodes.has(member) ? [member] : (machines.get(member) ?? [])))),
    ];
    inGroups.set(name, found);
    return found;
  };
  return {
    read(text, origin, report) {
      if (text === 'any') return { kind: 'any' };
      if (names.nodes.has(text)) return { kind: 'nodes', text, members: [text], nodes: [text] };
      if (names.segments.has(text)) return { kind: 'nodes', text, members: [text], nodes: machines.get(text) ?? [], segment: text };
      const group = ofGroup.get(text);
      if (group !== undefined) return { kind: 'nodes', text, members: group.members, nodes: nodesIn(group) };
      if (text === 'internet') return { kind: 'outside' };
      if (looksLikeAddress(text)) {
        const prefix = readBlock(text, origin, report);
        return prefix && { kind: 'prefix', text, prefix };
      }
      const known = [...names.nodes.keys(), ...names.segments.keys(), ...names.groups, 'any', 'internet'];
      report.error('unknown-end', origin, text === '' ? 'one side of the `->` is empty' : `there is nothing called \`${text}\``, {
        at: 'key',
        remedy: names.didYouMean(text, known, 'Write a machine, router, network, group, address, `internet` or `any`.'),
      });
      return undefined;
    },
  };
}

/** Reads `from -> to`: a key of `expect:` or `policy:`. */
export function readArrow(
  key: string,
  origin: Origin,
  ends: EndReader,
  report: Report,
): { readonly from: End; readonly to: End } | undefined {
  const sides = key.split('->').map((side) => side.trim());
  const [left, right] = sides;
  if (sides.length !== 2 || left === undefined || right === undefined) {
    report.error('bad-arrow', origin, `\`${key}\` is not \`from -> to\``, {
      at: 'key',
      remedy: 'Write who, an arrow, and whom: `web -> db`.',
    });
    return undefined;
  }
  const from = ends.read(left, origin, report);
  const to = ends.read(right, origin, report);
  return from && to && { from, to };
}

function readBlock(text: string, origin: Origin, report: Report): Prefix | undefined {
  if (text.includes('/')) return readPrefix(text, origin, report, 'key');
  const address: Address | undefined = readAddress(text, origin, report, 'key');
  return address && { ...address, length: bitsOf(address.family) };
}

/** Routers do not count: a router belongs to no network, it joins them, and is named by itself. */
function machinesBySegment(nodes: readonly NodeDraft[]): ReadonlyMap<string, readonly string[]> {
  const machines = new Map<string, string[]>();
  for (const node of nodes) {
    if (node.kind !== 'machine') continue;
    for (const { segment } of node.legs) {
      const list = machines.get(segment);
      if (list === undefined) machines.set(segment, [node.name]);
      else list.push(node.name);
    }
  }
  return machines;
}
