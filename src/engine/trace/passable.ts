/** The namespaces that a packet may pass. */
import type { Armed } from '../../observe/trace/tracer.ts';
import type { Model, Station } from '../../proof/path/model.ts';
import { HOST } from '../../resource/resource.ts';

/** Descriptors: libnftables cannot stand 1,024, and each namespace takes one. */
const MOST = 512;

/** `visited` are those that it is sure to come to; the others are routers and bridges, wherever they are. */
export function passable({ stations }: Model, visited: ReadonlySet<string>): readonly Armed[] {
  return [...stations.values()]
    .filter((station) => visited.has(station.namespace) || (isJoined(station) && passesOn(station)))
    .toSorted((one, other) => Number(visited.has(other.namespace)) - Number(visited.has(one.namespace)))
    .slice(0, MOST)
    .map((station) => ({
      namespace: station.namespace,
      addressed: station.addresses.length > 0,
      tracked: station.tables.some(({ table }) => table.family !== 'bridge'),
      bridging: bridges(station),
    }));
}

const bridges = ({ devices }: Station): boolean => [...devices.values()].some(({ master }) => master !== undefined);

const passesOn = (station: Station): boolean => station.forwards(4) || station.forwards(6) || bridges(station);

/** Nothing of the bottle comes to a host that it has no interface on. */
const isJoined = ({ namespace, devices }: Station): boolean => namespace !== HOST || devices.size > 0;
