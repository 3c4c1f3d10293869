import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { showNeighbours as shown } from '../../engine/show/neighbours.ts';
import { printTable, seconds } from '../report-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show neighbours`. */
export async function showNeighbours(terminal: Terminal, context: Context, running: Running, of: string | undefined): Promise<void> {
  const neighbours = shown(context, running, of);
  if (terminal.json) {
    terminal.out(jsonDocument('show-neighbours', { bottle: running.network.name, neighbours }));
    return;
  }
  printTable(
    terminal,
    [
      { title: 'AT' },
      { title: 'NETWORK' },
      { title: 'ADDRESS' },
      { title: 'NAME' },
      { title: 'MAC' },
      { title: 'STATE' },
      { title: 'CONFIRMED' },
    ],
    neighbours.map(({ at, network, address, name = '', mac = '', owner, state, confirmed }) => [
      at,
      network,
      address,
      name,
      // Whoever answers for somebody else is worth a word.
      owner === undefined || owner === name ? mac : `${mac} (${owner})`,
      state,
      confirmed === undefined || mac === '' ? '' : `${seconds(confirmed)} ago`,
    ]),
    'Nobody knows anybody: nothing was sent lately.',
  );
}
