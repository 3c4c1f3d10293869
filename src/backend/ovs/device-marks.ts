/** Devices that an Open vSwitch makes for its bridges and internal ports: it makes them down, and without a mark. */
import { withoutLinkLocal } from '../kernel/configure-device.ts';
import { markIn, markText } from '../kernel/mark.ts';
import { changeDevice, devices, setUp } from '../kernel/netlink/link.ts';
import { type Site, visit } from '../kernel/visit.ts';

/** Bytes. What Open vSwitch gives them. */
const MTU = 1500;

/** Those that are up and bear the bottle's mark. */
export const readyDevices = (site: Site, namespace: string): ReadonlySet<string> =>
  visit(
    site,
    namespace,
    (socket) => new Set(devices(socket).flatMap(({ name, up, alias }) => (up && markIn(alias)?.bottle === site.bottle ? [name] : []))),
  );

export function markDevices(site: Site, namespace: string, names: readonly string[]): void {
  if (names.length === 0) return;
  visit(site, namespace, (socket) => {
    for (const name of names) {
      changeDevice(socket, name, { alias: markText({ bottle: site.bottle, kind: 'ovs', name, end: 0 }) });
      withoutLinkLocal(socket, { device: name, mtu: MTU });
      setUp(socket, name, true);
    }
  });
}
