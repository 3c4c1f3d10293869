import { nameOfNamespace } from '../../engine/explain.ts';
import { recover } from '../../engine/recover.ts';
import { running } from '../../engine/running.ts';
import { trace as sendTraced } from '../../engine/trace/trace.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { placesOf } from '../places.ts';
import { contextFor } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { tracedJson } from '../trace-json.ts';
import { tracedText } from '../traced-text.ts';
import { bottleNamed } from '../which.ts';

/** `bottle trace A B SERVICE [-b BOTTLE]`. */
export async function trace(
  terminal: Terminal,
  [from, to, service]: readonly [string, string, string],
  { bottle: target }: { readonly bottle?: string },
): Promise<ExitCode> {
  const bottle = await bottleNamed(target);
  const context = contextFor(terminal, false);
  await recover(context, bottle);
  const what = running(context.home, bottle);
  const places = await placesOf(what.state);
  const { packets, complete } = await sendTraced(context, what, { from, to, service });
  const nameOf = (namespace: string): string => nameOfNamespace(what.network, namespace);
  if (terminal.json)
    terminal.out(jsonDocument('trace', { bottle, from, to, service, complete, packets: packets.map((one) => tracedJson(one, nameOf)) }));
  else {
    terminal.out(tracedText({ colors: terminal.colors, nameOf, ...places }, `${from} -> ${to}`, packets));
    if (!complete)
      terminal.out(terminal.colors.yellow('INCOMPLETE: the kernel told more than could be heard; something may be missing above.'));
  }
  if (!complete) return exitCodes.incomplete;
  return packets.some(({ differences: { there, back } }) => there.length + back.length > 0) ? exitCodes.differs : exitCodes.ok;
}
