/** The ports of switches that the file names: what each is called there, and which device it is. */
import { groupBy } from '../../collection/group-by.ts';
import { deviceName } from '../../network/device-name.ts';
import type { Network, Node } from '../../network/network.ts';
import type { SwitchPort } from '../../network/switching/switch.ts';
import { hostSwitch, portDevice, trunkDevice } from '../placement.ts';

/** The bridge, of Linux or Open vSwitch. */
export const namedSwitchDevice = (name: string): string => deviceName(name, new Set());

/** The device of a port, which Open vSwitch calls it after. */
export function switchPortDevice(network: Network, where: string, port: SwitchPort): string {
  switch (port.kind) {
    case 'host':
      return portDevice('host', port);
    case 'trunk':
      return trunkDevice(where, port.to);
    case 'wire':
    case 'interface': {
      const node = network.nodes.find(({ name }) => name === port.node);
      return node === undefined ? '' : portDevice(node, { segment: port.kind === 'wire' ? where : port.segment });
    }
  }
}

export interface NamedPort {
  /** As flows and mirrors call it: `web`, `web.green` where it has several there, `boxb` for a trunk, `host`. */
  readonly name: string;
  readonly device: string;
  /** The networks that whoever is plugged in has there, with the tag of their frames, or 0; empty for trunks. */
  readonly networks: ReadonlyMap<string, number>;
}

interface Plugged {
  /** `web`, `boxb`, `host`. */
  readonly who: string;
  readonly port: SwitchPort;
  readonly networks: readonly (readonly [string, number])[];
}

/** Everything that is plugged into a switch: nodes in the order of the file, other switches, the host. */
export function portsOfSwitch(network: Network, where: string): readonly NamedPort[] {
  const all = [
    ...network.nodes.flatMap((node) => portsOfNode(network, where, node)),
    ...network.trunks.filter(({ ends }) => ends.includes(where)).map(({ ends: [one, other] }) => trunkTo(one === where ? other : one)),
    ...network.segments
      .filter((segment) => segment.attachment.mode !== 'internal' && hostSwitch(segment) === where)
      .map(({ name: segment }): Plugged => ({ who: 'host', port: { kind: 'host', segment }, networks: [[segment, 0]] })),
  ];
  return [...groupBy(all, ({ who }) => who).values()].flatMap((group) =>
    group.map(({ who, port, networks }) => ({
      name: group.length > 1 && 'segment' in port ? `${who}.${port.segment}` : who,
      device: switchPortDevice(network, where, port),
      networks: new Map(networks),
    })),
  );
}

const trunkTo = (to: string): Plugged => ({ who: to, port: { kind: 'trunk', to }, networks: [] });

function portsOfNode({ segments }: Network, where: string, { name, wires, interfaces }: Node): readonly Plugged[] {
  const vlans = new Map(segments.map((segment) => [segment.name, segment.vlan]));
  const own = wires.filter((wire) => wire.switch === where);
  const carried = new Set(own.flatMap(({ tagged, untagged }) => [...tagged, untagged]));
  const plain = interfaces.filter(
    ({ segment, switch: chosen }) => !carried.has(segment) && (chosen ?? vlans.get(segment)?.switches[0]) === where,
  );
  return [
    ...own.map(
      ({ tagged, untagged }): Plugged => ({
        who: name,
        port: { kind: 'wire', node: name },
        networks: [
          ...tagged.map((segment) => [segment, vlans.get(segment)?.id ?? 0] as const),
          ...(untagged === undefined ? [] : [[untagged, 0] as const]),
        ],
      }),
    ),
    ...plain.map(({ segment }): Plugged => ({ who: name, port: { kind: 'interface', node: name, segment }, networks: [[segment, 0]] })),
  ];
}
