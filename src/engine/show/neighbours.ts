import { devices } from '../../backend/kernel/netlink/devices.ts';
import { type HeldNeighbour, NUD_NOARP, neighbours } from '../../backend/kernel/netlink/neighbour.ts';
import { visit } from '../../backend/kernel/visit.ts';
import type { Context } from '../context.ts';
import type { Running } from '../running.ts';
import { ownersOfAddresses, ownersOfMacs, stacksOf } from './whose.ts';

/** NUD_* of linux/neighbour.h. */
const STATES: readonly (readonly [number, string])[] = [
  [0x01, 'incomplete'],
  [0x02, 'reachable'],
  [0x04, 'stale'],
  [0x08, 'delay'],
  [0x10, 'probe'],
  [0x20, 'failed'],
  [0x80, 'permanent'],
];

export interface ShownNeighbour {
  readonly at: string;
  /** The network or link that it is in. */
  readonly network: string;
  readonly device: string;
  readonly address: string;
  /** Who has the address, by the file. */
  readonly name?: string;
  /** Absent where nobody has answered. */
  readonly mac?: string;
  /** Who has the MAC address, by the file. */
  readonly owner?: string;
  /** As `ip neighbour` says it, in small letters. */
  readonly state: string;
  /** Seconds since it was last known to be there; absent where that never was, as of who has only asked. */
  readonly confirmed?: number;
}

/** NUD_STALE, and the seconds by which the kernel puts the confirmation of a new entry back (neigh_create: twice base_reachable_time). */
const STALE = 0x04;
const NEVER = 60;

/** What nobody has confirmed has been stale since it was made; of what is being asked again, that long after, it cannot be told. */
function isConfirmed({ state, confirmed, refreshed }: HeldNeighbour): boolean {
  const before = confirmed - refreshed;
  return before < NEVER - 0.1 || ((state & STALE) !== 0 && before > NEVER + 0.1);
}

/** Whom the machines of a bottle, or one of them, know on the wire: ARP and neighbour discovery. */
export function showNeighbours({ home }: Context, running: Running, only?: string): readonly ShownNeighbour[] {
  const { network } = running;
  const [addresses, macs] = [ownersOfAddresses(network), ownersOfMacs(network)];
  return stacksOf(running, only).flatMap(({ at, namespace, devices: segments }) =>
    visit({ home, bottle: network.name }, namespace, (socket) => {
      const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
      return [...neighbours(socket, 'ipv4'), ...neighbours(socket, 'ipv6')].flatMap((entry): readonly ShownNeighbour[] => {
        const { device: index, address, mac, state } = entry;
        const device = names.get(index) ?? '';
        const segment = segments.get(device);
        // What needs no resolution, such as multicast, is no neighbour.
        if (segment === undefined || (state & NUD_NOARP) !== 0) return [];
        const [name, owner] = [addresses.get(address), macs.get(mac)];
        return [
          {
            at,
            network: segment,
            device,
            address,
            ...(name === undefined ? {} : { name }),
            ...(mac === '' ? {} : { mac }),
            ...(owner === undefined ? {} : { owner }),
            state: STATES.find(([bit]) => (state & bit) !== 0)?.[1] ?? 'none',
            ...(isConfirmed(entry) && { confirmed: entry.confirmed }),
          },
        ];
      });
    }),
  );
}
