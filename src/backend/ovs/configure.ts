/** Takes the switches of one Open vSwitch from what they are to what they shall be. */
import { join } from 'node:path';
import type { Making } from '../../plan/backend.ts';
import { identityOf, type Resource } from '../../resource/kinds.ts';
import type { OpenFlow } from '../../resource/openflow.ts';
import { lastLines } from '../process/log-file.ts';
import { type Database, withDatabase } from './database.ts';
import { markDevices } from './device-marks.ts';
import { FLOWS_NOTE, ownerOf } from './mark.ts';
import { makeOpenFlow, removeOpenFlow } from './openflow.ts';
import { OvsError } from './ovs-error.ts';
import { databaseSocket, type Place } from './place.ts';
import { configurationIn, type Listed, Transaction } from './transaction.ts';
import { mapOf, setOf, textIn, uuid } from './wire.ts';

/** Milliseconds for ovs-vswitchd to do what the database says. */
const LIMIT = 30_000;

const isListed = (resource: Resource): resource is Listed =>
  resource.kind === 'ovs-switch' || resource.kind === 'ovs-port' || resource.kind === 'ovs-mirror';

/**
 * What goes and what comes in one transaction, then what comes in flows, with one bundle a switch.
 * @throws OvsError
 */
export async function configure(place: Place, going: readonly Resource[], coming: readonly Making[]): Promise<void> {
  const listed = coming.map(({ after }) => after).filter(isListed);
  const flows = coming.flatMap(({ before, after }) =>
    after.kind === 'openflow' ? [{ before: before?.kind === 'openflow' ? before : undefined, after }] : [],
  );
  const flowsGoing = going.filter((resource): resource is OpenFlow => resource.kind === 'openflow');
  const leaving = going.filter(isListed);
  if (listed.length + flows.length + flowsGoing.length + leaving.length === 0) return;
  await withDatabase(databaseSocket(place), async (database) => {
    for (const openflow of flowsGoing) await takeFlows(place, database, openflow);
    const transaction = new Transaction(database.contents, place.site.bottle);
    for (const resource of leaving) transaction.remove(resource);
    for (const resource of listed) transaction.make(resource);
    await commit(place, database, transaction);
    throwRefused(database, place.namespace, listed);
    markDevices(place, listed.flatMap(deviceOf));
    for (const { before, after } of flows) await note(database, after, await makeOpenFlow(place, before, after));
  });
}

async function commit(place: Place, database: Database, transaction: Transaction): Promise<void> {
  const operations = transaction.operations();
  if (operations.length === 0) return;
  const results = await database.transact(operations);
  const configuration = configurationIn(results[operations.length - 1]?.rows?.[0]);
  if (await database.realised(configuration, LIMIT)) return;
  const words = lastLines(join(place.directory, 'ovs-vswitchd.log'), 3);
  const silence = `ovs-vswitchd did not do what it was told in ${place.namespace} in ${LIMIT / 1000} seconds`;
  throw new OvsError('ovs-silent', [silence, ...words].join('\n  '));
}

/** Ports that the switch daemon could not open. */
function throwRefused({ contents }: Database, namespace: string, listed: readonly Listed[]): void {
  const names = new Map(listed.flatMap((resource) => (resource.kind === 'ovs-port' ? [[resource.name, resource]] : [])));
  const refused = [...contents.Interface.values()].flatMap((row) => {
    const port = names.get(textIn(row, 'name') ?? '');
    const words = textIn(row, 'error');
    return port === undefined || words === undefined ? [] : [`${identityOf(port)}: ${words}`];
  });
  if (refused.length > 0)
    throw new OvsError('ovs-interface', [`Open vSwitch in ${namespace} could not open a port`, ...refused].join('\n  '));
}

function deviceOf(resource: Listed): readonly string[] {
  if (resource.kind === 'ovs-switch') return [resource.device];
  return resource.kind === 'ovs-port' && resource.interface.type === 'internal' ? [resource.name] : [];
}

async function takeFlows(place: Place, database: Database, openflow: OpenFlow): Promise<void> {
  const row = bridgeRow(database, openflow.switch, place.site.bottle);
  if (row === undefined) return;
  const { id, standalone } = row;
  await removeOpenFlow(place, openflow, standalone);
  const where = [['_uuid', '==', uuid(id)]];
  await database.transact([{ op: 'mutate', table: 'Bridge', where, mutations: [['external_ids', 'delete', setOf([FLOWS_NOTE])]] }]);
}

/** Written after the flows: who is killed in between makes them once more. */
async function note(database: Database, { switch: bridge }: OpenFlow, text: string): Promise<void> {
  const where = [['name', '==', bridge]];
  await database.transact([
    {
      op: 'mutate',
      table: 'Bridge',
      where,
      mutations: [
        ['external_ids', 'delete', setOf([FLOWS_NOTE])],
        ['external_ids', 'insert', mapOf({ [FLOWS_NOTE]: text })],
      ],
    },
  ]);
}

function bridgeRow(
  { contents }: Database,
  name: string,
  bottle: string,
): { readonly id: string; readonly standalone: boolean } | undefined {
  for (const [id, row] of contents.Bridge)
    if (textIn(row, 'name') === name && ownerOf(row) === bottle) return { id, standalone: textIn(row, 'fail_mode') !== 'secure' };
  return undefined;
}
