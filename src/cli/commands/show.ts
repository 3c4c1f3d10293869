import type { KeptStatus } from '../../backend/process/keeper-protocol.ts';
import { running } from '../../engine/running.ts';
import { type ShownNode, show as shown } from '../../engine/show.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';
import { showFlows } from './show-flows.ts';
import { showPolicy } from './show-policy.ts';

export async function show(
  terminal: Terminal,
  machine: string | undefined,
  { bottle: target }: { readonly bottle?: string },
): Promise<ExitCode> {
  const context = contextFor(terminal, false);
  const bottle = await bottleNamed(target);
  const what = running(context.home, bottle);
  if (machine === 'policy' && !what.network.nodes.some(({ name }) => name === machine)) return showPolicy(terminal, bottle);
  if (machine === 'flows' && !what.network.nodes.some(({ name }) => name === machine)) return showFlows(terminal, bottle);
  const nodes = await shown(context, what, machine);
  if (terminal.json) terminal.out(jsonDocument('show', { bottle, nodes }));
  else terminal.out(nodes.map((node) => nodeText(terminal.colors, node)).join('\n'));
  return exitCodes.ok;
}

function nodeText(colors: Terminal['colors'], { name, kind, state, links, routes, processes }: ShownNode): string {
  const lines = [`${colors.bold(name)} ${colors.dim(kind)}${state === 'stopped' ? colors.yellow('  stopped') : ''}`];
  for (const { device, network, mac, mtu, up, addresses } of links) {
    const where = network === '' || network === device ? '' : ` (${network})`;
    lines.push(`  ${device}${where}  ${addresses.join('  ')}  ${colors.dim(`${mac}  mtu ${mtu}`)}${up ? '' : colors.red('  down')}`);
  }
  for (const { to, type, via, device } of routes)
    lines.push(`  ${to.endsWith('/0') ? 'default' : to} ${type === 'unreachable' ? 'unreachable' : `via ${via} dev ${device}`}`);
  for (const status of processes) lines.push(`  ${processText(colors, status)}`);
  return lines.join('\n');
}

function processText(colors: Terminal['colors'], { resource, state, pid, restarts, lastExit }: KeptStatus): string {
  const name =
    resource.kind === 'process' ? `${resource.name}: ${resource.command.join(' ')}` : `answers ${resource.protocol}/${resource.port}`;
  const exit = lastExit === undefined ? '' : `, ended with ${lastExit.signal ?? `code ${lastExit.code}`}`;
  const how = `${state}${pid === undefined ? '' : `, process ${pid}`}${exit}${restarts === 0 ? '' : `, started again ${restarts} times`}`;
  return `${name}  ${state === 'running' ? colors.dim(how) : colors.red(how)}`;
}
