import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { showMacs as shown } from '../../engine/show/macs.ts';
import { printTable, seconds } from '../report-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show macs`. */
export async function showMacs(terminal: Terminal, context: Context, running: Running, of: string | undefined): Promise<void> {
  const macs = await shown(context, running, of);
  if (terminal.json) {
    terminal.out(jsonDocument('show-macs', { bottle: running.network.name, macs }));
    return;
  }
  const told = terminal.verbose ? macs : macs.filter(({ kind }) => kind !== 'own');
  printTable(
    terminal,
    [
      { title: 'SWITCH' },
      { title: 'PORT' },
      { title: 'MAC' },
      { title: 'NAME' },
      { title: 'VLAN' },
      { title: 'NETWORK' },
      { title: 'KIND' },
      { title: 'HEARD' },
      { title: 'LEFT' },
    ],
    told.map(({ switch: where, port, mac, owner = '', vlan, network = '', kind, age, left }) => [
      where,
      port,
      mac,
      owner,
      vlan === undefined ? '' : String(vlan),
      network,
      kind,
      age === undefined ? '' : `${seconds(age)} ago`,
      left === undefined ? '' : seconds(left),
    ]),
    'No switch knows anybody: nothing was sent lately.',
  );
}
