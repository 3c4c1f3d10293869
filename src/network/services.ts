import type { Origin } from '../diagnostic/diagnostic.ts';
import { suggest } from '../diagnostic/suggest.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import { placesOf } from './one-or-more.ts';
import type { Report } from './report.ts';
import type { Service } from './service.ts';
import { wellKnownServices } from './well-known-services.ts';

/** The services that names stand for: the file's own, and the well-known ones. */
export interface ServiceTable {
  /** Reads a name, `tcp/443`, `udp/8000-8100` or `icmp`; says what is wrong with it and gives none. */
  read(text: string, origin: Origin, report: Report): readonly Service[];
}

/** Words of the notation. */
const words: ReadonlySet<string> = new Set(['any', 'nothing', 'only', 'tcp', 'udp', 'icmp']);

export function readServices(file: BottleFile, report: Report): ServiceTable {
  const own = new Map<string, readonly Service[]>();
  const specs = new Map(Object.entries(file.services ?? {}));
  for (const [name, spec] of specs) {
    checkName(name, report);
    const services = placesOf(spec, ['services', name]).flatMap(({ text, place }) => {
      if (!specs.has(text) || Object.hasOwn(wellKnownServices, text)) return readOne(text, [], place, report);
      report.error('service-in-service', place, `\`${text}\` is itself described under \`services:\``, {
        remedy: 'Write its ports, such as `tcp/8080`.',
      });
      return [];
    });
    own.set(name, distinct(services.map((service) => ({ ...service, name }))));
  }
  return { read: (text, origin, to) => own.get(text) ?? readOne(text, own.keys(), origin, to) };
}

/** Each protocol and range of ports once. */
export function distinct(services: readonly Service[]): readonly Service[] {
  const seen = new Map<string, Service>();
  for (const service of services) {
    const key = `${service.protocol}/${service.ports?.from}-${service.ports?.to}`;
    if (!seen.has(key)) seen.set(key, service);
  }
  return [...seen.values()];
}

function readOne(text: string, own: Iterable<string>, origin: Origin, report: Report): readonly Service[] {
  const known = Object.hasOwn(wellKnownServices, text) ? wellKnownServices[text] : undefined;
  if (known !== undefined) return known.flatMap((one) => notation(one) ?? []).map((service) => ({ ...service, name: text }));
  if (!isNotation(text)) {
    reportUnknown(text, own, origin, report);
    return [];
  }
  const service = notation(text);
  if (service !== undefined) return [service];
  report.error('bad-service', origin, whyNot(text), {
    remedy: 'Write a name such as `ssh`, or `tcp/443`, `udp/4789`, `tcp/8000-8100`, `icmp`.',
  });
  return [];
}

function checkName(name: string, report: Report): void {
  if (words.has(name)) {
    report.error('reserved-name', ['services', name], `a service cannot be called \`${name}\`: the word has a meaning of its own`, {
      at: 'key',
      remedy: 'Take another name.',
    });
  } else if (Object.hasOwn(wellKnownServices, name)) {
    const usual = wellKnownServices[name]?.join(' and ');
    report.warn('service-redefined', ['services', name], `\`${name}\` usually is ${usual}; in this file it is something else`, {
      at: 'key',
      remedy: 'Take another name if that is not meant.',
    });
  }
}

function isNotation(text: string): boolean {
  return text.includes('/') || words.has(text);
}

function notation(text: string): Service | undefined {
  if (text === 'icmp') return { protocol: 'icmp', name: text };
  const match = /^(tcp|udp)\/(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  const from = Number(match?.[2]);
  const to = Number(match?.[3] ?? match?.[2]);
  if (match === null || from < 1 || to > 65535 || from > to) return undefined;
  return { protocol: match[1] === 'udp' ? 'udp' : 'tcp', ports: { from, to }, name: text };
}

function whyNot(text: string): string {
  if (text === 'any') return '`any` cannot be measured: nobody can try every port';
  if (text === 'tcp' || text === 'udp') return `\`${text}\` needs a port`;
  if (text === 'only' || text === 'nothing') return `\`${text}\` is not a service`;
  const [protocol, ports = ''] = text.split('/');
  if (/^\d/.test(text)) return `\`${text}\` is not a service: the protocol comes first, as in \`tcp/80\``;
  if (protocol !== 'tcp' && protocol !== 'udp') return `\`${text}\` is not a service: \`${protocol}\` is neither \`tcp\` nor \`udp\``;
  const range = /^(\d+)-(\d+)$/.exec(ports);
  if (range !== null && Number(range[1]) > Number(range[2]))
    return `\`${text}\` is not a service: its range of ports ends before it begins`;
  return `\`${text}\` is not a service: a port is a number from 1 to 65535`;
}

function reportUnknown(text: string, own: Iterable<string>, origin: Origin, report: Report): void {
  if (/^\d+$/.test(text)) {
    report.error('bad-service', origin, `\`${text}\` is not a service: a port needs its protocol`, {
      remedy: `Write \`tcp/${text}\` or \`udp/${text}\`.`,
    });
    return;
  }
  const near = suggest(text, [...own, ...Object.keys(wellKnownServices)]);
  report.error('unknown-service', origin, `there is no service \`${text}\``, {
    remedy: near === undefined ? 'Write its port, such as `tcp/8080`, or describe it under `services:`.' : `Did you mean \`${near}\`?`,
  });
}
