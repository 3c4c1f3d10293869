/**
 * Open vSwitch: daemons of the bottle's own, and switches with their ports, mirrors and flows, in those or in the host's.
 * All changes to the switches of one Open vSwitch are one transaction.
 */
import { existsSync } from 'node:fs';
import { groupBy } from '../../collection/group-by.ts';
import type { Backend, Making, Observed, Taken, Wanted } from '../../plan/backend.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { OpenVSwitch } from '../../resource/open-vswitch.ts';
import type { OpenFlow } from '../../resource/openflow.ts';
import { HOST } from '../../resource/resource.ts';
import type { Home } from '../home.ts';
import { pathOf, type Site } from '../kernel/visit.ts';
import { configure } from './configure.ts';
import { areRunning, removeDaemons, startDaemons } from './daemons.ts';
import { withDatabase } from './database.ts';
import { readyDevices } from './device-marks.ts';
import { FLOWS_NOTE } from './mark.ts';
import { readOpenFlow } from './openflow.ts';
import { OvsError } from './ovs-error.ts';
import { databaseSocket, type Place, placeOf, placesOf } from './place.ts';
import { readDatabase } from './read-database.ts';
import { mapIn, textIn } from './wire.ts';

type Own = Extract<Resource, { readonly kind: 'open-vswitch' | 'ovs-switch' | 'ovs-port' | 'ovs-mirror' | 'openflow' }>;

const KINDS = new Set(['open-vswitch', 'ovs-switch', 'ovs-port', 'ovs-mirror', 'openflow'] as const);

const isOwn = (resource: Resource): resource is Own => (KINDS as ReadonlySet<string>).has(resource.kind);

export function ovsBackend(home: Home): Backend {
  const siteOf = (bottle: string): Site => ({ home, bottle });
  return {
    name: 'ovs',
    kinds: KINDS,
    read: (bottle, wanted, within) => read(siteOf(bottle), wanted, within),
    remove: (bottle, resources) => remove(siteOf(bottle), resources.filter(isOwn)),
    make: (bottle, makings) => make(siteOf(bottle), makings),
  };
}

async function read(site: Site, wanted: Wanted, within?: ReadonlySet<string>): Promise<Observed> {
  const places = placesOf(site).filter(({ namespace }) => within?.has(namespace) !== false);
  const all = await Promise.all(places.map((place) => readPlace(place, wanted)));
  return { resources: all.flatMap(({ resources }) => resources), taken: all.flatMap(({ taken }) => taken) };
}

async function readPlace(place: Place, wanted: Wanted): Promise<Observed> {
  if (place.namespace === HOST) return await readSwitches(place, wanted);
  const own: OpenVSwitch = { kind: 'open-vswitch', origin: [], namespace: place.namespace };
  const ended: Observed = { resources: [{ ...own, ended: true }], taken: [] };
  if (!areRunning(place)) return ended;
  try {
    const { resources, taken } = await readSwitches(place, wanted);
    return { resources: [own, ...resources], taken };
  } catch (error) {
    // It may have ended while it was asked.
    if (error instanceof OvsError && !areRunning(place)) return ended;
    throw error;
  }
}

/** Nothing where nobody answers: the host's may have been stopped, and then has nothing. */
async function readSwitches(place: Place, wanted: Wanted): Promise<Observed> {
  const { site, namespace } = place;
  try {
    return await withDatabase(databaseSocket(place), async ({ contents }) => {
      const { resources, taken } = readDatabase(contents, namespace, site.bottle);
      if (resources.length === 0) return { resources, taken };
      const ready = readyDevices(site, namespace);
      const notes = new Map([...contents.Bridge.values()].map((row) => [textIn(row, 'name'), mapIn(row, 'external_ids')[FLOWS_NOTE]]));
      const flows: OpenFlow[] = [];
      for (const resource of resources) {
        const note = resource.kind === 'ovs-switch' ? notes.get(resource.device) : undefined;
        const found =
          note === undefined || resource.kind !== 'ovs-switch' ? undefined : await flowsOf(place, resource.device, wanted, note);
        if (found !== undefined) flows.push(found);
      }
      return { resources: [...resources.map((resource) => asDevice(resource, ready)), ...flows], taken };
    });
  } catch (error) {
    if (error instanceof OvsError && error.code === 'ovs-absent') return { resources: [], taken: [] as readonly Taken[] };
    throw error;
  }
}

const flowsOf = (place: Place, bridge: string, wanted: Wanted, note: string): Promise<OpenFlow | undefined> =>
  readOpenFlow(
    place,
    bridge,
    wanted.find(
      (resource): resource is OpenFlow =>
        resource.kind === 'openflow' && resource.namespace === place.namespace && resource.switch === bridge,
    ),
    note,
  );

/** Open vSwitch tells nothing of how its devices are. */
function asDevice<R extends Own>(resource: R, ready: ReadonlySet<string>): R {
  const device =
    resource.kind === 'ovs-switch'
      ? resource.device
      : resource.kind === 'ovs-port' && resource.interface.type === 'internal'
        ? resource.name
        : undefined;
  return device === undefined || ready.has(device) ? resource : { ...resource, down: true };
}

async function make(site: Site, makings: readonly Making[]): Promise<void> {
  const own = makings.filter((making): making is Making & { readonly after: Own } => isOwn(making.after));
  const places = [...groupBy(own, ({ after }) => after.namespace)].map(([namespace, group]) => ({
    place: placeOf(site, namespace),
    group,
  }));
  for (const { place, group } of places) if (group.some(({ after }) => after.kind === 'open-vswitch')) await startDaemons(place);
  const done = await Promise.allSettled(places.map(({ place, group }) => configure(place, [], group)));
  for (const result of done) if (result.status === 'rejected') throw result.reason;
}

async function remove(site: Site, resources: readonly Own[]): Promise<void> {
  const ending = new Set(resources.flatMap((resource) => (resource.kind === 'open-vswitch' ? [resource.namespace] : [])));
  const places = [...groupBy(resources, ({ namespace }) => namespace)]
    .map(([namespace, group]) => ({ place: placeOf(site, namespace), group }))
    .filter(({ place }) => !ending.has(place.namespace) && isThere(place));
  const done = await Promise.allSettled(places.map(({ place, group }) => configure(place, group, [])));
  for (const result of done) if (result.status === 'rejected') throw result.reason;
  await removeDaemons([...ending].map((namespace) => placeOf(site, namespace)));
}

/** What was in one that has ended has ended with it. */
const isThere = (place: Place): boolean =>
  place.namespace === HOST ? existsSync(databaseSocket(place)) : existsSync(pathOf(place.site, place.namespace)) && areRunning(place);
