/** Notices that somebody changed something of an Open vSwitch, in ways that cost next to nothing. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HOST } from '../../resource/resource.ts';
import type { Site } from '../kernel/visit.ts';
import { areRunning } from './daemons.ts';
import { JsonRpc } from './json-rpc.ts';
import { OvsError } from './ovs-error.ts';
import { databaseFile, type Place, placeOf } from './place.ts';

/**
 * Is another whenever a daemon ended, the database was written to, or a flow or group of one of its switches was changed.
 * What changes by itself, as counters and learned addresses, is in none of these.
 */
export async function changeMark(site: Site, namespace: string): Promise<string> {
  const place = placeOf(site, namespace);
  if (namespace !== HOST && !areRunning(place)) return 'ended';
  const file = statSync(databaseFile(place), { throwIfNoEntry: false });
  return `${file?.ino} ${file?.mtimeMs} ${file?.size} ${await flowGeneration(place)}`;
}

/** ovs-vswitchd counts how often it had to look anew at what it had made of its flow tables, which is once for each change. */
async function flowGeneration(place: Place): Promise<string> {
  try {
    const pid = readFileSync(join(place.run, 'ovs-vswitchd.pid'), 'utf8').trim();
    const control = await JsonRpc.connect(join(place.run, place.namespace === HOST ? `ovs-vswitchd.${pid}.ctl` : 'ovs-vswitchd.ctl'));
    try {
      return `${pid} ${String(await control.request('coverage/read-counter', ['rev_flow_table'])).trim()}`;
    } finally {
      control.close();
    }
  } catch (error) {
    // It is about to end, or about to start.
    if (error instanceof OvsError || (error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}
