/** Which names of the file stand behind addresses, MAC addresses, devices and namespaces. */
import { formatAddress } from '../../address/format.ts';
import { linkLocal } from '../../address/link-local.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { hostsOf } from '../../network/hosts.ts';
import type { Network } from '../../network/network.ts';
import type { Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { EngineError } from '../error.ts';
import { nodeOf, type Running } from '../running.ts';

/** A network stack of a running bottle. */
export interface Stack {
  /** A machine, router or bridge, or `host`. */
  readonly at: string;
  readonly namespace: string;
  /** Networks and links by the device that leads into them. On the host there are others besides, which are none of the bottle's. */
  readonly devices: ReadonlyMap<string, string>;
}

/**
 * The stacks of those that run, or the one of that name. The host's is among them where it has devices of the bottle.
 * @throws EngineError `no-machine`, `machine-stopped`
 */
export function stacksOf({ network, state }: Running, only?: string): readonly Stack[] {
  const host: Stack = { at: 'host', namespace: HOST, devices: hostDevices(network, state.resources) };
  if (only === 'host') return [host];
  const node = only === undefined ? undefined : nodeOf(network, only);
  if (node !== undefined && state.stopped?.includes(node.name) === true)
    throw new EngineError('machine-stopped', `${only} is stopped`, {
      remedy: `Start it again: \`bottle start -b ${network.name} ${only}\`.`,
    });
  const nodes = network.nodes
    .filter(({ name }) => (only === undefined ? state.stopped?.includes(name) !== true : name === only))
    .map(({ name, interfaces, bridge }): Stack => {
      const devices = new Map(interfaces.map(({ device, segment }) => [device, segment]));
      if (bridge !== undefined) devices.set(bridge.device, 'all');
      return { at: name, namespace: namespaceOf(network.name, name), devices };
    });
  return only === undefined && host.devices.size > 0 ? [...nodes, host] : nodes;
}

function hostDevices(network: Network, resources: readonly Resource[]): ReadonlyMap<string, string> {
  const segments = new Map(
    network.segments.flatMap(({ name, attachment }) => ('host' in attachment ? [[attachment.host.device, name]] : [])),
  );
  const found = resources.flatMap((resource): readonly string[] => {
    if (resource.kind === 'veth') return resource.ends.filter(({ namespace }) => namespace === HOST).map(({ device }) => device);
    return resource.kind === 'bridge' && resource.namespace === HOST ? [resource.device] : [];
  });
  return new Map(found.map((device) => [device, segments.get(device) ?? '']));
}

/** Names by the text of addresses: `web`, or `host`. Routing protocols send by link-local ones. */
export const ownersOfAddresses = (network: Network): ReadonlyMap<string, string> =>
  new Map([
    ...network.nodes.flatMap(({ name, interfaces }) => interfaces.map(({ mac }) => [formatAddress(linkLocal(mac)), name] as const)),
    ...hostsOf(network).map(({ address, names }) => {
      const shortest = names.at(-1) ?? '';
      return [formatAddress(address), shortest.startsWith('host.') ? 'host' : shortest] as const;
    }),
  ]);

/** Names by MAC address. */
export function ownersOfMacs(network: Network): ReadonlyMap<string, string> {
  const nodes = network.nodes.flatMap(({ name, interfaces, bridge }) => [
    ...interfaces.map(({ mac }) => [mac, name] as const),
    ...(bridge === undefined ? [] : [[bridge.mac, name] as const]),
  ]);
  const hosts = network.segments.flatMap(({ attachment }) => ('host' in attachment ? [[attachment.host.mac, 'host'] as const] : []));
  return new Map([...nodes, ...hosts]);
}
