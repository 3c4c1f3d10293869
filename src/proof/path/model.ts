/** What forwards packets, as the compiled resources have it: namespaces with devices, addresses, routes and rules. */
import { formatAddress } from '../../address/format.ts';
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { bitsOf, parsePrefix } from '../../address/prefix.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Listener } from '../../resource/listener.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Table } from '../../resource/table.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import { TableEvaluator } from '../evaluate.ts';

export interface Model {
  readonly stations: ReadonlyMap<string, Station>;
}

export interface Station {
  readonly namespace: string;
  readonly devices: ReadonlyMap<string, Device>;
  readonly addresses: readonly DeviceAddress[];
  readonly routes: readonly ModelRoute[];
  readonly forwards: (family: Family) => boolean;
  readonly tables: readonly RuledTable[];
  readonly listeners: readonly Listener[];
  /** Whether programs run there that may listen wherever they like. */
  readonly hasPrograms: boolean;
}

export interface Device {
  readonly name: string;
  readonly mac: string;
  readonly mtu: number;
  /** The other end of the cable. */
  readonly peer?: { readonly namespace: string; readonly device: string };
  /** The bridge that it is a port of. */
  readonly master?: string;
  /** The host's device that it sits on. */
  readonly parent?: string;
  /** What its frames travel in. */
  readonly tunnel?: Tunnel;
  /** Where its frames for a MAC address go, without being asked to learn. */
  readonly entries?: readonly ForwardingEntry[];
}

interface DeviceAddress {
  readonly device: string;
  readonly address: Address;
  readonly prefix: Prefix;
}

export interface ModelRoute {
  readonly to: Prefix;
  readonly via?: Address;
  /** Undefined for `unreachable`. */
  readonly device?: string;
  /** Undefined for what is on the link. */
  readonly route?: Route;
}

export interface RuledTable {
  readonly table: Table;
  readonly evaluator: TableEvaluator;
}

interface Draft {
  readonly devices: Map<string, Device>;
  readonly addresses: DeviceAddress[];
  readonly routes: ModelRoute[];
  readonly forwarding: Set<Family>;
  readonly tables: RuledTable[];
  readonly listeners: Listener[];
  programs: number;
}

export function modelOf(resources: readonly Resource[]): Model {
  const drafts = new Map<string, Draft>();
  const at = (namespace: string): Draft => {
    const draft = drafts.get(namespace) ?? {
      devices: new Map(),
      addresses: [],
      routes: [],
      forwarding: new Set(),
      tables: [],
      listeners: [],
      programs: 0,
    };
    drafts.set(namespace, draft);
    return draft;
  };
  for (const resource of resources) add(resource, at);
  const stations = [...drafts].map(([namespace, draft]) => [namespace, stationOf(namespace, draft)] as const);
  return { stations: new Map(stations) };
}

function add(resource: Resource, at: (namespace: string) => Draft): void {
  switch (resource.kind) {
    case 'veth':
      for (const [place, end] of resource.ends.entries()) {
        const other = resource.ends[1 - place];
        if (other === undefined) continue;
        at(end.namespace).devices.set(end.device, {
          name: end.device,
          mac: end.mac,
          mtu: resource.mtu,
          peer: { namespace: other.namespace, device: other.device },
          ...(end.master !== undefined && { master: end.master }),
        });
      }
      return;
    case 'bridge':
      at(resource.namespace).devices.set(resource.device, { name: resource.device, mac: resource.mac, mtu: resource.mtu });
      return;
    case 'macvlan':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: resource.mtu,
        parent: resource.parent,
      });
      return;
    case 'tunnel':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: resource.mtu,
        tunnel: resource,
        entries: [],
      });
      return;
    case 'forwarding-entry': {
      const { devices } = at(resource.namespace);
      const device = devices.get(resource.device);
      if (device !== undefined) devices.set(device.name, { ...device, entries: [...(device.entries ?? []), resource] });
      return;
    }
    case 'address': {
      const [text = '', length = ''] = resource.address.split('/');
      const [address, prefix] = [parseAddress(text), parsePrefix(networkOf(text, Number(length)))];
      if (address.ok && prefix.ok)
        at(resource.namespace).addresses.push({ device: resource.device, address: address.value, prefix: prefix.value });
      return;
    }
    case 'route': {
      const to = parsePrefix(resource.to);
      const via = resource.via === undefined ? undefined : parseAddress(resource.via);
      if (!to.ok) return;
      at(resource.namespace).routes.push({
        to: to.value,
        ...(via?.ok === true && { via: via.value }),
        ...(resource.device !== undefined && { device: resource.device }),
        route: resource,
      });
      return;
    }
    case 'sysctl':
      if (resource.value === '1' && resource.key === 'net/ipv4/ip_forward') at(resource.namespace).forwarding.add(4);
      if (resource.value === '1' && resource.key === 'net/ipv6/conf/all/forwarding') at(resource.namespace).forwarding.add(6);
      return;
    case 'table':
      at(resource.namespace).tables.push({ table: resource, evaluator: new TableEvaluator(resource) });
      return;
    case 'listener':
      at(resource.namespace).listeners.push(resource);
      return;
    case 'process':
      at(resource.namespace).programs += 1;
      return;
    case 'bridge-port':
      at(HOST).devices.set(resource.device, { name: resource.device, mac: '', mtu: 0, master: resource.master });
      return;
    case 'namespace':
      at(resource.name);
      return;
    case 'file':
      return;
    // Paths are not followed through them yet.
    case 'open-vswitch':
    case 'ovs-switch':
    case 'ovs-port':
    case 'ovs-mirror':
    case 'openflow':
      return;
  }
}

/** The block that an address with a length is in. */
function networkOf(text: string, length: number): string {
  const parsed = parseAddress(text);
  if (!parsed.ok) return text;
  const shift = BigInt(bitsOf(parsed.value.family) - length);
  return `${formatAddress({ ...parsed.value, value: (parsed.value.value >> shift) << shift })}/${length}`;
}

function stationOf(namespace: string, draft: Draft): Station {
  const { devices, addresses, tables, listeners, forwarding, programs } = draft;
  const onLink = addresses.map(({ prefix, device }): ModelRoute => ({ to: prefix, device }));
  // Longest prefix first; of the same length, what is on the link.
  const routes = [...onLink, ...draft.routes].toSorted((one, other) => other.to.length - one.to.length);
  return {
    namespace,
    devices,
    addresses,
    routes,
    forwards: (family) => forwarding.has(family),
    tables,
    listeners,
    hasPrograms: programs > 0,
  };
}
