import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { type ShownFlow, showFlows as shown } from '../../engine/show/flows.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { tableText } from '../table-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show flows`. */
export async function showFlows(terminal: Terminal, context: Context, { network, state }: Running): Promise<ExitCode> {
  const bottle = network.name;
  const flows = await shown(context, state);
  if (terminal.json) terminal.out(jsonDocument('show-flows', { bottle, flows }));
  else terminal.out(flows.length === 0 ? `${bottle} has no OpenFlow rules.` : text(terminal, flows));
  return exitCodes.ok;
}

function text({ colors }: Terminal, flows: readonly ShownFlow[]): string {
  const columns = [
    { title: 'SWITCH' },
    { title: 'TABLE', align: 'right' as const },
    { title: 'PRIORITY', align: 'right' as const },
    { title: 'MATCH' },
    { title: 'ACTIONS' },
    { title: 'PACKETS', align: 'right' as const },
    { title: 'BYTES', align: 'right' as const },
  ];
  const rows = flows.map(({ switch: bridge, table, priority, match, actions, packets, bytes }) => [
    bridge,
    String(table),
    String(priority),
    Object.entries(match)
      .map(([field, value]) => (value === '' ? field : `${field}=${value}`))
      .join(','),
    actions.length === 0 ? 'drop' : actions.join(','),
    packets === undefined ? 'gone' : String(packets),
    bytes === undefined ? '' : String(bytes),
  ]);
  return tableText(columns, rows, colors).join('\n');
}
