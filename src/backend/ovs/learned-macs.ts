/** The MAC addresses that a switch of Open vSwitch has learned: `fdb/show` of ovs-vswitchd(8). */
import type { Site } from '../kernel/visit.ts';
import { askDaemon } from './control.ts';
import { withDatabase } from './database.ts';
import { databaseSocket, placeOf } from './place.ts';
import { portNumbers } from './read-database.ts';

export interface LearnedMac {
  /** The name of the port; that of the switch for itself. */
  readonly port: string;
  /** 0 for frames without a tag on a port that is in no VLAN. */
  readonly vlan: number;
  readonly mac: string;
  /** Seconds since something was heard from it; undefined for what stays. */
  readonly age: number | undefined;
}

/**
 * Of one switch of a bottle's own Open vSwitch.
 * @throws OvsError `ovs-absent`, `ovs-protocol`
 */
export async function learnedMacs(site: Site, namespace: string, bridge: string): Promise<readonly LearnedMac[]> {
  const place = placeOf(site, namespace);
  const names = await withDatabase(databaseSocket(place), async ({ contents }) => portNumbers(contents, bridge));
  return parseTable(await askDaemon(place, 'fdb/show', bridge), (port) => names.get(port) ?? bridge);
}

/** Lines such as `    2   100  02:00:00:00:00:01    4`; the port is a number or `LOCAL`, the age may be `static`. */
function parseTable(text: string, nameOf: (port: string) => string): readonly LearnedMac[] {
  return text.split('\n').flatMap((line) => {
    const [, port, vlan, mac, age] = /^\s*(\S+)\s+(\d+)\s+([0-9a-f]{2}(?::[0-9a-f]{2}){5})\s+(\d+|static)\s*$/.exec(line) ?? [];
    if (port === undefined || mac === undefined) return [];
    return [{ port: nameOf(port), vlan: Number(vlan), mac, age: age === 'static' ? undefined : Number(age) }];
  });
}
