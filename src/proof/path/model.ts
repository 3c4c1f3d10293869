/** What forwards packets, as the compiled resources have it: namespaces with devices, addresses, routes and rules. */
import { formatAddress } from '../../address/format.ts';
import type { Address, Family, Prefix } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { bitsOf, parsePrefix } from '../../address/prefix.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Listener } from '../../resource/listener.ts';
import type { Flow, OpenFlow } from '../../resource/openflow.ts';
import type { OvsPort, OvsTunnel } from '../../resource/ovs-port.ts';
import { isRoutingDaemon, type LearnedRoute } from '../../resource/process.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Table } from '../../resource/table.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import { TableEvaluator } from '../evaluate.ts';
import { blockedPorts, nameIn } from './blocked-ports.ts';
import { NotFollowed, type Program, programOf, type Switches } from './flows.ts';
import { isSwitchedPlain, type MemberVlans } from './port-vlans.ts';

/** What bridges have unless they are told another (linux: 0x8000). */
const LINUX_PRIORITY = 32768;

export interface Model {
  readonly stations: ReadonlyMap<string, Station>;
}

/** What matters of a tunnel, whoever makes it. */
export interface TunnelEnd
  extends Pick<Tunnel, 'namespace' | 'device' | 'type' | 'id' | 'port' | 'local' | 'remote' | 'parent' | 'learning'> {
  /** Its packets come by no hook of the kernel: Open vSwitch makes them in user space, and takes them out of the cable. */
  readonly beside?: true;
}

export interface Station {
  readonly namespace: string;
  readonly devices: ReadonlyMap<string, Device>;
  readonly addresses: readonly DeviceAddress[];
  readonly routes: readonly ModelRoute[];
  readonly forwards: (family: Family) => boolean;
  /** `rp_filter` of a device (ip-sysctl): 0 is off, 1 wants the way back to be by the device, 2 any way back. */
  readonly reversePath: (device: string) => 0 | 1 | 2;
  readonly tables: readonly RuledTable[];
  /** What flows do with frames on the bridges of Open vSwitch that have some, or why that is not known. */
  readonly programs: ReadonlyMap<string, Program | NotFollowed>;
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
  /** As a port of a bridge: nothing passes between two that are (bridge(8)). */
  readonly isolated?: true;
  /** The host's device that it sits on. */
  readonly parent?: string;
  /** Of a bridge: it is a switch of Open vSwitch, whose frames netfilter does not see. */
  readonly openVSwitch?: true;
  /** Of a bridge: whether its ports are in VLANs. */
  readonly filters?: boolean;
  /** Of a bridge that speaks the spanning tree protocol. */
  readonly tree?: { readonly priority: number };
  /** As a port: what the spanning tree counts it for, where it was told. */
  readonly pathCost?: number;
  /** As a port: the spanning tree protocol lets nothing pass by it. */
  readonly blocked?: true;
  /** The VLANs that it is in, as a port of a bridge that filters. */
  readonly vlans?: MemberVlans;
  /** Why what a port of Open vSwitch does with frames is not known. */
  readonly notFollowed?: string;
  /** The device in the same namespace on which its frames have this tag. */
  readonly tag?: { readonly parent: string; readonly id: number };
  /** What its frames travel in. */
  readonly tunnel?: TunnelEnd;
  /** Where its frames for a MAC address go, without being asked to learn. */
  readonly entries?: readonly ForwardingEntry[];
  /** Taken down. */
  readonly down?: true;
  /** The other end of the cable is taken down. */
  readonly noCarrier?: true;
  /** Takes in packets of 127.0.0.0/8 (`route_localnet`). */
  readonly localnet?: true;
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
  /** Undefined for what is on the link, and for what is learned. */
  readonly route?: Route;
  /** What others have told of by a routing protocol. */
  readonly learned?: LearnedRoute;
  /** Which of several ways a packet takes is the kernel's to say: one for each flow. */
  readonly undecided?: true;
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
  /** Families for which routes by devices without a carrier are none (`ignore_routes_with_linkdown`, ip-sysctl). */
  readonly ignoring: Set<Family>;
  readonly reversePaths: Map<string, number>;
  readonly tables: RuledTable[];
  readonly switching: Map<string, Program | NotFollowed>;
  readonly listeners: Listener[];
  programs: number;
}

