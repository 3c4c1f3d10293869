import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { OtherwiseSpec, PolicyLineSpec } from '../../spec/schema/policy.ts';
import { type EndReader, readArrow } from '../ends.ts';
import { placesOf } from '../one-or-more.ts';
import type { Report } from '../report.ts';
import { distinct, type ServiceTable } from '../services.ts';
import type { Policy, PolicyLine } from './policy-line.ts';

type Decision = Pick<PolicyLine, 'action' | 'services' | 'log' | 'origin'>;
type ServicesSpec = string | readonly string[];

/** Reads `policy:`: lines `from -> to: services`, and `otherwise`. Undefined where the file has none. */
export function readPolicy(file: BottleFile, ends: EndReader, services: ServiceTable, report: Report): Policy | undefined {
  if (file.policy === undefined) return undefined;
  const { otherwise, ...rules } = file.policy;
  const lines = Object.entries(rules).flatMap(([text, spec]): readonly PolicyLine[] => {
    const origin = ['policy', text];
    const sides = readArrow(text, origin, ends, report);
    const decisions = readDecisions(spec, origin, services, report);
    return sides === undefined ? [] : decisions.map((decision) => ({ text, ...sides, ...decision }));
  });
  return { lines, otherwise: readOtherwise(otherwise) };
}

function readOtherwise(spec: OtherwiseSpec | undefined): Policy['otherwise'] {
  const origin = spec === undefined ? ['policy'] : ['policy', 'otherwise'];
  if (spec === undefined || typeof spec === 'string') return { action: spec ?? 'drop', log: false, origin };
  return { action: spec.action ?? 'drop', log: spec.log ?? false, origin };
}

/** One decision; a line in its long form may allow some services and deny others. */
function readDecisions(spec: PolicyLineSpec, origin: Origin, table: ServiceTable, report: Report): readonly Decision[] {
  if (spec === 'drop' || spec === 'reject') return [{ action: spec, services: 'any', log: false, origin }];
  if (typeof spec === 'string' || Array.isArray(spec))
    return [{ action: 'allow', services: readList(spec, origin, table, report), log: false, origin }];
  const { allow, deny, action, log = false } = spec;
  if (allow === undefined && deny === undefined) {
    report.error('bad-rule', origin, 'the line neither allows nor denies anything', {
      remedy: 'Write `allow:` or `deny:` with services, or with `any`.',
    });
  } else if (deny === undefined && action !== undefined) {
    report.error('bad-rule', [...origin, 'action'], '`action` says how something is denied, and the line allows', {
      at: 'key',
      remedy: 'Leave it out, or write `deny:` instead of `allow:`.',
    });
  }
  const place = (key: string) => (allow !== undefined && deny !== undefined ? [...origin, key] : origin);
  const decisions: Decision[] = [];
  if (allow !== undefined)
    decisions.push({ action: 'allow', services: readList(allow, [...origin, 'allow'], table, report), log, origin: place('allow') });
  if (deny !== undefined)
    decisions.push({ action: action ?? 'drop', services: readList(deny, [...origin, 'deny'], table, report), log, origin: place('deny') });
  return decisions;
}

function readList(spec: ServicesSpec, origin: Origin, table: ServiceTable, report: Report): PolicyLine['services'] {
  const texts = placesOf(spec, origin).map(({ text, place }) => ({ text: text.trim(), place }));
  if (texts.length === 0)
    report.error('bad-service', origin, 'no service is named', { remedy: 'Name one, such as `ssh`, or write `any`.' });
  if (texts.length === 1 && texts[0]?.text === 'any') return 'any';
  const services = texts.flatMap(({ text, place }) => {
    const remedy = remedyFor(text);
    if (remedy === undefined) return table.read(text, place, report);
    report.error('bad-service', place, `\`${text}\` cannot stand here`, { remedy });
    return [];
  });
  return distinct(services);
}

/** Words that mean something elsewhere. */
function remedyFor(text: string): string | undefined {
  if (text === 'any') return 'Write `any` alone: it is all services.';
  if (text === 'nothing') return '`nothing` is for `expect:`. Leave the line out, or write `drop` if other lines allow something.';
  if (text === 'only' || /^only\s/.test(text)) return '`only` is for `expect:`. Name the services: what no line allows is denied.';
  if (text === 'drop' || text === 'reject')
    return `Write \`${text}\` alone, as the whole value of the line, or \`{ deny: [smtp], action: ${text} }\` for some services.`;
  return undefined;
}
