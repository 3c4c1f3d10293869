/** What of a network does not work while machines are stopped and cables are pulled out. */
import type { Network } from '../network/network.ts';
import type { Outage } from '../network/outage.ts';
import { cablesOf } from './cable.ts';

export function outageOf(network: Network, stopped: ReadonlySet<string>, pulled: ReadonlySet<string>): Outage {
  const cables = cablesOf(network).filter(
    ({ name, segment, nodes }) => pulled.has(name) || (segment.kind === 'link' && nodes.some((node) => stopped.has(node))),
  );
  // A cable between two machines has no carrier at either end; one to a switch is missed by its machine alone.
  return { stopped, dead: new Set(cables.flatMap(({ nodes, segment }) => nodes.map((node) => `${node}/${segment.name}`))) };
}
