/** What the file calls the places where packets end: machines, the host, switches, cables. */
import { cablesOf } from '../../compile/cable.ts';
import { fabricOf, namespaceOf, portDevice, switchDevice, switchNamespace, trunkDevice } from '../../compile/placement.ts';
import { namedSwitchDevice } from '../../compile/switching/ports.ts';
import type { Network } from '../../network/network.ts';
import { trunkName } from '../../network/outage.ts';
import type { Ending, Step } from '../../proof/path/step.ts';
import { HOST } from '../../resource/resource.ts';

/** A namespace in the words of the file: a machine's name, `host`, or the switches. */
export function nameOfNamespace(network: Network, namespace: string): string {
  if (namespace === HOST) return 'host';
  return namespace === fabricOf(network.name) ? 'switch' : namespace.slice(network.name.length + 1);
}

/** Where a packet ends that has gone these steps; of the switches, the one that it came to last. */
export function nameOfPlace(network: Network, at: string, steps: readonly Step[]): string {
  const name = nameOfNamespace(network, at);
  if (at !== fabricOf(network.name)) return name;
  const last = steps.findLast((step) => step.at === at && step.kind === 'bridged');
  return last?.kind === 'bridged' ? nameOfSwitch(network, last.bridge) : name;
}

/** Of a network that has a switch of its own, that network's name. */
const nameOfSwitch = ({ switches, segments }: Network, device: string): string =>
  switches.find(({ name }) => namedSwitchDevice(name) === device)?.name ??
  segments.find((segment) => switchDevice(segment) === device)?.name ??
  device;

/** A device that is down, as what `bottle link` takes out: `alice/office`, `boxa/boxb`; else the device and where it is. */
export function nameOfDown(network: Network, { at, device }: Extract<Ending, { readonly kind: 'link-down' }>['down']): string {
  for (const trunk of network.trunks) {
    const [one, other] = trunk.ends;
    if (isTrunk(network, at, device, one, other) || isTrunk(network, at, device, other, one)) return trunkName(trunk);
  }
  for (const node of network.nodes) {
    const own = namespaceOf(network.name, node.name);
    const plugs = [
      ...node.interfaces.map(({ segment, device: inside }) => ({ segment, inside })),
      ...node.wires.map((wire) => ({ segment: wire.switch, inside: wire.device })),
    ];
    const plug = plugs.find(({ segment, inside }) =>
      at === own ? device === inside : at !== HOST && device === portDevice(node, { segment }),
    );
    if (plug === undefined) continue;
    const name = `${node.name}/${plug.segment}`;
    return cablesOf(network).find(({ names }) => names.includes(name))?.title ?? name;
  }
  return `${device} of ${nameOfNamespace(network, at)}`;
}

const isTrunk = (network: Network, at: string, device: string, here: string, there: string): boolean =>
  at === switchNamespace(network, here) && device === trunkDevice(here, there);

/** What `explain` and `trace` call places. */
export const placeNames = (
  network: Network,
): {
  readonly nameOf: (namespace: string, steps?: readonly Step[]) => string;
  readonly nameOfDown: (down: Parameters<typeof nameOfDown>[1]) => string;
} => ({
  nameOf: (namespace, steps = []) => nameOfPlace(network, namespace, steps),
  nameOfDown: (down) => nameOfDown(network, down),
});
