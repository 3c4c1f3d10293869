import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { type ShownLine, showPolicy as shown } from '../../engine/show/policy.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { tableText } from '../table-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show policy`. */
export async function showPolicy(terminal: Terminal, context: Context, running: Running): Promise<ExitCode> {
  const bottle = running.network.name;
  const { lines, falseSources } = await shown(context, running);
  if (terminal.json) terminal.out(jsonDocument('show-policy', { bottle, lines, falseSources }));
  else terminal.out(text(terminal, bottle, lines, falseSources));
  return exitCodes.ok;
}

function text({ colors }: Terminal, bottle: string, lines: readonly ShownLine[], falseSources: ShownLine['met']): string {
  if (lines.length === 0) return `${bottle} has no policy: everything is allowed.`;
  const columns = [
    { title: 'LINE' },
    { title: 'VERDICT' },
    { title: 'SERVICES' },
    { title: 'PACKETS', align: 'right' as const },
    { title: 'AT' },
  ];
  const rows = lines.map(({ line, action, log, services, met }) => [
    line,
    log ? `${action}, log` : action,
    services.join(' '),
    String(total(met)),
    where(met),
  ]);
  return tableText(columns, [...rows, ['false sources', 'drop', 'any', String(total(falseSources)), where(falseSources)]], colors).join(
    '\n',
  );
}

const total = (met: ShownLine['met']): number => met.reduce((sum, { packets }) => sum + packets, 0);

/** Those who met any; of a line that nobody met, those who would. */
const where = (met: ShownLine['met']): string => {
  const some = met.filter(({ packets }) => packets > 0);
  return (some.length > 0 ? some : met).map(({ at, packets }) => (met.length > 1 && packets > 0 ? `${at} ${packets}` : at)).join(', ');
};
