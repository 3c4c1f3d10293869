/** What bridges and tunnels of Linux remember. */
import type { Device } from '../../backend/kernel/netlink/devices.ts';
import { type HeldNeighbour, NUD_NOARP, NUD_PERMANENT } from '../../backend/kernel/netlink/neighbour.ts';
import type { ShownSwitch } from './switches.ts';

export interface Heard {
  readonly at: ShownSwitch;
  /** Who or what it leads to. */
  readonly port: string;
  readonly mac: string;
  /** The other endpoint of a tunnel. */
  readonly address?: string;
  readonly vlan?: number;
  readonly kind: 'learned' | 'fixed' | 'own';
  /** Seconds since something was heard, and after which it is forgotten; of what was learned. */
  readonly age?: number;
  readonly ageing?: number | undefined;
}

/** @param switches all that matter of one namespace */
export function heardBy(switches: readonly ShownSwitch[], held: readonly Device[], table: readonly HeldNeighbour[]): readonly Heard[] {
  const byIndex = new Map(held.map((device) => [device.index, device]));
  // A large network has more than one bridge; their ports tell whose they are.
  const byDevice = new Map(switches.flatMap((one) => [...one.ports.keys()].map((device) => [device, one] as const)));
  return table.flatMap(({ device, master, mac, address, vlan, state, refreshed }): readonly Heard[] => {
    // Each device has a list of its own besides, of what it takes in.
    if (master === 0 && address === '') return [];
    const name = byIndex.get(device)?.name ?? '';
    const bridge = byIndex.get(master);
    const at = byDevice.get(name) ?? byDevice.get(bridge?.name ?? '');
    if (at === undefined) return [];
    const ageing = bridge?.bridge?.ageing;
    const isLearned = (state & (NUD_PERMANENT | NUD_NOARP)) === 0;
    const isOwn = (state & NUD_PERMANENT) !== 0 && address === '';
    return [
      {
        at,
        port: at.ports.get(name) ?? at.ports.get(bridge?.name ?? '') ?? name,
        mac,
        ...(address === '' ? {} : { address }),
        ...(vlan === undefined ? {} : { vlan }),
        kind: isOwn ? 'own' : isLearned ? 'learned' : 'fixed',
        ...(isLearned ? { age: refreshed, ageing } : {}),
      },
    ];
  });
}
