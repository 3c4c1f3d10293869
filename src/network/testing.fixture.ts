import { formatAddress, formatPrefix } from '../address/format.ts';
import type { BottleFile } from '../spec/schema/bottle.ts';
import type { Network, Node } from './network.ts';
import { resolve } from './resolve.ts';

/** For tests: the network of a file that has no error. */
export function networkOf(file: BottleFile): Network {
  const { network, diagnostics } = resolve(file);
  if (network === undefined) throw new Error(diagnostics.map(({ code, message }) => `${code}: ${message}`).join('\n'));
  return network;
}

/** For tests: what is said of a file, `code origin`. */
export function said(file: BottleFile): readonly string[] {
  return resolve(file).diagnostics.map(({ code, origin }) => `${code} ${origin?.join('.')}`);
}

export function nodeOf(network: Network, name: string): Node {
  const node = network.nodes.find((one) => one.name === name);
  if (node === undefined) throw new Error(`no ${name}`);
  return node;
}

/** For tests: `10.1.0.10/24` of a node, by network. */
export function addressesIn(network: Network, name: string): Readonly<Record<string, readonly string[]>> {
  const { interfaces } = nodeOf(network, name);
  return Object.fromEntries(
    interfaces.map(({ segment, addresses }) => [
      segment,
      addresses.map(({ address, prefixLength }) => `${formatAddress(address)}/${prefixLength}`),
    ]),
  );
}

/** For tests: routes as `10.3.0.0/24 via 10.1.0.2 dmz`. */
export function routesOf(network: Network, name: string): readonly string[] {
  return nodeOf(network, name).routes.map((route) => {
    const to = route.to.length === 0 ? 'default' : formatPrefix(route.to);
    return route.type === 'unreachable' ? `${to} unreachable` : `${to} via ${formatAddress(route.via)} ${route.device}`;
  });
}
