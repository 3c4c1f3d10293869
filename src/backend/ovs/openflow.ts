/**
 * The flows and groups of a switch. The switch itself says which of the wanted flows it has, since only it knows all the
 * words in which the same can be said; flows are known again by their cookies. Groups have none: what the switch says of
 * them right after they were made is noted, as a digest in its row of the database.
 */
import { createHash } from 'node:crypto';
import { type Flow, type FlowGroup, flowText, groupText, type OpenFlow } from '../../resource/openflow.ts';
import { cookieOf, flowLine, type PrintedFlow, parseFlow, parseGroup, strictMatch } from './flow-text.ts';
import { hasSocket, ofctl, withLines } from './ofctl.ts';
import { OvsError } from './ovs-error.ts';
import type { Place } from './place.ts';

/** What is there of a switch that has flows of ours, as `note` tells; `wanted` where that is known. */
export async function readOpenFlow(
  place: Place,
  bridge: string,
  wanted: OpenFlow | undefined,
  note: string,
): Promise<OpenFlow | undefined> {
  if (!hasSocket(place, bridge)) return undefined;
  try {
    return await readThere(place, bridge, wanted, note);
  } catch (error) {
    // It may have gone while it was asked.
    if (error instanceof OvsError && !hasSocket(place, bridge)) return undefined;
    throw error;
  }
}

async function readThere(place: Place, bridge: string, wanted: OpenFlow | undefined, note: string): Promise<OpenFlow> {
  const flows = (wanted && (await compared(place, bridge, wanted.flows))) ?? (await dumpedFlows(place, bridge)).map(({ flow }) => flow);
  const needsGroups = note !== groupNote([], '') || (wanted?.groups.length ?? 0) > 0;
  return {
    kind: 'openflow',
    origin: [],
    namespace: place.namespace,
    switch: bridge,
    flows,
    groups: needsGroups ? await readGroups(place, bridge, wanted?.groups ?? [], note) : [],
    ports: wanted?.ports ?? [],
  };
}

/** Those of the wanted that are there, in the words in which they are wanted, and the others in the switch's. */
async function compared(place: Place, bridge: string, wanted: readonly Flow[]): Promise<readonly Flow[] | undefined> {
  return await withLines(place, wanted.map(flowLine), async (path) => {
    const { code, output } = await ofctl(place, 'diff-flows', bridge, path);
    // 1 is an error, such as a port that is not there: then nothing is known to be as it is wanted.
    if (code !== 0 && code !== 2) return undefined;
    const lines = output.split('\n');
    const missing = new Set(lines.flatMap((line) => (line.startsWith('+') ? [parseFlow(line.slice(1)).cookie] : [])));
    const others = lines.flatMap((line) => (line.startsWith('-') ? [parseFlow(line.slice(1)).flow] : []));
    return [...wanted.filter((flow) => !missing.has(cookieOf(flow))), ...others];
  });
}

/** Everything that it has, with counters. */
export async function dumpedFlows(place: Place, bridge: string): Promise<readonly PrintedFlow[]> {
  const { code, output, words } = await ofctl(place, 'dump-flows', bridge);
  if (code !== 0) throw refusal(bridge, words);
  return output.split('\n').flatMap((line) => (line.includes('actions=') ? [parseFlow(line)] : []));
}

async function dumpedGroups(place: Place, bridge: string): Promise<string> {
  const { code, output, words } = await ofctl(place, 'dump-groups', bridge);
  if (code !== 0) throw refusal(bridge, words);
  // The first line has the number of the request.
  return output.split('\n').slice(1).join('\n');
}

async function readGroups(place: Place, bridge: string, wanted: readonly FlowGroup[], note: string): Promise<readonly FlowGroup[]> {
  const dump = await dumpedGroups(place, bridge);
  if (note === groupNote(wanted, dump)) return wanted;
  return dump.split('\n').flatMap((line) => parseGroup(line) ?? []);
}

function groupNote(groups: readonly FlowGroup[], dump: string): string {
  const hash = createHash('sha256');
  for (const text of groups.map(groupText).sort()) hash.update(`${text}\n`);
  return hash.update(dump).digest('hex').slice(0, 32);
}

/**
 * Makes the flows what they shall be, all at once, and gives the note by which their groups are known again. Flows that stay
 * go on counting.
 * @throws OvsError `openflow-refused`; then all is as it was
 */
export async function makeOpenFlow(place: Place, before: OpenFlow | undefined, after: OpenFlow): Promise<string> {
  const first = await bundle(place, after.switch, before === undefined ? exchange(after) : transition(before, after));
  // Somebody may have changed something since it was read.
  const last = first.code === 0 || before === undefined ? first : await bundle(place, after.switch, exchange(after));
  if (last.code !== 0) throw refusal(after.switch, last.words);
  return groupNote(after.groups, after.groups.length === 0 ? '' : await dumpedGroups(place, after.switch));
}

/** Leaves the switch what it has of its own: in `standalone` mode it forwards like any switch. */
export async function removeOpenFlow(place: Place, { switch: bridge }: OpenFlow, standalone: boolean): Promise<void> {
  if (!hasSocket(place, bridge)) return;
  const { code, words } = await bundle(place, bridge, [...NOTHING, ...(standalone ? ['flow add priority=0 actions=NORMAL'] : [])]);
  if (code !== 0) throw refusal(bridge, words);
}

const NOTHING = ['flow delete', 'group delete'];

const bundle = (place: Place, bridge: string, lines: readonly string[]): ReturnType<typeof ofctl> =>
  withLines(place, lines, (path) => ofctl(place, 'bundle', bridge, path));

const exchange = ({ flows, groups }: OpenFlow): readonly string[] => [
  ...NOTHING,
  ...groups.map((group) => `group add ${groupText(group)}`),
  ...flows.map((flow) => `flow add ${flowLine(flow)}`),
];

function transition(before: OpenFlow, after: OpenFlow): readonly string[] {
  const [flowsThere, flowsWanted] = [new Set(before.flows.map(flowText)), new Set(after.flows.map(flowText))];
  const groupsThere = new Set(before.groups.map(groupText));
  const idsWanted = new Set(after.groups.map(({ id }) => id));
  return [
    ...after.groups.filter((group) => !groupsThere.has(groupText(group))).map((group) => `group add_or_mod ${groupText(group)}`),
    ...before.flows.filter((flow) => !flowsWanted.has(flowText(flow))).map((flow) => `flow delete_strict ${strictMatch(flow)}`),
    ...after.flows.filter((flow) => !flowsThere.has(flowText(flow))).map((flow) => `flow add ${flowLine(flow)}`),
    // A group takes along the flows that lead to it.
    ...before.groups.filter(({ id }) => !idsWanted.has(id)).map(({ id }) => `group delete group_id=${id}`),
  ];
}

const refusal = (bridge: string, words: string): OvsError =>
  new OvsError(
    'openflow-refused',
    `${bridge} refused its flows: ${words
      .trim()
      .split('\n')[0]
      ?.replace(/^ovs-ofctl: /, '')}`,
  );
