/** What of a network does not work while machines are stopped and cables are pulled out. */
import type { Network } from '../network/network.ts';
import { type Outage, trunkName } from '../network/outage.ts';
import { cablesOf } from './cable.ts';

export function outageOf(network: Network, stopped: ReadonlySet<string>, pulled: ReadonlySet<string>): Outage {
  const out = cablesOf(network).filter(
    ({ name, kind, ends }) => pulled.has(name) || (kind === 'link' && ends.some(({ node }) => stopped.has(node))),
  );
  // A machine that is stopped takes its switch along.
  const off = new Set(network.switches.flatMap(({ name, machine }) => (machine !== undefined && stopped.has(machine) ? [name] : [])));
  const cut = network.trunks.filter((trunk) => pulled.has(trunkName(trunk)) || trunk.ends.some((end) => off.has(end)));
  return {
    stopped,
    // A cable between two machines has no carrier at either end; one to a switch is missed by its machine alone.
    dead: new Set(out.flatMap(({ ends }) => ends.map(({ node, segment }) => `${node}/${segment}`))),
    cut: new Set(cut.map(trunkName)),
  };
}
