import { compiled, explain as explained, nameOfNamespace } from '../../engine/explain.ts';
import { load } from '../../engine/load.ts';
import { running } from '../../engine/running.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { home } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { explainedJson } from '../trace-json.ts';
import { explainedText } from '../trace-text.ts';
import { fileNamed } from '../which.ts';

/** `bottle explain A B SERVICE [FILE]`. */
export async function explain(
  terminal: Terminal,
  [from, to, service, given]: readonly [string, string, string, string?],
  { bottle }: { readonly bottle?: string },
): Promise<ExitCode> {
  const path = bottle === undefined ? fileNamed(given) : running(home(), bottle).state.source;
  const { network, file, source } = await load(path);
  const found = explained(network, file, compiled(home(), network), { from, to, service });
  const nameOf = (namespace: string): string => nameOfNamespace(network, namespace);
  if (terminal.json) {
    terminal.out(
      jsonDocument('explain', { bottle: network.name, from, to, service, packets: found.map((one) => explainedJson(one, nameOf)) }),
    );
    return exitCodes.ok;
  }
  const locate = (origin: readonly (string | number)[]) => source.locate(origin, 'key');
  const placeOf = (comment: string) => {
    const origin = originOf(comment, file);
    return origin && locate(origin);
  };
  terminal.out(explainedText({ colors: terminal.colors, nameOf, placeOf, locate }, `${from} -> ${to}`, found));
  return exitCodes.ok;
}
