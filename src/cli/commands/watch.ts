import type { WatchEvent } from '../../engine/watch/look.ts';
import { watch as watchOver } from '../../engine/watch/watch.ts';
import { describeChange } from '../../plan/apply.ts';
import type { Change } from '../../plan/plan.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { contextFor } from '../session.ts';
import { JSON_VERSION, type Terminal } from '../terminal.ts';
import { bottleNamed } from '../which.ts';

/** Changes in a line of text; the rest is only counted. `-v` and `-o json` give all. */
const LIMIT = 10;

export async function watch(terminal: Terminal, target: string | undefined): Promise<ExitCode> {
  const bottle = await bottleNamed(target);
  const context = contextFor(terminal, true);
  await watchOver({ ...context, report: () => undefined }, bottle, (event) => {
    terminal.out(terminal.json ? jsonLine(bottle, event) : `${new Date().toISOString()} ${bottle}: ${textOf(terminal, event)}`);
  });
  return exitCodes.ok;
}

/** One object a line, for as long as it runs. */
function jsonLine(bottle: string, event: WatchEvent): string {
  const plain =
    event.event === 'failed'
      ? { event: event.event, code: event.error.code, message: event.error.message, details: event.error.details, pause: event.pause }
      : event;
  return JSON.stringify({ version: JSON_VERSION, kind: 'watch', time: new Date().toISOString(), bottle, ...plain });
}

function textOf({ colors, verbose }: Terminal, event: WatchEvent): string {
  switch (event.event) {
    case 'watching':
      return 'watching';
    case 'gone':
      return 'is gone; there is nothing left to watch';
    case 'backing-off':
      return colors.yellow(`${event.over} is broken again and again; the next repair is in ${event.pause / 1000} s`);
    case 'failed':
      return [
        `${colors.red(`not repaired[${event.error.code}]`)}: ${event.error.message}; trying again in ${event.pause / 1000} s`,
        ...event.error.details.map((detail) => `  ${detail.replaceAll('\n', '\n  ')}`),
      ].join('\n');
    case 'repaired':
      return repairedText(event.changes, event.milliseconds, verbose ? Number.POSITIVE_INFINITY : LIMIT);
  }
}

const DONE = { create: 'made', update: 'put right', replace: 'made anew', delete: 'removed' } as const;

function repairedText(changes: readonly Change[], milliseconds: number, limit: number): string {
  const told = changes.filter(({ implied }) => !implied);
  const listed = told.slice(0, limit).map((change) => `${DONE[change.action]} ${describeChange(change)}${reason(change)}`);
  if (told.length > listed.length) listed.push(`and ${told.length - listed.length} more`);
  return `repaired in ${milliseconds.toFixed(0)} ms: ${listed.join('; ')}`;
}

const reason = ({ action, reason: why }: Change): string => (action === 'update' || action === 'replace' ? ` (${why})` : '');
