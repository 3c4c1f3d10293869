import type { Context } from '../../engine/context.ts';
import type { Running } from '../../engine/running.ts';
import { type ShownConnection, type ShownEnd, showConntrack as shown } from '../../engine/show/conntrack.ts';
import { bytesText, printTable, seconds } from '../report-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show conntrack`. */
export async function showConntrack(terminal: Terminal, context: Context, running: Running, of: string | undefined): Promise<void> {
  const connections = shown(context, running, of);
  if (terminal.json) {
    terminal.out(jsonDocument('show-conntrack', { bottle: running.network.name, connections }));
    return;
  }
  printTable(
    terminal,
    [
      { title: 'AT' },
      { title: 'PROTOCOL' },
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'LEAVES FROM' },
      { title: 'LEAVES TO' },
      { title: 'STATE' },
      { title: 'LEFT' },
      { title: 'PACKETS' },
      { title: 'BYTES' },
    ],
    connections.map(({ at, protocol, from, to, leaves, nat, state, timeout, packets, bytes }) => [
      at,
      protocol,
      endText(from),
      endText(to),
      nat.includes('source') ? endText(leaves.from) : '',
      nat.includes('destination') ? endText(leaves.to) : '',
      state,
      seconds(timeout),
      packets === undefined ? '' : `${packets.there} + ${packets.back}`,
      bytes === undefined ? '' : bothText(bytes),
    ]),
    'No connection is tracked: nobody is talking, or nothing looks at connections.',
  );
}

const bothText = ({ there, back }: NonNullable<ShownConnection['bytes']>): string => `${bytesText(there)} + ${bytesText(back)}`;

const endText = ({ address, name, port }: ShownEnd): string => {
  const text = port === undefined ? address : address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
  return name === undefined ? text : `${name} ${text}`;
};
