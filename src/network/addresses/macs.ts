import { localMac } from '../../address/mac.ts';
import type { BroadcastDomain } from '../broadcast-domains.ts';
import { hash } from '../hash.ts';
import type { Leg } from '../legs.ts';
import type { Report } from '../report.ts';
import { ownerOf } from './given-addresses.ts';

/** The MAC address of every leg: the file's, or one derived from bottle, node and segment. Unique in a broadcast domain. */
export function assignMacs(bottle: string, domains: readonly BroadcastDomain[], report: Report): ReadonlyMap<Leg, string> {
  const macs = new Map<Leg, string>();
  for (const domain of domains) {
    const taken = new Map<string, Leg>();
    for (const leg of domain.legs) {
      if (leg.mac === undefined) continue;
      const first = taken.get(leg.mac);
      if (first !== undefined) {
        report.error(
          'mac-in-use',
          [...leg.origin, 'mac'],
          `\`${leg.mac}\` is the MAC address of ${ownerOf(leg)} and of ${ownerOf(first)}, which are in one network`,
          {
            remedy: 'Give one of them another, or leave it out to have one derived.',
            related: [{ message: `first used by ${ownerOf(first)}`, origin: [...first.origin, 'mac'] }],
          },
        );
      }
      taken.set(leg.mac, leg);
      macs.set(leg, leg.mac);
    }
    for (const leg of domain.legs) if (leg.mac === undefined) macs.set(leg, derive(bottle, leg, taken));
  }
  return macs;
}

function derive(bottle: string, leg: Leg, taken: Map<string, Leg>): string {
  const key = `${bottle} ${leg.node} ${leg.segment} ${leg.role === 'bridge' ? 'bridge' : ''}`;
  for (let attempt = 0; ; attempt += 1) {
    const { high, low } = hash(attempt === 0 ? key : `${key} ${attempt}`);
    const mac = localMac(high, low);
    if (taken.has(mac)) continue;
    taken.set(mac, leg);
    return mac;
  }
}