/** An address of the host that the bottle did not give it. */
export interface ForeignAddress {
  readonly device: string;
  readonly address: Address;
  /** Bits. */
  readonly prefixLength: number;
}

/** @param foreign What the host has besides. */
export function modelOf(resources: readonly Resource[], foreign: readonly ForeignAddress[] = []): Model {
  const drafts = new Map<string, Draft>();
  const at = (namespace: string): Draft => {
    const draft = drafts.get(namespace) ?? {
      devices: new Map(),
      addresses: [],
      routes: [],
      forwarding: new Set(),
      ignoring: new Set(),
      reversePaths: new Map(),
      tables: [],
      switching: new Map(),
      listeners: [],
      programs: 0,
    };
    drafts.set(namespace, draft);
    return draft;
  };
  for (const resource of resources) add(resource, at);
  const ovsPorts = resources.filter((resource) => resource.kind === 'ovs-port');
  for (const port of ovsPorts) addOvsPort(port, ovsPorts, at);
  for (const port of ovsPorts) if (port.interface.type === 'internal') fitInternal(port, at);
  for (const resource of resources) addProgram(resource, at);
  block(drafts);
  const host = drafts.get(HOST);
  if (host !== undefined) addForeign(host, foreign);
  const stations = [...drafts].map(([namespace, draft]) => [namespace, stationOf(namespace, draft)] as const);
  return { stations: new Map(stations) };
}

/** Takes ports out that the spanning tree protocol blocks. */
function block(drafts: ReadonlyMap<string, Draft>): void {
  const tree = blockedPorts(new Map([...drafts].map(([namespace, { devices }]) => [namespace, devices])));
  if (tree === undefined) return;
  for (const [namespace, { devices, switching }] of drafts) {
    for (const device of [...devices.values()]) {
      const name = nameIn(namespace, device.name);
      if (tree.blocked.has(name)) devices.set(device.name, { ...device, blocked: true });
      if (tree.unclear.has(name) && !switching.has(device.name))
        switching.set(device.name, new NotFollowed(`which ports of ${device.name} the spanning tree blocks hangs on their numbers`));
    }
  }
}

/** Those that the resources speak of are theirs. */
function addForeign({ addresses }: Draft, foreign: readonly ForeignAddress[]): void {
  for (const { device, address, prefixLength } of foreign) {
    const prefix = parsePrefix(networkOf(formatAddress(address), prefixLength));
    const isKnown = addresses.some((own) => own.address.family === address.family && own.address.value === address.value);
    if (prefix.ok && !isKnown) addresses.push({ device, address, prefix: prefix.value });
  }
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
          mtu: end.mtu ?? resource.mtu,
          peer: { namespace: other.namespace, device: other.device },
          ...(end.master !== undefined && { master: end.master }),
          ...(end.vlans !== undefined && { vlans: end.vlans }),
          ...(!end.up && { down: true }),
          ...(!other.up && { noCarrier: true }),
          ...(end.localnet === true && { localnet: true }),
        });
      }
      return;
    case 'bridge':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: resource.mtu,
        filters: resource.vlanFiltering === true,
        ...(resource.stp && { tree: { priority: LINUX_PRIORITY } }),
        ...(!resource.up && { down: true }),
      });
      return;
    case 'macvlan':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: resource.mtu,
        parent: resource.parent,
        ...(!resource.up && { down: true }),
      });
      return;
    case 'vlan': {
      const { device, mac, mtu, parent, id, up } = resource;
      at(resource.namespace).devices.set(device, { name: device, mac, mtu, tag: { parent, id }, ...(!up && { down: true }) });
      return;
    }
    case 'ovs-switch':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: 0,
        openVSwitch: true,
        filters: true,
        ...(resource.spanningTree !== 'off' && { tree: { priority: resource.priority } }),
      });
      return;
    case 'tunnel':
      at(resource.namespace).devices.set(resource.device, {
        name: resource.device,
        mac: resource.mac,
        mtu: resource.mtu,
        tunnel: resource,
        entries: [],
        ...(resource.master !== undefined && { master: resource.master }),
        ...(resource.isolated === true && { isolated: true as const }),
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
      for (const family of [4, 6] as const)
        if (resource.value === '1' && resource.key === `net/ipv${family}/conf/all/ignore_routes_with_linkdown`)
          at(resource.namespace).ignoring.add(family);
      for (const device of /^net\/ipv4\/conf\/(.+)\/rp_filter$/.exec(resource.key)?.slice(1) ?? [])
        at(resource.namespace).reversePaths.set(device, Number(resource.value));
      return;
    case 'table':
      at(resource.namespace).tables.push({ table: resource, evaluator: new TableEvaluator(resource) });
      return;
    case 'listener':
      at(resource.namespace).listeners.push(resource);
      return;
    case 'process':
      if (!isRoutingDaemon(resource)) at(resource.namespace).programs += 1;
      for (const route of resource.learns ?? []) at(resource.namespace).routes.push(...learnedOf(route));
      return;
    case 'bridge-port':
      at(HOST).devices.set(resource.device, { name: resource.device, mac: '', mtu: 0, master: resource.master });
      return;
    case 'namespace':
      at(resource.name);
      return;
    // A packet that is late is one that arrives.
    case 'qdisc':
    case 'file':
      return;
    // Ports and flows come last.
    case 'open-vswitch':
    case 'ovs-port':
    case 'ovs-mirror':
    case 'openflow':
      return;
  }
}

