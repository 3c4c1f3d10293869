import type { Origin } from '../diagnostic/diagnostic.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { End } from './end.ts';
import { type EndReader, readArrow } from './ends.ts';
import type { Expectation } from './expectation.ts';
import type { Report } from './report.ts';
import type { Service } from './service.ts';
import { distinct, type ServiceTable } from './services.ts';

/** Reads `expect:`. Each line is `from -> to: services`, `only services` or `nothing`. */
export function readExpectations(file: BottleFile, ends: EndReader, services: ServiceTable, report: Report): readonly Expectation[] {
  return Object.entries(file.expect ?? {}).flatMap(([key, value]) => {
    const origin = ['expect', key];
    const sides = readArrow(key, origin, ends, report);
    const promise = readPromise(value, origin, services, report);
    if (sides === undefined) return [];
    for (const end of [sides.from, sides.to]) warnNobody(end, origin, report);
    return [{ text: key, ...sides, ...promise, origin }];
  });
}

function readPromise(
  value: string | readonly string[],
  origin: Origin,
  table: ServiceTable,
  report: Report,
): Pick<Expectation, 'mode' | 'services'> {
  if (value.length === 0)
    report.error('bad-service', origin, 'no service is named', {
      remedy: 'Name one, such as `ping`, or write `nothing` if nothing may work.',
    });
  if (typeof value !== 'string') return { mode: 'at-least', services: readList(value, (index) => [...origin, index], table, report) };
  const text = value.trim();
  if (text === 'nothing') return { mode: 'nothing', services: [] };
  const only = /^only(?:\s+([\s\S]*))?$/.exec(text);
  if (only === null) return { mode: 'at-least', services: readList([text], () => origin, table, report) };
  const rest = (only[1] ?? '').trim().replace(/^\[([\s\S]*)\]$/, '$1');
  const listed = rest.split(',').map((one) => one.trim());
  if (listed.every((one) => one === '')) {
    report.error('bad-service', origin, '`only` needs a service', {
      remedy: 'Write `only ssh` or `only [ssh, ping]`; `nothing` if nothing may work.',
    });
    return { mode: 'only', services: [] };
  }
  return { mode: 'only', services: readList(listed, () => origin, table, report) };
}

function readList(texts: readonly string[], originOf: (index: number) => Origin, table: ServiceTable, report: Report): readonly Service[] {
  return distinct(
    texts.flatMap((text, index) => {
      const origin = originOf(index);
      if (text !== 'nothing' && !/^only\s/.test(text)) return table.read(text, origin, report);
      report.error('bad-service', origin, `\`${text}\` cannot stand in a list`, {
        remedy:
          text === 'nothing'
            ? 'Write `nothing` alone, or list the services that work.'
            : 'Write `only [ssh, ping]`, with `only` before the list and in one piece.',
      });
      return [];
    }),
  );
}

function warnNobody(end: End, origin: Origin, report: Report): void {
  if (end.kind !== 'nodes' || end.nodes.length > 0) return;
  report.warn('nobody-in-end', origin, `there is no machine in \`${end.text}\`: nothing can be measured`, {
    at: 'key',
    remedy: 'Put one there, or name a router.',
  });
}
