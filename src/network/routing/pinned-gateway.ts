/** One route by hand that brings a flow's two ways together. */
import type { Address } from '../../address/ip.ts';
import type { Network, Node } from '../network.ts';
import type { UnicastRoute } from './route.ts';
import { createWalker, type Walk } from './walk.ts';

export interface Way {
  /** A node's name. */
  readonly from: string;
  readonly to: Address;
  readonly walk: Walk;
}

export interface Pin {
  readonly node: Node;
  /** The network whose packets are pinned. */
  readonly destination: string;
  /** The router that they have to take. */
  readonly gateway: string;
}

/** Where a route by hand has led astray if possible, else at the end that answers; undefined where one route cannot do it. */
export function pinFor(network: Network, there: Way, back: Way): Pin | undefined {
  const ways = there.walk.given.length > 0 && back.walk.given.length === 0 ? [there, back] : [back, there];
  return ways.map((astray) => pinOf(network, astray, astray === there ? back : there)).find((pin) => pin !== undefined);
}

/** Sends `astray` by the router that the packets of `model` came from last, if both then go the same way. */
function pinOf(network: Network, astray: Way, model: Way): Pin | undefined {
  const gateway = model.walk.routers.at(-1);
  const destination = model.walk.segments[0];
  const shared = model.walk.segments.at(-1);
  const node = network.nodes.find(({ name }) => name === astray.from);
  const subnet = network.segments.find(({ name }) => name === destination)?.subnets.find(({ family }) => family === astray.to.family);
  if (gateway === undefined || destination === undefined || node === undefined || subnet === undefined) return undefined;
  const device = node.interfaces.find(({ segment }) => segment === shared)?.device;
  const via = network.nodes
    .find(({ name }) => name === gateway)
    ?.interfaces.find(({ segment }) => segment === shared)
    ?.addresses.find(({ address }) => address.family === astray.to.family)?.address;
  if (device === undefined || via === undefined) return undefined;
  const route: UnicastRoute = { type: 'unicast', to: subnet, via, device, given: true, origin: node.origin };
  const others = node.routes.filter(({ to }) => !(to.family === subnet.family && to.value === subnet.value && to.length === subnet.length));
  const pinned = { ...network, nodes: network.nodes.map((one) => (one === node ? { ...node, routes: [route, ...others] } : one)) };
  const walker = createWalker(pinned);
  const [way, answer] = [walker.walk(model.from, model.to), walker.walk(astray.from, astray.to)];
  const same =
    way.outcome === 'delivered' && answer.outcome === 'delivered' && way.routers.join(' ') === answer.routers.toReversed().join(' ');
  return same ? { node, destination, gateway } : undefined;
}
