import { compile } from '../../src/compile/compile.ts';
import { codes } from '../../src/diagnostic/codes.ts';
import type { Diagnostic, Place } from '../../src/diagnostic/diagnostic.ts';
import { renderDiagnostics } from '../../src/diagnostic/render.ts';
import { resolve } from '../../src/network/resolve.ts';
import { parseBottle } from '../../src/spec/load.ts';
import { placeDiagnostics } from '../../src/spec/source.ts';

const file = 'bottle.yaml';

const host = { ipv6: true, advertised: [], neighbourTables: true, vlanFiltering: true, vlanDevices: true, nameServers: ['192.0.2.53'] };

/** What a file must never bring about, whatever it holds; empty when all is well. */
export function judge(text: string): readonly string[] {
  try {
    const { file: bottle, source, diagnostics: read } = parseBottle(text, file);
    const resolved = bottle && resolve(bottle);
    const diagnostics = [...read, ...placeDiagnostics(resolved?.diagnostics ?? [], source)];
    const failed = diagnostics.some((one) => one.severity === 'error');
    if (resolved?.network !== undefined) compile(resolved.network, host);
    const rendered = renderDiagnostics(diagnostics, { textOf: () => source.text });
    return [
      ...diagnostics.flatMap((one) => faults(one, source.text)),
      ...(failed === (resolved?.network === undefined)
        ? []
        : [failed ? 'an error, and a network all the same' : 'no error, and no network']),
      ...(/\n\s+at \S+ \(|node:internal|\.ts:\d+:\d+/.test(rendered) ? [`a stack trace: ${rendered}`] : []),
    ];
  } catch (error) {
    return [`thrown: ${error instanceof Error ? error.stack : String(error)}`];
  }
}

function faults(diagnostic: Diagnostic, text: string): readonly string[] {
  const said = `${diagnostic.code}: ${diagnostic.message}`;
  const found: string[] = [];
  if (!Object.hasOwn(codes, diagnostic.code)) found.push(`no such code: ${said}`);
  for (const sentence of [diagnostic.message, diagnostic.remedy ?? '', ...(diagnostic.related ?? []).map((one) => one.message)]) {
    if (/\bundefined\b|\[object |\bsymbol\b/i.test(sentence)) found.push(`not for people: ${sentence}`);
  }
  const places = [diagnostic.place, ...(diagnostic.related ?? []).map((one) => one.place)];
  if (places.some((place) => !place || !exists(place, text))) found.push(`no such place: ${said} at ${JSON.stringify(places)}`);
  return found;
}

function exists(place: Place, text: string): boolean {
  const lines = text.split('\n');
  const first = lines[place.line - 1];
  const last = lines[place.endLine - 1];
  if (first === undefined || last === undefined || place.column < 1 || place.file !== file) return false;
  const forwards = place.endLine > place.line || place.endColumn >= place.column;
  return forwards && place.column <= first.length + 1 && place.endColumn <= last.length + 1;
}
