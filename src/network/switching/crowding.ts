import type { Leg } from '../legs.ts';
import type { NodeDraft } from '../nodes.ts';
import type { Report } from '../report.ts';
import { type Switching, switchAt } from './switches.ts';

/** BR_PORT_BITS of the kernel: ten bits, and none has the number 0. */
const MOST_PORTS = 1023;

/** Networks with a switch of their own get several bridges where one is too small; a switch that the file names is one. */
export function checkCrowding(nodes: readonly NodeDraft[], hostLegs: readonly Leg[], switching: Switching, report: Report): void {
  const cables = new Map<string, Set<string>>();
  const plug = (where: string | undefined, cable: string): void => {
    if (where !== undefined) cables.set(where, (cables.get(where) ?? new Set()).add(cable));
  };
  for (const { name, legs } of nodes) {
    const shared = new Set(legs.flatMap((leg) => (leg.tagged === true ? [switchAt(leg, switching)] : [])));
    for (const leg of legs) {
      const where = switchAt(leg, switching);
      plug(where, shared.has(where) ? name : `${name}/${leg.segment}`);
    }
  }
  for (const leg of hostLegs) plug(switchAt(leg, switching), `host/${leg.segment}`);
  for (const { ends } of switching.trunks) for (const end of ends) plug(end, `trunk/${ends.join('/')}`);
  for (const { name, type, origin } of switching.switches) {
    const count = cables.get(name)?.size ?? 0;
    if (type === 'ovs' || count <= MOST_PORTS) continue;
    const may = type === 'auto' ? ', which it may be,' : '';
    report.error('switch-full', origin, `${count} cables are plugged into \`${name}\`, and a Linux bridge${may} takes ${MOST_PORTS}`, {
      at: 'key',
      remedy: 'Set `type: ovs`, or put some of its machines on another switch, with a trunk between the two.',
    });
  }
}
