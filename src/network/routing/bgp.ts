import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { BottleFile } from '../../spec/schema/bottle.ts';
import type { Addresses } from '../addresses/addresses.ts';
import type { Devices } from '../devices.ts';
import type { Leg } from '../legs.ts';
import { type HostDraft, listed, type NodeDraft } from '../nodes.ts';
import { listOf } from '../one-or-more.ts';
import type { Bgp, BgpNeighbour } from './protocols.ts';
import { routerIds } from './router-ids.ts';
import { checkOwn } from './routing-words.ts';
import { type Context, type Speaker, speakersOf, warnAlone } from './speakers.ts';

type Router = Speaker<'bgp'>;

interface Made {
  readonly addresses: Addresses;
  readonly devices: Devices;
}

/** Reads `bgp:` of routers. Neighbours are all that speak it in a network of one's own. */
export function readBgp(file: BottleFile, nodes: readonly NodeDraft[], context: Context, made: Made): ReadonlyMap<string, Bgp> {
  const speakers = speakersOf('bgp', file, nodes);
  const idOf = routerIds(
    speakers.map(({ node }) => node),
    made.addresses,
  );
  const found = speakers.map((speaker) => {
    const { node, spec, origin } = speaker;
    checkNumber(spec.as, [...origin, 'as'], context);
    checkOwn(node, spec.announce, [...origin, 'announce'], context);
    const neighbours = speakers.flatMap((other) => (other === speaker ? [] : neighboursOf(speaker, other, context, made)));
    const announces = spec.announce === undefined ? node.legs.map(({ segment }) => segment) : listOf(spec.announce);
    const bgp: Bgp = { as: spec.as, routerId: idOf(node), announces, default: spec.default === true, neighbours, origin };
    return { speaker, bgp };
  });
  for (const { speaker, bgp } of found) {
    if (bgp.neighbours.length === 0) warnAlone('bgp', speaker, context);
    if (file.routers?.[speaker.node.name]?.ospf !== undefined) refuseBoth(speaker, context);
  }
  warnApart(found, context);
  return new Map(found.map(({ speaker, bgp }) => [speaker.node.name, bgp]));
}

/** One for each network that both are in, and each address family. */
function neighboursOf({ node }: Router, other: Router, { domains }: Context, { addresses, devices }: Made): readonly BgpNeighbour[] {
  return domains.flatMap(({ legs }) => {
    const legsOf = ({ name }: HostDraft): readonly Leg[] => legs.filter((leg) => leg.node === name && leg.role === 'interface');
    return legsOf(node).flatMap((own) =>
      legsOf(other.node).flatMap((theirs) =>
        ([4, 6] as const).flatMap((family): readonly BgpNeighbour[] => {
          const first = (leg: Leg) => addresses.get(leg)?.find(({ address }) => address.family === family)?.address;
          const [from, address] = [first(own), first(theirs)];
          if (from === undefined || address === undefined) return [];
          const device = devices.ofLeg.get(own) ?? '';
          return [{ node: other.node.name, as: other.spec.as, segment: own.segment, theirs: theirs.segment, device, from, address }];
        }),
      ),
    );
  });
}

/** Numbers that stand for none: RFC 7300 and 6793; 0 and 4294967295 (RFC 7607) are out of range. */
const RESERVED: ReadonlyMap<number, string> = new Map([
  [23456, 'stands for a system whose number has four bytes where only two fit'],
  [65535, 'is the last of those with two bytes, which is kept'],
]);

function checkNumber(as: number, origin: Origin, { report }: Context): void {
  const why = RESERVED.get(as);
  if (why === undefined) return;
  report.error('bgp-number', origin, `no autonomous system has the number ${as}: it ${why}`, {
    remedy: 'Take one for private use, from 64512 to 65534.',
  });
}

function refuseBoth({ node, origin }: Router, { report }: Context): void {
  report.error('routing-twice', origin, `\`${node.name}\` cannot speak both BGP and OSPF`, {
    at: 'key',
    remedy: 'Leave one of the two out.',
    related: [{ message: 'OSPF', origin: [...node.origin, 'ospf'] }],
  });
}

/** Routers of one autonomous system tell each other only what they have from elsewhere, so each has to know each. */
function warnApart(found: readonly { readonly speaker: Router; readonly bgp: Bgp }[], { report }: Context): void {
  for (const { speaker, bgp } of found) {
    const { name } = speaker.node;
    const apart = found
      .filter((other) => other.speaker !== speaker && other.bgp.as === bgp.as && other.speaker.node.name > name)
      .filter((other) => !bgp.neighbours.some(({ node }) => node === other.speaker.node.name))
      .map((other) => other.speaker.node.name);
    if (apart.length === 0) continue;
    report.warn(
      'bgp-apart',
      [...speaker.origin, 'as'],
      `\`${name}\` is in one autonomous system with ${listed(apart)}, in none of whose networks it is: neither hears what the other knows`,
      { remedy: 'Give them a network or link in common, or systems of their own.' },
    );
  }
}
