import type { SwitchSpec } from '../../spec/schema/switch.ts';
import type { Surroundings, SwitchPorts } from './ports.ts';
import type { SwitchMirror, SwitchPort } from './switch.ts';

/** Copies of frames of a switch, and where they go. */
export function readMirrors(
  where: string,
  { mirrors = {} }: SwitchSpec,
  ports: SwitchPorts,
  { segments, names, report }: Pick<Surroundings, 'segments' | 'names' | 'report'>,
): readonly SwitchMirror[] {
  const taken = new Map<string, string>();
  return Object.entries(mirrors).flatMap(([name, spec]): readonly SwitchMirror[] => {
    const origin = ['switches', where, 'mirrors', name];
    const { sources, destinations, networks = [], to } = spec;
    const read = (key: 'sources' | 'destinations', texts: string | readonly string[] = []): readonly SwitchPort[] =>
      typeof texts === 'string'
        ? [ports.read(texts, [...origin, key])].flatMap((port) => port ?? [])
        : texts.flatMap((text, index) => ports.read(text, [...origin, key, index]) ?? []);
    const [from, into] = [read('sources', sources), read('destinations', destinations)];
    const output = ports.read(to, [...origin, 'to']);
    const here = segments.filter((segment) => segment.switches.includes(where)).map((segment) => segment.name);
    for (const [index, text] of networks.entries()) {
      if (here.includes(text)) continue;
      report.error('mirror-network', [...origin, 'networks', index], `there is no network \`${text}\` on the switch \`${where}\``, {
        remedy: names.didYouMean(text, here, 'Name one that is on the switch.'),
      });
    }
    if (output === undefined) return [];
    const same = [...from, ...into].some((port) => JSON.stringify(port) === JSON.stringify(output));
    const key = JSON.stringify(output);
    const other = taken.get(key);
    if (same || output.kind === 'trunk' || other !== undefined)
      report.error(
        'mirror-port',
        [...origin, 'to'],
        same
          ? `\`${to}\` cannot be mirrored to itself`
          : other !== undefined
            ? `\`${to}\` gets the copies of \`${other}\` already`
            : `\`${to}\` is a trunk, and a port that gets copies carries nothing else`,
        { remedy: 'Take the port of a machine that is there to look at them.' },
      );
    taken.set(key, name);
    const all = sources === undefined && destinations === undefined;
    return [{ name, select: all ? 'all' : { sources: from, destinations: into }, segments: networks, output, origin }];
  });
}
