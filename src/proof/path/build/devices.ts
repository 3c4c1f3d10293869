/** Interfaces as resources make them. */
import type { Resource } from '../../../resource/kinds.ts';
import { HOST } from '../../../resource/resource.ts';
import type { Device } from '../model.ts';

/** What bridges have unless they are told another (linux: 0x8000). */
const LINUX_PRIORITY = 32768;

export interface Placed {
  readonly namespace: string;
  readonly device: Device;
}

/** None for what makes no interface. */
export function devicesOf(resource: Resource): readonly Placed[] {
  switch (resource.kind) {
    case 'veth':
      return resource.ends.flatMap((end, place): readonly Placed[] => {
        const other = resource.ends[1 - place];
        if (other === undefined) return [];
        const device: Device = {
          name: end.device,
          mac: end.mac,
          mtu: end.mtu ?? resource.mtu,
          peer: { namespace: other.namespace, device: other.device },
          ...(end.master !== undefined && { master: end.master }),
          ...(end.vlans !== undefined && { vlans: end.vlans }),
          ...(!end.up && { down: true }),
          ...(!other.up && { noCarrier: true }),
          ...(end.localnet === true && { localnet: true }),
        };
        return [{ namespace: end.namespace, device }];
      });
    case 'bridge':
      return placed(resource, {
        filters: resource.vlanFiltering === true,
        ...(resource.stp && { tree: { priority: LINUX_PRIORITY } }),
        ...(!resource.up && { down: true }),
      });
    case 'macvlan':
      return placed(resource, { parent: resource.parent, ...(!resource.up && { down: true }) });
    case 'vlan':
      return placed(resource, { tag: { parent: resource.parent, id: resource.id }, ...(!resource.up && { down: true }) });
    case 'ovs-switch':
      return placed(
        { ...resource, mtu: 0 },
        {
          openVSwitch: true,
          filters: true,
          ...(resource.spanningTree !== 'off' && { tree: { priority: resource.priority } }),
          ...(resource.forwardsBpdu === true && { forwardsBpdu: true }),
        },
      );
    case 'tunnel':
      return placed(resource, {
        tunnel: resource,
        entries: [],
        ...(resource.master !== undefined && { master: resource.master }),
        ...(resource.isolated === true && { isolated: true }),
        ...(!resource.up && { down: true }),
      });
    case 'bridge-port':
      return placed({ namespace: HOST, device: resource.device, mac: '', mtu: 0 }, { master: resource.master });
    default:
      return [];
  }
}

interface Named {
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  readonly mtu: number;
}

const placed = ({ namespace, device: name, mac, mtu }: Named, more: Partial<Device>): readonly Placed[] => [
  { namespace, device: { name, mac, mtu, ...more } },
];
