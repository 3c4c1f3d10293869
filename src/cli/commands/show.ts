import type { KeptStatus } from '../../backend/process/keeper-protocol.ts';
import type { Context } from '../../engine/context.ts';
import { EngineError } from '../../engine/error.ts';
import { type Running, running } from '../../engine/running.ts';
import { type ShownNode, show as shown } from '../../engine/show/show.ts';
import { untilLearned } from '../../engine/verify/learning.ts';
import { commandText } from '../../resource/process.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';
import { showConntrack } from './show-conntrack.ts';
import { showCounters } from './show-counters.ts';
import { showFlows } from './show-flows.ts';
import { showMacs } from './show-macs.ts';
import { showNeighbours } from './show-neighbours.ts';
import { showPolicy } from './show-policy.ts';
import { showRoutes } from './show-routes.ts';

/** `of` is the one machine or network that it is about. */
type Report = (terminal: Terminal, context: Context, running: Running, of: string | undefined) => Promise<void>;

/** What there is to be shown besides machines and the policy. */
const reports: ReadonlyMap<string, Report> = new Map([
  ['macs', showMacs],
  ['routes', showRoutes],
  ['neighbours', showNeighbours],
  ['conntrack', showConntrack],
  ['counters', showCounters],
]);

/** What shows routes, and waits for them. */
const LEARNED = new Set(['routes']);
/** Milliseconds: who shows what is there does not wait for what may never come. */
const LEARNING = 15_000;

export async function show(
  terminal: Terminal,
  word: string | undefined,
  of: string | undefined,
  { bottle: target }: { readonly bottle?: string },
): Promise<ExitCode> {
  const context = contextFor(terminal, false);
  const bottle = await bottleNamed(target);
  const what = running(context.home, bottle);
  if (word === undefined || LEARNED.has(word) || what.network.nodes.some(({ name }) => name === word))
    await untilLearned(context, bottle, what.state.resources, LEARNING);
  // A machine may be called so, too.
  const isMachine = what.network.nodes.some(({ name }) => name === word);
  const report = isMachine ? undefined : reports.get(word ?? '');
  if (report !== undefined) {
    await report(terminal, context, what, of);
    return exitCodes.ok;
  }
  if (of !== undefined)
    throw new EngineError('usage', `only ${[...reports.keys()].join(', ')} are shown of one machine or network`, {
      remedy: `For example \`bottle show ${what.network.nodes.some(({ name }) => name === of) ? 'routes' : 'macs'} ${of}\`.`,
    });
  if (word === 'policy' && !isMachine) return showPolicy(terminal, context, what);
  if (word === 'flows' && !isMachine) return showFlows(terminal, context, what);
  const nodes = await shown(context, what, word);
  if (terminal.json) terminal.out(jsonDocument('show', { bottle, nodes }));
  else if (nodes.length === 0) terminal.out(`${bottle} has nothing on the host itself.`);
  else terminal.out(nodes.map((node) => nodeText(terminal.colors, node)).join('\n'));
  return exitCodes.ok;
}

function nodeText(colors: Terminal['colors'], { name, kind, state, links, routes, processes }: ShownNode): string {
  const lines = [`${colors.bold(name)} ${colors.dim(kind)}${state === 'stopped' ? colors.yellow('  stopped') : ''}`];
  for (const { device, network, mac, mtu, up, pulled, impairment, addresses } of links) {
    const where = network === '' || network === device ? '' : ` (${network})`;
    lines.push(
      `  ${device}${where}  ${addresses.join('  ')}  ${colors.dim([...(mac === '' ? [] : [mac]), `mtu ${mtu}`].join('  '))}${up ? '' : colors.red('  down')}${pulled === true ? colors.yellow('  cable out') : ''}${impairment === undefined ? '' : colors.yellow(`  ${impairment}`)}`,
    );
  }
  for (const { to, type, via, device, learned } of routes)
    lines.push(
      `  ${to.endsWith('/0') ? 'default' : to} ${type === 'unreachable' ? 'unreachable' : `via ${via} dev ${device}`}${learned === true ? colors.dim('  learned') : ''}`,
    );
  for (const status of processes) lines.push(`  ${processText(colors, status)}`);
  return lines.join('\n');
}

function processText(colors: Terminal['colors'], { resource, state, pid, restarts, lastExit }: KeptStatus): string {
  const name = resource.kind === 'process' ? `${resource.name}: ${commandText(resource)}` : `answers ${resource.protocol}/${resource.port}`;
  const exit = lastExit === undefined ? '' : `, ended with ${lastExit.signal ?? `code ${lastExit.code}`}`;
  const how = `${state}${pid === undefined ? '' : `, process ${pid}`}${exit}${restarts === 0 ? '' : `, started again ${restarts} times`}`;
  return `${name}  ${state === 'running' ? colors.dim(how) : colors.red(how)}`;
}
