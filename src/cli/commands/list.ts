import { list as listed } from '../../engine/running.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { home } from '../session.ts';
import { tableText } from '../table-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';

export async function list(terminal: Terminal): Promise<ExitCode> {
  const bottles = await listed(home());
  if (terminal.json) terminal.out(jsonDocument('ls', { bottles }));
  else if (bottles.length === 0) terminal.out('No bottle is running.');
  else {
    const columns = [
      { title: 'Bottle' },
      { title: 'State' },
      { title: 'Namespaces', align: 'right' },
      { title: 'Processes', align: 'right' },
      { title: 'Since' },
      { title: 'File' },
    ] as const;
    const rows = bottles.map(({ bottle, state, stopped, impaired, pulled, namespaces, processes, since, source }) => [
      bottle,
      [state, ...count(stopped, 'stopped'), ...count(impaired, 'impaired'), ...count(pulled, 'pulled out')].join(', '),
      String(namespaces),
      processesText(processes),
      since.slice(0, 19).replace('T', ' '),
      source,
    ]);
    terminal.out(tableText(columns, rows, terminal.colors).join('\n'));
  }
  return exitCodes.ok;
}

const count = (names: readonly string[], how: string): readonly string[] => (names.length === 0 ? [] : [`${names.length} ${how}`]);

/** `3`, or `2 of 3` when one has ended. */
function processesText(processes: Awaited<ReturnType<typeof listed>>[number]['processes']): string {
  const running = processes.filter(({ state }) => state === 'running').length;
  return running === processes.length ? String(running) : `${running} of ${processes.length}`;
}
