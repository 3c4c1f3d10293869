/** Devices that an Open vSwitch makes for its bridges and internal ports: it makes them down, and without a mark. */
import { join } from 'node:path';
import { withoutLinkLocal } from '../kernel/configure-device.ts';
import { markIn, markText } from '../kernel/mark.ts';
import { devices } from '../kernel/netlink/devices.ts';
import { changeDevice, setUp } from '../kernel/netlink/link.ts';
import { type Site, visit } from '../kernel/visit.ts';
import { lastLines } from '../process/log-file.ts';
import { OvsError } from './ovs-error.ts';
import type { Place } from './place.ts';

/** Bytes. What Open vSwitch gives them. */
const MTU = 1500;

/** Those that are up and bear the bottle's mark. */
export const readyDevices = (site: Site, namespace: string): ReadonlySet<string> =>
  visit(
    site,
    namespace,
    (socket) => new Set(devices(socket).flatMap(({ name, up, alias }) => (up && markIn(alias)?.bottle === site.bottle ? [name] : []))),
  );

/** @throws OvsError `ovs-interface` for one that was not made */
export function markDevices({ site, namespace, directory }: Place, names: readonly string[]): void {
  if (names.length === 0) return;
  visit(site, namespace, (socket) => {
    const there = new Set(devices(socket).map(({ name }) => name));
    const lost = names.filter((name) => !there.has(name));
    if (lost.length > 0) {
      const words = lastLines(join(directory, 'ovs-vswitchd.log'), 3);
      throw new OvsError('ovs-interface', [`Open vSwitch in ${namespace} did not make ${lost.join(', ')}`, ...words].join('\n  '));
    }
    for (const name of names) {
      changeDevice(socket, name, { alias: markText({ bottle: site.bottle, kind: 'ovs', name, end: 0 }) });
      withoutLinkLocal(socket, { device: name, mtu: MTU });
      setUp(socket, name, true);
    }
  });
}
