/** What a promise says of packets, and whether it is so of all of them. */
import type { Address, Family } from '../../address/ip.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import { intersection, union } from '../sets/stretches.ts';
import { withChosenSource } from './chosen-source.ts';
import { fromClients } from './clients.ts';
import { elsewhere } from './elsewhere.ts';
import type { Ground } from './ground.ts';
import { answered, type Outcome, type Party, send, sendFromOutside, through } from './question.ts';
import type { Space } from './space.ts';

/** Packets to these ports, or echo requests. */
export type Asked = { readonly protocol: 'icmp' } | { readonly protocol: 'tcp' | 'udp'; readonly from: number; readonly to: number };

export interface Claim {
  /** Parties that differ in nothing but their addresses, or `outside`: whoever is beyond the host. */
  readonly from: readonly Party[] | 'outside';
  /** At which it is asked; all that the end stands for. */
  readonly asked: readonly Address[];
  readonly all: readonly Address[] | 'outside';
  /** What is of one machine at both ends. */
  readonly own: readonly (readonly Address[])[];
  readonly services: readonly Asked[];
  readonly mode: 'at-least' | 'only' | 'nothing';
}

/** Packets as they are sent. */
export interface Breach {
  /** Those that are not answered and should be, and those that arrive and should not. */
  readonly kind: 'missing' | 'extra';
  readonly family: Family;
  readonly packets: Node;
}

export function breachesOf(ground: Ground, claim: Claim): readonly Breach[] {
  return ([4, 6] as const).flatMap((family) => breachesIn(ground, claim, family));
}

function breachesIn(ground: Ground, claim: Claim, family: Family): readonly Breach[] {
  const { space } = ground;
  const { diagram } = space;
  const services = servicesOf(space, family, claim.services);
  const asked = claim.all === 'outside' ? elsewhere(ground, family) : space.addresses('destination', family, claim.asked);
  const all = claim.all === 'outside' ? asked : space.addresses('destination', family, claim.all);
  // What is asked of nobody else is not followed: it may come to where the proof has no words.
  const least = (): Node => intersection(diagram, [asked, services, fromClients(space, family)]);
  const wanted = diagram.diff(claim.mode === 'at-least' ? least() : all, ownOf(space, family, claim.own));
  // Whoever is outside has whatever source it has.
  const chosen = claim.from === 'outside' ? space.plain(family) : withChosenSource(ground, claim.from, family);
  const breaches: Breach[] = [];
  for (const outcome of outcomesOf(ground, claim, family, wanted)) {
    const back = answered(ground, outcome, family);
    if (claim.mode !== 'nothing') {
      const promised = intersection(diagram, [outcome.sent, asked, services, chosen, fromClients(space, family)]);
      const missing = diagram.diff(promised, back);
      if (missing !== EMPTY) breaches.push({ kind: 'missing', family, packets: missing });
    }
    if (claim.mode !== 'at-least') {
      const talked = through(space, family, diagram.or(outcome.delivered, outcome.outside), back);
      const extra = claim.mode === 'only' ? diagram.diff(talked, services) : talked;
      if (extra !== EMPTY) breaches.push({ kind: 'extra', family, packets: extra });
    }
  }
  return breaches;
}

const outcomesOf = (ground: Ground, { from }: Claim, family: Family, wanted: Node): readonly Outcome[] =>
  from === 'outside' ? sendFromOutside(ground, family, wanted) : send(ground, from, family, wanted);

function servicesOf(space: Space, family: Family, services: readonly Asked[]): Node {
  const sets = services.map((service) =>
    service.protocol === 'icmp' ? space.echoRequests(family) : space.toPorts(service.protocol, service.from, service.to),
  );
  return space.diagram.and(space.plain(family), union(space.diagram, sets));
}

/** Packets from a machine to itself. */
function ownOf(space: Space, family: Family, own: Claim['own']): Node {
  const { diagram } = space;
  return union(
    diagram,
    own.map((addresses) => diagram.and(space.addresses('source', family, addresses), space.addresses('destination', family, addresses))),
  );
}
