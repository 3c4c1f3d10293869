import type { Network } from '../network/network.ts';
import type { Outage } from '../network/outage.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Namespace } from '../resource/namespace.ts';
import { compileAccess } from './access.ts';
import { cablesOf } from './cable.ts';
import { withoutCarrier } from './carrier.ts';
import { compileFrr } from './frr/frr.ts';
import { compileImpairments, type Impaired, impairmentOf } from './impairment.ts';
import { outageOf } from './outage.ts';
import { fabricOf, hasSwitch, namespaceOf } from './placement.ts';
import { compileRouting } from './routing.ts';
import { compileServices } from './service.ts';
import { withoutForwardsTo, withoutNodes } from './stopped.ts';
import { portsOf } from './switching/plugging.ts';
import { compileSwitching } from './switching/segments.ts';
import { compileSwitches } from './switching/switches.ts';
import { compileTables } from './tables.ts';
import { underTunnels } from './underlay.ts';

export interface CompileOptions {
  /** Names of the nodes that are stopped. */
  readonly stopped?: ReadonlySet<string>;
  /** By the names of cables, what they do to packets instead of what the file says. */
  readonly impaired?: Impaired;
  /** Names of the cables that are pulled out. */
  readonly pulled?: ReadonlySet<string>;
  /** Trunks that the spanning tree leaves unused, by `trunkName`: routers hear nothing of each other over them. */
  readonly unused?: ReadonlySet<string>;
}

/** Everything that a host must hold for the network to be. Pure: the same network and facts give the same resources. */
export function compile(
  network: Network,
  host: HostFacts,
  { stopped = new Set(), impaired = new Map(), pulled = new Set(), unused = new Set() }: CompileOptions = {},
): readonly Resource[] {
  const out = outageOf(network, stopped, pulled);
  const outage = { ...out, cut: new Set([...out.cut, ...unused]) };
  const whole = compileAll(stopped.size === 0 ? network : withoutForwardsTo(stopped, network), host, { impaired, pulled, outage });
  const resources = pulled.size === 0 ? whole : withoutCarrier(pulled, network, whole);
  return stopped.size === 0 ? resources : withoutNodes(stopped, network.name, resources);
}

interface Present {
  readonly impaired: Impaired;
  readonly pulled: ReadonlySet<string>;
  readonly outage: Outage;
}

function compileAll(network: Network, host: HostFacts, { impaired, pulled, outage }: Present): readonly Resource[] {
  const nodes = network.nodes.map(
    (node): Namespace => ({ kind: 'namespace', origin: node.origin, name: namespaceOf(network.name, node.name) }),
  );
  const fabric: readonly Namespace[] =
    network.segments.some(hasSwitch) || network.switches.length > 0
      ? [{ kind: 'namespace', origin: ['name'], name: fabricOf(network.name) }]
      : [];
  const spliced = cablesOf(network).filter((cable) => pulled.has(cable.name) || impairmentOf(cable, impaired) !== undefined);
  const wires = underTunnels(network, host, [
    ...compileSwitches(network, host, new Set(spliced.map(({ name }) => name))),
    ...compileSwitching(network, portsOf(network, host)),
  ]);
  return [
    ...fabric,
    ...nodes,
    ...compileTables(network),
    ...compileAccess(network, wires),
    ...wires,
    ...compileImpairments(network, wires, impaired),
    ...compileRouting(network, host),
    ...compileServices(network, host),
    ...compileFrr(network, host, outage),
  ];
}