function learnedOf(learned: LearnedRoute): readonly ModelRoute[] {
  const to = parsePrefix(learned.to);
  const [hop] = learned.hops;
  const via = hop === undefined ? undefined : parseAddress(hop.via);
  if (!to.ok || hop === undefined || via?.ok !== true) return [];
  return [{ to: to.value, via: via.value, device: hop.device, learned, ...(learned.hops.length > 1 && { undecided: true }) }];
}

/** A device of the namespace becomes a port; one that the switch makes has a cable of its own to it, and a patch is a cable. */
function addOvsPort(port: OvsPort, ports: readonly OvsPort[], at: (namespace: string) => Draft): void {
  const { namespace, name, switch: master, interface: behind, vlan, pathCost } = port;
  const { devices } = at(namespace);
  const vlans = portVlans(vlan);
  const why = whyNotFollowed(port);
  const told = { ...(vlans !== undefined && { vlans }), ...(pathCost !== undefined && { pathCost }) };
  const member = { master, ...told, ...(why !== undefined && { notFollowed: why }) };
  const bare = { name, mac: '', mtu: 0 };
  switch (behind.type) {
    case 'device': {
      const device = devices.get(name);
      if (device !== undefined) devices.set(name, { ...device, ...member });
      return;
    }
    case 'internal': {
      const inside = `${name} (internal)`;
      devices.set(name, { ...bare, mac: behind.mac, peer: { namespace, device: inside } });
      devices.set(inside, { ...bare, ...member, name: inside, mac: behind.mac, peer: { namespace, device: name } });
      return;
    }
    case 'patch': {
      const isMutual = ports.some(
        (other) => other.namespace === namespace && other.name === behind.peer && isPatchTo(other.interface, name),
      );
      devices.set(name, { ...bare, ...member, ...(isMutual && { peer: { namespace, device: behind.peer } }) });
      return;
    }
    default:
      devices.set(name, { ...bare, ...member, tunnel: tunnelOf(namespace, name, behind) });
  }
}

const isPatchTo = (behind: OvsPort['interface'], name: string): boolean => behind.type === 'patch' && behind.peer === name;

function whyNotFollowed({ name, switch: bridge, vlan }: OvsPort): string | undefined {
  const not = (what: string): string => `the port ${name} of ${bridge} ${what}, which the proof does not follow`;
  if (vlan.mode === 'dot1q-tunnel') return not('puts a second tag on frames');
  if (vlan.mode !== 'access' && vlan.mode !== 'trunk' && vlan.trunks.length === 0) return not('is in all VLANs, and in one without a tag');
  return undefined;
}

/** As a device of the kernel would have it. */
const tunnelOf = (namespace: string, device: string, { type, remote, local, key = 0, port }: OvsTunnel): TunnelEnd => ({
  namespace,
  device,
  type,
  id: key,
  remote,
  learning: false,
  beside: true,
  ...(local !== undefined && { local }),
  ...(port !== undefined && { port }),
});

