import type { Network, Node } from './network.ts';
import { largestMtu } from './segments.ts';

/** With other MTUs than it was put together with: those of networks, by their names, and what follows from them. */
export function withMtus(network: Network, mtus: ReadonlyMap<string, number>): Network {
  const segments = network.segments.map((segment) => ({ ...segment, mtu: mtus.get(segment.name) ?? segment.mtu }));
  if (segments.every(({ mtu }, index) => mtu === network.segments[index]?.mtu)) return network;
  const largest = (names: readonly string[]): number => largestMtu(segments.filter(({ name }) => names.includes(name)));
  const nodeWith = (node: Node): Node => ({
    ...node,
    wires: node.wires.map((wire) => ({ ...wire, mtu: largest([...wire.tagged, ...(wire.untagged === undefined ? [] : [wire.untagged])]) })),
    ...(node.bridge !== undefined && {
      bridge: {
        ...node.bridge,
        mtu: Math.min(...segments.filter(({ name }) => node.interfaces.some(({ segment }) => segment === name)).map(({ mtu }) => mtu)),
      },
    }),
  });
  return Object.freeze({
    ...network,
    segments: frozen(segments),
    switches: frozen(
      network.switches.map((one) => ({
        ...one,
        mtu: largestMtu(segments.filter(({ vlan }) => vlan?.switches.includes(one.name) === true)),
      })),
    ),
    trunks: frozen(network.trunks.map((trunk) => ({ ...trunk, mtu: largest(trunk.carries.map(({ segment }) => segment)) }))),
    nodes: frozen(network.nodes.map(nodeWith)),
  });
}

const frozen = <T extends object>(list: readonly T[]): readonly T[] => Object.freeze(list.map((one) => Object.freeze(one)));
