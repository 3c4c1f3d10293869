/** Every lie that a guarded machine may try, with all the ways to hide it. */
import { ETHERTYPE, tagged } from './frame.ts';
import { honest } from './honest.ts';
import type { Lie } from './lie.ts';
import { ipv6Lies } from './lies-ipv6.ts';
import { linkLies } from './lies-link.ts';

export const plainLies: readonly Lie[] = [...linkLies, ...ipv6Lies];

const untagged = plainLies.flatMap((lie) => [lie, ...(lie.hidden ?? [])]);

const TAGS: Readonly<Record<string, (frame: Buffer) => Buffer>> = {
  'in a VLAN': (frame) => tagged(frame, 5),
  'in VLAN 0, which is for priority': (frame) => tagged(frame, 0x6000),
  "in a provider's VLAN": (frame) => tagged(frame, 5, ETHERTYPE.serviceVlan),
  'in a VLAN in a VLAN': (frame) => tagged(tagged(frame, 6), 5),
  "in a VLAN in a provider's VLAN": (frame) => tagged(tagged(frame, 6), 5, ETHERTYPE.serviceVlan),
};

const inVlans = Object.entries(TAGS).flatMap(([where, tag]) =>
  [...untagged, ...honest].map(({ name, frames }) => ({ name: `${name} ${where}`, frames: frames.map(tag) })),
);

export const lies: readonly Pick<Lie, 'name' | 'frames'>[] = [...untagged, ...inVlans];
