import type { Address } from '../../address/ip.ts';
import { readHostAddresses } from '../../backend/host/addresses.ts';
import { desire } from '../../engine/desire.ts';
import { explainAll } from '../../engine/explain/explain.ts';
import { addressPlace } from '../../engine/explain/place.ts';
import { placeNames } from '../../engine/explain/place-names.ts';
import type { PacketOptions } from '../../engine/explain/wishes.ts';
import { load } from '../../engine/load.ts';
import { running } from '../../engine/running.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import { type ExitCode, exitCodes } from '../exit.ts';
import { pathFromHere } from '../path-from-here.ts';
import { home } from '../session.ts';
import { surveyText } from '../survey-text.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { explainedJson } from '../trace-json.ts';
import { fileNamed } from '../which.ts';

/** `bottle explain A B SERVICE [FILE]`. */
export async function explain(
  terminal: Terminal,
  [from, to, service, given]: readonly [string, string, string, string?],
  { bottle, ...packet }: { readonly bottle?: string } & PacketOptions,
): Promise<ExitCode> {
  const state = bottle === undefined ? undefined : running(home(), bottle).state;
  const { network, file, source } = await load(state === undefined ? fileNamed(given) : pathFromHere(state.source));
  const asked = { from, to, service, packet };
  const found = explainAll(network, file, desire(home(), network, state), asked, readHostAddresses());
  const names = placeNames(network);
  const locate = (origin: readonly (string | number)[]) => source.locate(origin, 'key');
  if (terminal.json) {
    const { outcomes, pairs, total } = found;
    const words = { ...names, locate, originOf: (comment: string) => originOf(comment, file) };
    const packets = outcomes.map((one) => ({ from: one.from, to: one.to, ...explainedJson(one.explained, words), same: one.same }));
    terminal.out(jsonDocument('explain', { bottle: network.name, from, to, service, packets, pairs, total }));
    return exitCodes.ok;
  }
  const placeOf = (comment: string) => {
    const origin = originOf(comment, file);
    return origin && locate(origin);
  };
  const stopped = (address: Address): string | undefined => {
    const owner = addressPlace(network, [], address, '').node?.name;
    return owner !== undefined && state?.stopped?.includes(owner) === true ? owner : undefined;
  };
  terminal.out(surveyText({ colors: terminal.colors, ...names, placeOf, locate, stopped }, found));
  return exitCodes.ok;
}
