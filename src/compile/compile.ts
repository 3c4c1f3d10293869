import type { Network } from '../network/network.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Namespace } from '../resource/namespace.ts';
import { fabricOf, hasSwitch, namespaceOf } from './placement.ts';
import { compileRouting } from './routing.ts';
import { compileServices } from './service.ts';
import { withoutForwardsTo, withoutNodes } from './stopped.ts';
import { compileSwitching } from './switching.ts';
import { compileTables } from './tables.ts';

export interface CompileOptions {
  /** Names of the nodes that are stopped. */
  readonly stopped?: ReadonlySet<string>;
}

/** Everything that a host must hold for the network to be. Pure: the same network and facts give the same resources. */
export function compile(network: Network, host: HostFacts, { stopped = new Set() }: CompileOptions = {}): readonly Resource[] {
  if (stopped.size === 0) return compileAll(network, host);
  return withoutNodes(stopped, network.name, compileAll(withoutForwardsTo(stopped, network), host));
}

function compileAll(network: Network, host: HostFacts): readonly Resource[] {
  const nodes = network.nodes.map(
    (node): Namespace => ({ kind: 'namespace', origin: node.origin, name: namespaceOf(network.name, node.name) }),
  );
  const fabric: readonly Namespace[] = network.segments.some(hasSwitch)
    ? [{ kind: 'namespace', origin: ['name'], name: fabricOf(network.name) }]
    : [];
  return [
    ...fabric,
    ...nodes,
    ...compileTables(network),
    ...compileSwitching(network),
    ...compileRouting(network, host),
    ...compileServices(network, host),
  ];
}
