import type { Context } from '../../engine/context.ts';
import { EngineError } from '../../engine/error.ts';
import type { Asked } from '../../engine/explain/explain.ts';
import { placeNames } from '../../engine/explain/place-names.ts';
import { recover } from '../../engine/recover.ts';
import { type Running, running } from '../../engine/running.ts';
import { type FollowEvent, followTraffic } from '../../engine/trace/follow-traffic.ts';
import { trace as sendTraced } from '../../engine/trace/trace.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { placesOf } from '../places.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { followedJson, type JsonWords, tracedJson } from '../trace-json.ts';
import { followedText } from '../trace-text.ts';
import type { TraceWords } from '../trace-words.ts';
import { tracedText } from '../traced-text.ts';
import { bottleNamed } from '../which.ts';

interface Options {
  readonly bottle?: string;
  readonly watch?: boolean;
  readonly count?: string;
  readonly duration?: string;
}

/** `bottle trace A B SERVICE`, `bottle trace --watch [A B SERVICE]`. */
export async function trace(terminal: Terminal, ends: readonly (string | undefined)[], options: Options): Promise<ExitCode> {
  const asked = askedIn(ends, options);
  const bottle = await bottleNamed(options.bottle);
  const context = contextFor(terminal, false);
  await recover(context, bottle);
  const what = running(context.home, bottle);
  const words: TraceWords & JsonWords = {
    colors: terminal.colors,
    ...placeNames(what.network),
    ...(await placesOf(what.state)),
  };
  if (asked === undefined || options.watch === true)
    return await watchTraffic(terminal, words, context, what, { asked, ...limitsIn(options) });
  const { packets, complete } = await sendTraced(context, what, asked);
  if (terminal.json) {
    const found = packets.map((one) => tracedJson(one, words));
    terminal.out(jsonDocument('trace', { bottle, ...asked, complete, packets: found }));
  } else {
    terminal.out(tracedText(words, `${asked.from} -> ${asked.to}`, packets));
    if (!complete) terminal.out(terminal.colors.yellow(INCOMPLETE));
  }
  if (!complete) return exitCodes.incomplete;
  return packets.some(({ differences: { there, back } }) => there.length + back.length > 0) ? exitCodes.differs : exitCodes.ok;
}

const INCOMPLETE = 'INCOMPLETE: more was told than could be heard; something may be missing above.';

function askedIn([from, to, service]: readonly (string | undefined)[], { watch, count, duration }: Options): Asked | undefined {
  if (watch !== true && (count !== undefined || duration !== undefined))
    throw new EngineError('usage', '`--count` and `--duration` are for `--watch`');
  if (from === undefined && watch === true) return undefined;
  if (from === undefined || to === undefined || service === undefined)
    throw new EngineError('usage', 'it takes two ends and a service: `bottle trace alice web http`', {
      remedy: 'Or nothing, with `--watch`: then all packets are followed.',
    });
  return { from, to, service };
}

function limitsIn({ count, duration }: Options): { readonly count?: number; readonly duration?: number } {
  const number = (name: string, text: string): number => {
    const value = Number(text);
    if (!(value > 0)) throw new EngineError('usage', `\`--${name}\` takes a number above zero, not \`${text}\``);
    return value;
  };
  return {
    ...(count !== undefined && { count: number('count', count) }),
    ...(duration !== undefined && { duration: number('duration', duration) * 1000 }),
  };
}

async function watchTraffic(
  terminal: Terminal,
  words: TraceWords & JsonWords,
  context: Context,
  what: Running,
  { asked, ...limits }: { readonly asked: Asked | undefined; readonly count?: number; readonly duration?: number },
): Promise<ExitCode> {
  const bottle = what.network.name;
  const tell = (event: FollowEvent): void => {
    if (terminal.json) terminal.out(followedJson(bottle, event, words));
    else if (event.event === 'packet') terminal.out(followedText(words, event.time, event.seen));
    else if (event.event === 'following') terminal.err(`${bottle}: following packets until stopped`);
    else
      terminal.out(terminal.colors.yellow(event.skipped === 0 ? INCOMPLETE : `INCOMPLETE: ${event.skipped} more packets were not traced`));
  };
  const complete = await followTraffic(context, what, { ...(asked !== undefined && { asked }), ...limits, tell });
  return complete ? exitCodes.ok : exitCodes.incomplete;
}
