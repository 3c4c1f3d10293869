/** The ports of a switch by the names that the file calls them by. */
import { groupBy } from '../../collection/group-by.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { Leg } from '../legs.ts';
import type { Names } from '../names.ts';
import { listed, type NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import type { SegmentDraft } from '../segments.ts';
import type { Wire } from './cables.ts';
import type { SwitchPort } from './switch.ts';
import { type Switching, switchAt } from './switches.ts';

/** Whatever is in the way of frames that flows and mirrors speak of. */
export interface SwitchPorts {
  /** `web`, `web.green` where it has several there, `boxb` for a trunk, `host`; undefined, and reported, for others. */
  read(text: string, origin: Origin): SwitchPort | undefined;
}

/** What there is to be plugged in. */
export interface Surroundings {
  readonly segments: readonly SegmentDraft[];
  readonly nodes: readonly NodeDraft[];
  readonly wires: ReadonlyMap<string, readonly Wire[]>;
  readonly hostLegs: readonly Leg[];
  readonly names: Names;
  readonly report: Report;
}

export function portsOn(
  name: string,
  switching: Switching,
  { segments, nodes, wires, hostLegs, names, report }: Surroundings,
): SwitchPorts {
  const on = new Set(segments.flatMap((segment) => (switching.vlans.get(segment.name)?.switches.includes(name) ? [segment.name] : [])));
  const ofNodes = nodes.flatMap((node): readonly (readonly [string, SwitchPort])[] => {
    const own = (wires.get(node.name) ?? []).filter((wire) => wire.switch === name);
    const carried = new Set(own.flatMap(({ tagged, untagged }) => [...tagged, ...(untagged === undefined ? [] : [untagged])]));
    const plain = node.legs.filter((leg) => on.has(leg.segment) && switchAt(leg, switching) === name && !carried.has(leg.segment));
    return [
      ...own.map(() => [node.name, { kind: 'wire', node: node.name }] as const),
      ...plain.map(({ segment }) => [node.name, { kind: 'interface', node: node.name, segment }] as const),
    ];
  });
  const ofTrunks = switching.trunks.flatMap(({ ends: [one, other] }): readonly (readonly [string, SwitchPort])[] =>
    one === name ? [[other, { kind: 'trunk', to: other }]] : other === name ? [[one, { kind: 'trunk', to: one }]] : [],
  );
  const ofHost = hostLegs
    .filter((leg) => switchAt(leg, switching) === name)
    .map(({ segment }) => ['host', { kind: 'host', segment }] as const);
  const byName = groupBy([...ofNodes, ...ofTrunks, ...ofHost], ([one]) => one);
  return {
    read(text, origin) {
      const [first = '', segment] = text.split('.', 2);
      const ports = (byName.get(first) ?? []).map(([, port]) => port);
      const found = segment === undefined ? ports : ports.filter((port) => 'segment' in port && port.segment === segment);
      if (found.length === 1) return found[0];
      const exact = ports.map((port) => ('segment' in port ? `${first}.${port.segment}` : first));
      report.error(
        'switch-port',
        origin,
        found.length > 1
          ? `\`${text}\` has ${found.length} ports on the switch \`${name}\``
          : `the switch \`${name}\` has no port \`${text}\``,
        {
          remedy:
            ports.length > 0
              ? `There ${exact.length > 1 ? 'are' : 'is'} ${listed(exact)}.`
              : names.didYouMean(
                  text,
                  byName.keys(),
                  byName.size === 0
                    ? 'Nothing is plugged into it.'
                    : `A port is called after what is plugged in: ${listed([...byName.keys()])}.`,
                ),
        },
      );
      return undefined;
    },
  };
}