/** What decides where frames go on a switch, other than that it has learned where their receivers are. */
function addProgram(resource: Resource, at: (namespace: string) => Draft): void {
  if (resource.kind === 'ovs-switch' && resource.controllers.length > 0) {
    const why = `what ${resource.device} does with frames, its controller says`;
    at(resource.namespace).switching.set(resource.device, new NotFollowed(why));
  }
  if (resource.kind === 'ovs-mirror' && 'port' in resource.output) {
    const { devices } = at(resource.namespace);
    const port = devices.get(resource.output.port);
    // It is in no VLAN, and so carries nothing but copies.
    if (port !== undefined) devices.set(port.name, { ...port, vlans: { tagged: [] } });
  }
  if (resource.kind !== 'openflow' || resource.flows.every(onlySwitches)) return;
  const { devices, switching } = at(resource.namespace);
  const ports = [...devices.values()].filter(({ master }) => master === resource.switch);
  const byName = new Map(ports.map((port) => [port.name, port]));
  const switches: Switches = (from, to) => isSwitchedPlain(byName.get(from), byName.get(to));
  switching.set(resource.switch, programOrWhyNot(resource, [...byName.keys()], switches));
}

/** Frames with two tags are none that anybody here sends. */
const onlySwitches = ({ match, actions }: Flow): boolean =>
  (Object.keys(match).length === 0 && actions.join() === 'normal') || ['0x8100', '0x88a8'].includes(match['dl_type'] ?? '');

function programOrWhyNot(resource: OpenFlow, ports: readonly string[], switches: Switches): Program | NotFollowed {
  try {
    return programOf(resource, ports, switches);
  } catch (error) {
    if (error instanceof NotFollowed) return error;
    throw error;
  }
}

/** A device that the switch makes takes packets as large as all its other ports do (update_mtu of ofproto.c). */
function fitInternal({ namespace, name, switch: master }: OvsPort, at: (namespace: string) => Draft): void {
  const { devices } = at(namespace);
  const sizes = [...devices.values()].filter((device) => device.master === master && device.mtu > 0).map(({ mtu }) => mtu);
  const device = devices.get(name);
  if (device !== undefined && sizes.length > 0) devices.set(name, { ...device, mtu: Math.min(...sizes) });
}

/** Undefined where all pass. */
function portVlans(vlan: OvsPort['vlan']): MemberVlans | undefined {
  switch (vlan.mode) {
    case 'trunk':
      return vlan.trunks.length === 0 ? undefined : { tagged: vlan.trunks };
    case 'access':
      return { untagged: vlan.tag, tagged: [], refusesTags: true };
    default:
      return { untagged: vlan.tag, tagged: vlan.trunks, ...(vlan.mode === 'native-tagged' && { tagsAll: true as const }) };
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
  const { devices, addresses, tables, switching, listeners, forwarding, reversePaths, programs } = draft;
  const onLink = addresses.map(({ prefix, device }): ModelRoute => ({ to: prefix, device }));
  // Longest prefix first; of the same length, what is on the link.
  const routes = [...onLink, ...draft.routes]
    .filter((route) => !isIgnored(draft, route))
    .toSorted((one, other) => other.to.length - one.to.length);
  return {
    namespace,
    devices,
    addresses,
    routes,
    forwards: (family) => forwarding.has(family),
    reversePath: (device) => reversePathOf(reversePaths, device),
    tables,
    programs: switching,
    listeners,
    hasPrograms: programs > 0,
  };
}

function isIgnored({ ignoring, devices }: Draft, { to, device }: ModelRoute): boolean {
  if (!ignoring.has(to.family)) return false;
  let at = device === undefined ? undefined : devices.get(device);
  while (at?.tag !== undefined) at = devices.get(at.tag.parent);
  return at?.down === true || at?.noCarrier === true;
}

/** The larger one of the device's own setting, which is the default's at first, and that for all (IN_DEV_RPFILTER). */
function reversePathOf(settings: ReadonlyMap<string, number>, device: string): 0 | 1 | 2 {
  const largest = Math.max(settings.get('all') ?? 0, settings.get(device) ?? settings.get('default') ?? 0);
  return largest === 1 ? 1 : largest === 2 ? 2 : 0;
}
