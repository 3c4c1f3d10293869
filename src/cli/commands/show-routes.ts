import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { showRoutes as shown } from '../../engine/show/routes.ts';
import { printTable } from '../report-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show routes`. */
export async function showRoutes(terminal: Terminal, context: Context, running: Running, of: string | undefined): Promise<void> {
  const routes = shown(context, running, of);
  if (terminal.json) {
    terminal.out(jsonDocument('show-routes', { bottle: running.network.name, routes }));
    return;
  }
  printTable(
    terminal,
    [
      { title: 'AT' },
      { title: 'TO' },
      { title: 'VIA' },
      { title: 'NAME' },
      { title: 'NETWORK' },
      { title: 'SOURCE' },
      { title: 'BY' },
      { title: 'TABLE' },
    ],
    routes.map(({ at, to, type, via, name = '', device = '', network = device, source = '', protocol, table }) => [
      at,
      to.endsWith('/0') ? `default${to.includes(':') ? ' (IPv6)' : ''}` : to,
      type === 'unicast' ? (via ?? 'here') : type,
      name,
      network,
      source,
      protocol,
      table === 'main' ? '' : table,
    ]),
    'There are no routes.',
  );
}
