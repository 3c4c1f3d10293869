import { isDeepStrictEqual } from 'node:util';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Context } from '../../engine/context.ts';
import { FileError, load } from '../../engine/load.ts';
import type { Running } from '../../engine/running.ts';
import { showCounters as shown } from '../../engine/show/counters.ts';
import { pathFromHere } from '../path-from-here.ts';
import { bytesText, printTable } from '../report-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

/** `bottle show counters`. */
export async function showCounters(terminal: Terminal, context: Context, running: Running, of: string | undefined): Promise<void> {
  const { interfaces, rules } = shown(context, running, of);
  const lineOf = await linesOf(running);
  if (terminal.json) {
    const placed = rules.map((rule) => {
      const place = rule.origin === undefined ? undefined : lineOf(rule.origin);
      return place === undefined ? rule : { ...rule, place };
    });
    terminal.out(jsonDocument('show-counters', { bottle: running.network.name, interfaces, rules: placed }));
    return;
  }
  const right = 'right' as const;
  printTable(
    terminal,
    [
      { title: 'AT' },
      { title: 'NETWORK' },
      { title: 'RECEIVED', align: right },
      { title: 'BYTES', align: right },
      { title: 'DROPPED', align: right },
      { title: 'SENT', align: right },
      { title: 'BYTES', align: right },
      { title: 'DROPPED', align: right },
    ],
    interfaces.map(({ at, network, device, received, sent }) => [
      at,
      network === '' ? device : network,
      ...[received, sent].flatMap(({ packets, bytes, dropped, errors }) => [String(packets), bytesText(bytes), String(dropped + errors)]),
    ]),
    'There are no interfaces.',
  );
  const told = terminal.verbose ? rules : rules.filter(({ packets }) => packets > 0);
  terminal.out('');
  printTable(
    terminal,
    [
      { title: 'AT' },
      { title: 'TABLE' },
      { title: 'IN' },
      { title: 'RULE' },
      { title: 'LINE' },
      { title: 'PACKETS', align: right },
      { title: 'BYTES', align: right },
    ],
    told.map(({ at, table, in: where, origin, packets, bytes }) => {
      const place = origin === undefined ? undefined : lineOf(origin);
      return [at, table, where, origin?.join('.') ?? '', place === undefined ? '' : String(place.line), String(packets), bytesText(bytes)];
    }),
    'No rule that counts has met a packet.',
  );
  if (told.length < rules.length) terminal.out(terminal.colors.dim(`${rules.length - told.length} more met nothing; -v shows them.`));
}

/** Where in the file something stands, as long as the file is what was raised. */
async function linesOf({ state }: Running): Promise<(origin: Origin) => { readonly file: string; readonly line: number } | undefined> {
  try {
    const { file, source } = await load(pathFromHere(state.source));
    if (!isDeepStrictEqual(file, state.file)) return () => undefined;
    return (origin) => {
      const place = source.locate(origin, 'key');
      return place && { file: place.file, line: place.line };
    };
  } catch (error) {
    if (error instanceof FileError) return () => undefined;
    throw error;
  }
}
