import type { Impairment } from '../network/impairment.ts';
import type { Network } from '../network/network.ts';
import type { Outage } from '../network/outage.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Namespace } from '../resource/namespace.ts';
import type { Veth } from '../resource/veth.ts';
import { compileAccess } from './access.ts';
import { withoutCarrier } from './cable.ts';
import { compileFrr } from './frr/frr.ts';
import { compileImpairments } from './impairment.ts';
import { outageOf } from './outage.ts';
import { fabricOf, hasSwitch, namespaceOf } from './placement.ts';
import { compileRouting } from './routing.ts';
import { compileServices } from './service.ts';
import { withoutForwardsTo, withoutNodes } from './stopped.ts';
import { compileSwitches, portsOf } from './switches.ts';
import { compileSwitching } from './switching.ts';
import { compileTables } from './tables.ts';
import { underTunnels } from './underlay.ts';

export interface CompileOptions {
  /** Names of the nodes that are stopped. */
  readonly stopped?: ReadonlySet<string>;
  /** By the names of cables, what they do to packets instead of what the file says. */
  readonly impaired?: ReadonlyMap<string, Impairment>;
  /** Names of the cables that are pulled out. */
  readonly pulled?: ReadonlySet<string>;
}

/** Everything that a host must hold for the network to be. Pure: the same network and facts give the same resources. */
export function compile(
  network: Network,
  host: HostFacts,
  { stopped = new Set(), impaired = new Map(), pulled = new Set() }: CompileOptions = {},
): readonly Resource[] {
  const outage = outageOf(network, stopped, pulled);
  const whole = compileAll(stopped.size === 0 ? network : withoutForwardsTo(stopped, network), host, impaired, outage);
  const resources = pulled.size === 0 ? whole : withoutCarrier(pulled, whole);
  return stopped.size === 0 ? resources : withoutNodes(stopped, network.name, resources);
}

function compileAll(network: Network, host: HostFacts, impaired: ReadonlyMap<string, Impairment>, outage: Outage): readonly Resource[] {
  const nodes = network.nodes.map(
    (node): Namespace => ({ kind: 'namespace', origin: node.origin, name: namespaceOf(network.name, node.name) }),
  );
  const fabric: readonly Namespace[] =
    network.segments.some(hasSwitch) || network.switches.length > 0
      ? [{ kind: 'namespace', origin: ['name'], name: fabricOf(network.name) }]
      : [];
  const wires = underTunnels(network, host, [...compileSwitches(network, host), ...compileSwitching(network, portsOf(network, host))]);
  const veths = wires.filter((wire): wire is Veth => wire.kind === 'veth');
  return [
    ...fabric,
    ...nodes,
    ...compileTables(network),
    ...compileAccess(network, wires),
    ...wires,
    ...compileImpairments(network, veths, impaired),
    ...compileRouting(network, host),
    ...compileServices(network, host),
    ...compileFrr(network, host, outage),
  ];
}
