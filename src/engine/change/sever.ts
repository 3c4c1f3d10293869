/**
 * Connections that a change of rules forbids.
 *
 * Rules accept what is established before they look any further, so that nothing that runs is cut. What the new rules would
 * not let begin has to be forgotten by connection tracking: its next packet is a first one, and is turned away.
 */
import type { Address } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { flows, forget } from '../../backend/conntrack/conntrack.ts';
import type { Flow } from '../../backend/conntrack/flow.ts';
import { hostAddresses } from '../../backend/host/abilities.ts';
import { enter } from '../../backend/kernel/visit.ts';
import { codeOf } from '../../proof/field-codes.ts';
import type { Packet } from '../../proof/packet.ts';
import { type Opening, permissionOf } from '../../proof/permission.ts';
import { identityOf, type Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { type Table, tableKind } from '../../resource/table.ts';
import type { Context } from '../context.ts';

const DNAT = codeOf('ct_status', 'dnat');

interface Exchange {
  readonly before: Table | undefined;
  readonly after: Table | undefined;
}

/** Ends what was let be made `before`, and would not be now. */
export function sever(
  { home }: Context,
  bottle: string,
  { before, after }: { readonly before: readonly Resource[]; readonly after: readonly Resource[] },
): void {
  for (const [namespace, exchanges] of exchangesOf(tablesOf(before), tablesOf(after))) {
    // Nobody has talked through what was not there.
    if (namespace !== HOST && !before.some((resource) => resource.kind === 'namespace' && resource.name === namespace)) continue;
    if (namespace !== HOST && !after.some((resource) => resource.kind === 'namespace' && resource.name === namespace)) continue;
    const station = stationOf(namespace, after);
    const forbidden = forbiddenBy(exchanges, station);
    enter({ home, bottle }, namespace, () => forget([...flows(4), ...flows(6)].filter(forbidden)));
  }
}

const tablesOf = (resources: readonly Resource[]): ReadonlyMap<string, Table> =>
  new Map(
    resources.flatMap((resource) =>
      resource.kind === 'table' && resource.family !== 'bridge' ? [[identityOf(resource), resource] as const] : [],
    ),
  );

/** The tables of each namespace that are not what they were. */
function exchangesOf(before: ReadonlyMap<string, Table>, after: ReadonlyMap<string, Table>): ReadonlyMap<string, readonly Exchange[]> {
  const found = new Map<string, Exchange[]>();
  for (const identity of new Set([...before.keys(), ...after.keys()])) {
    const exchange = { before: before.get(identity), after: after.get(identity) };
    const table = exchange.after ?? exchange.before;
    if (table === undefined) continue;
    if (
      exchange.before !== undefined &&
      exchange.after !== undefined &&
      tableKind.differences(exchange.before, exchange.after).length === 0
    )
      continue;
    found.set(table.namespace, [...(found.get(table.namespace) ?? []), exchange]);
  }
  return found;
}

/** What of a namespace decides which hooks a packet passes. */
interface Station {
  readonly isLocal: (address: Address) => boolean;
  readonly devices: readonly string[];
}

function stationOf(namespace: string, desired: readonly Resource[]): Station {
  const addresses = desired.flatMap((resource) => (resource.kind === 'address' && resource.namespace === namespace ? [resource] : []));
  const held = namespace === HOST ? [...addresses, ...hostAddresses()] : addresses;
  const own = new Set(
    held.flatMap(({ address }) => {
      const parsed = parseAddress(address.slice(0, address.indexOf('/')));
      return parsed.ok ? [keyOf(parsed.value)] : [];
    }),
  );
  // The host has interfaces that are none of the bottle's; to its rules they are all the same.
  const devices = [...new Set(addresses.map(({ device }) => device)), ...(namespace === HOST ? [''] : [])];
  return { isLocal: (address) => own.has(keyOf(address)), devices };
}

const keyOf = ({ family, value }: Address): string => `${family} ${value}`;

function forbiddenBy(exchanges: readonly Exchange[], station: Station): (flow: Flow) => boolean {
  const pairs = exchanges.map(({ before, after }) => ({ before: permissionOf(before), after: permissionOf(after) }));
  return (flow) => {
    const opening = openingOf(flow, station);
    const translated = isTranslated(flow);
    return pairs.some(
      ({ before, after }) =>
        (before.permits(opening) && !after.permits(opening)) || (translated && before.translates(opening) && !after.translates(opening)),
    );
  };
}

/** Whether its destination was changed. */
const isTranslated = ({ status }: Flow): boolean => (BigInt(status) & DNAT) !== 0n;

/** What opened a flow: its first packet, rebuilt from what connection tracking keeps. */
function openingOf(flow: Flow, { isLocal, devices }: Station): Opening {
  const { family, protocol, original, reply } = flow;
  const dnat = isTranslated(flow);
  const asSent: Packet = {
    family,
    protocol,
    source: original.source,
    destination: original.destination,
    ...ports(original.sourcePort, original.destinationPort),
    ...(original.icmpType !== undefined && { icmpType: original.icmpType }),
    state: 'new',
    dnat: false,
    local: isLocal(original.destination),
  };
  const destination = dnat ? reply.source : original.destination;
  const asDelivered: Packet = {
    ...asSent,
    destination,
    ...ports(original.sourcePort, dnat ? reply.sourcePort : original.destinationPort),
    dnat,
    local: isLocal(destination),
  };
  const hook = isLocal(original.source) ? 'output' : asDelivered.local ? 'input' : 'forward';
  return { asSent, asDelivered, hook, inDevices: devices, outDevices: devices };
}

const ports = (sourcePort: number | undefined, destinationPort: number | undefined) => ({
  ...(sourcePort !== undefined && { sourcePort }),
  ...(destinationPort !== undefined && { destinationPort }),
});
