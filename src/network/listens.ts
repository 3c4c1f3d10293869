import type { Origin } from '../diagnostic/diagnostic.ts';
import type { HostDraft } from './nodes.ts';
import { placesOf } from './one-or-more.ts';
import type { Report } from './report.ts';
import type { Service } from './service.ts';
import type { ServiceTable } from './services.ts';

/** A responder takes a socket a port. */
const MOST_PORTS = 64;

/** The services that a node's built-in responder answers: TCP and UDP, no port twice. */
export function readListens(node: HostDraft, services: ServiceTable, report: Report): readonly Service[] {
  const taken = new Map<string, Origin>();
  return placesOf(node.spec.listen, [...node.origin, 'listen']).flatMap(({ text, place }) =>
    services
      .read(text, place, report)
      .filter((service) => canListen(service, place, report) && isFree(node.name, service, place, taken, report)),
  );
}

function canListen({ name, ports }: Service, origin: Origin, report: Report): boolean {
  if (ports === undefined) {
    report.error('listen-without-port', origin, `nothing has to listen for \`${name}\`: every machine answers it by itself`, {
      remedy: 'Leave it out.',
    });
    return false;
  }
  if (ports.to - ports.from < MOST_PORTS) return true;
  report.error(
    'listen-range',
    origin,
    `\`${name}\` is ${ports.to - ports.from + 1} ports; a responder listens on at most ${MOST_PORTS} of a range`,
    {
      remedy: 'Take a smaller range, or the ports that are needed one by one.',
    },
  );
  return false;
}

function isFree(node: string, { protocol, ports, name }: Service, origin: Origin, taken: Map<string, Origin>, report: Report): boolean {
  for (let port = ports?.from ?? 1; port <= (ports?.to ?? 0); port += 1) {
    const key = `${protocol}/${port}`;
    const first = taken.get(key);
    if (first !== undefined) {
      report.error('listen-twice', origin, `\`${node}\` listens on \`${key}\` already${name === key ? '' : `; \`${name}\` would again`}`, {
        remedy: 'Leave one out.',
        related: [{ message: 'the first', origin: first }],
      });
      return false;
    }
    taken.set(key, origin);
  }
  return true;
}
