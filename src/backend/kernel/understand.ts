/** Puts together what several namespaces hold parts of. */
import type { DeviceAddress } from '../../resource/address.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { ForwardingEntry } from '../../resource/forwarding-entry.ts';
import type { Ifb } from '../../resource/ifb.ts';
import type { Resource } from '../../resource/kinds.ts';
import type { Macvlan } from '../../resource/macvlan.ts';
import type { Qdisc } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Route } from '../../resource/route.ts';
import type { Tunnel } from '../../resource/tunnel.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import type { Vlan } from '../../resource/vlan.ts';
import type { Mark } from './mark.ts';
import type { Device } from './netlink/devices.ts';
import type { MarkedDevice, Raw } from './raw.ts';

type Understood = Bridge | Veth | Ifb | Qdisc | Macvlan | Vlan | Tunnel | ForwardingEntry | DeviceAddress | Route;

type OwnDevice = MarkedDevice & { readonly mark: Mark };

const isOf = (bottle: string, device: MarkedDevice): device is OwnDevice => device.mark?.bottle === bottle;

/** The resources of a bottle in what was read of its namespaces and the host; `peers` as `unmarkedPeers` gives them. */
export function understand(bottle: string, raws: readonly Raw[], peers: ReadonlyMap<string, VethEnd>): readonly Understood[] {
  const veths = new Map<string, { readonly mtu: number; readonly ends: [VethEnd | undefined, VethEnd | undefined] }>();
  const found: Understood[] = [];
  for (const raw of raws) {
    const byIndex = new Map(raw.devices.map((device) => [device.index, device]));
    const own = new Map<number, OwnDevice>();
    for (const device of raw.devices) if (isOf(bottle, device)) own.set(device.index, device);
    for (const device of own.values()) {
      if (device.mark.kind === 'veth') addEnd(veths, raw, device, byIndex);
      else if (device.mark.kind === 'bridge') found.push(bridgeOf(raw.namespace, device));
      else if (device.mark.kind === 'macvlan') found.push(macvlanOf(raw.namespace, device));
      else if (device.mark.kind === 'vlan') found.push(vlanOf(raw.namespace, device, byIndex));
      else if (device.mark.kind === 'ifb') found.push(ifbOf(raw, device, byIndex));
      else if (device.mark.kind === 'tunnel') found.push(...tunnelOf(raw, device, byIndex));
    }
    found.push(...qdiscsOf(raw, own), ...addressesOf(raw, own), ...routesOf(raw, own, byIndex));
  }
  for (const [
    name,
    {
      mtu,
      ends: [near, far],
    },
  ] of veths)
    found.push({ kind: 'veth', origin: [], name, ends: [near ?? peers.get(name) ?? LOST, far ?? LOST], mtu });
  return found;
}

function addEnd(
  veths: Map<string, { readonly mtu: number; readonly ends: [VethEnd | undefined, VethEnd | undefined] }>,
  raw: Raw,
  device: OwnDevice,
  byIndex: ReadonlyMap<number, Device>,
): void {
  const veth = veths.get(device.mark.name) ?? { mtu: device.mtu, ends: [undefined, undefined] };
  veths.set(device.mark.name, veth);
  const bridge = byIndex.get(device.master);
  const master = bridge?.name;
  // The kernel puts ports of other bridges in VLAN 1, too, and never looks.
  const vlans = bridge?.bridge?.vlanFiltering === true ? raw.vlans.get(device.index) : undefined;
  veth.ends[device.mark.end] = {
    namespace: raw.namespace,
    device: device.name,
    mac: device.mac,
    ...(master === undefined ? {} : { master }),
    ...(vlans === undefined ? {} : { vlans }),
    checksumOffload: raw.offload.get(device.name) ?? true,
    up: device.up,
    ...(device.localnet ? { localnet: true } : {}),
    ...(veth.mtu === device.mtu ? {} : { mtu: device.mtu }),
  };
}

/**
 * What was understood of some namespaces alone. A cable has both of its ends as long as it has one: the end that is
 * elsewhere, where nothing is known to have changed, is as it is wanted.
 */
export function withFarEnds<R extends Resource>(
  understood: readonly R[],
  wanted: readonly Resource[],
  within: ReadonlySet<string>,
): readonly R[] {
  const veths = new Map(wanted.flatMap((resource) => (resource.kind === 'veth' ? [[resource.name, resource] as const] : [])));
  return understood.map((resource) => {
    const ends = resource.kind === 'veth' ? veths.get(resource.name)?.ends : undefined;
    if (resource.kind !== 'veth' || ends === undefined) return resource;
    const [near, far] = ends.map((end, i) => (resource.ends[i] === LOST && !within.has(end.namespace) ? end : resource.ends[i]));
    return { ...resource, ends: [near, far] };
  });
}

/** Stands for an end that is nowhere to be found: in a namespace that somebody unmounted, or moved away. */
const LOST: VethEnd = { namespace: '', device: '', mac: '', checksumOffload: true, up: false };

/**
 * The near ends, by the names of their veths, whose maker was killed before it came to mark them: the kernel tells
 * which device is the peer.
 */
export function unmarkedPeers(bottle: string, raws: readonly Raw[]): ReadonlyMap<string, VethEnd> {
  const far = new Map<string, string>();
  for (const { devices: all } of raws) {
    for (const { kind, mark, index, parent } of all) {
      if (kind === 'veth' && mark?.bottle === bottle && mark.end === 1) far.set(`${parent}/${index}`, mark.name);
    }
  }
  const peers = new Map<string, VethEnd>();
  for (const { namespace, devices: all } of raws) {
    for (const { kind, alias, index, parent, name, mac } of all) {
      const veth = kind === 'veth' && alias === '' && namespace !== HOST ? far.get(`${index}/${parent}`) : undefined;
      if (veth !== undefined) peers.set(veth, { namespace, device: name, mac, checksumOffload: true, up: false });
    }
  }
  return peers;
}

function bridgeOf(namespace: string, device: OwnDevice): Bridge {
  const { stp = false, forwardDelay = 0, ageing = 0, vlanFiltering, topologyChanged } = device.bridge ?? {};
  return {
    kind: 'bridge',
    origin: [],
    namespace,
    device: device.name,
    mac: device.mac,
    mtu: device.mtu,
    stp,
    forwardDelay,
    ageing,
    ...(vlanFiltering === true && { vlanFiltering }),
    ...(topologyChanged === true && { topologyChanged }),
    up: device.up,
  };
}

/** The parent is in another namespace, where its index means nothing here: the mark's name carries it. */
function macvlanOf(namespace: string, device: OwnDevice): Macvlan {
  return {
    kind: 'macvlan',
    origin: [],
    namespace,
    device: device.name,
    parent: device.mark.name,
    mac: device.mac,
    mtu: device.mtu,
    up: device.up,
  };
}

function vlanOf(namespace: string, device: OwnDevice, byIndex: ReadonlyMap<number, Device>): Vlan {
  const { name, mac, mtu, up, vlan = 0 } = device;
  return { kind: 'vlan', origin: [], namespace, device: name, parent: byIndex.get(device.parent)?.name ?? '', id: vlan, mac, mtu, up };
}

function ifbOf({ namespace, redirects }: Raw, { index, name, mac, mtu, up }: OwnDevice, byIndex: ReadonlyMap<number, Device>): Ifb {
  const [from = 0] = [...redirects].find(([, through]) => through === index) ?? [];
  return { kind: 'ifb', origin: [], namespace, device: name, of: byIndex.get(from)?.name ?? '', mac, mtu, up };
}

/** With its forwarding table: all of it that was not learned, save for what the kernel has for `remote` by itself. */
function tunnelOf(raw: Raw, device: OwnDevice, byIndex: ReadonlyMap<number, Device>): readonly (Tunnel | ForwardingEntry)[] {
  const { name, mac, mtu, up, tunnel } = device;
  if (tunnel === undefined) return [];
  const { namespace } = raw;
  const { link, ...settings } = tunnel;
  const parent = byIndex.get(link)?.name;
  const master = byIndex.get(device.master)?.name;
  const entries = raw.entries.filter((entry) => entry.device === device.index && !entry.learned && entry.to !== tunnel.remote);
  return [
    {
      kind: 'tunnel',
      origin: [],
      namespace,
      device: name,
      ...settings,
      ...(parent === undefined ? {} : { parent }),
      ...(master === undefined ? {} : { master }),
      ...(device.port?.isolated === true && { isolated: true as const }),
      mac,
      mtu,
      checksumOffload: raw.offload.get(name) ?? true,
      up,
    },
    ...entries.map((entry) => ({ kind: 'forwarding-entry' as const, origin: [], namespace, device: name, mac: entry.mac, to: entry.to })),
  ];
}

function qdiscsOf({ namespace, qdiscs: held }: Raw, own: ReadonlyMap<number, OwnDevice>): readonly Qdisc[] {
  return [...held].flatMap(([index, settings]) => {
    const device = own.get(index)?.name;
    return device === undefined ? [] : [{ kind: 'qdisc', origin: [], namespace, device, ...settings } as const];
  });
}

function addressesOf(raw: Raw, own: ReadonlyMap<number, OwnDevice>): readonly DeviceAddress[] {
  const found: DeviceAddress[] = [];
  for (const { device, address, deprecated, ours } of raw.addresses) {
    const name = own.get(device)?.name;
    if (name !== undefined && ours)
      found.push({ kind: 'address', origin: [], namespace: raw.namespace, device: name, address, ...(deprecated && { secondary: true }) });
  }
  return found;
}

function routesOf(raw: Raw, own: ReadonlyMap<number, OwnDevice>, byIndex: ReadonlyMap<number, Device>): readonly Route[] {
  const found: Route[] = [];
  for (const route of raw.routes) {
    if (!route.ours || (route.device !== 0 && !own.has(route.device))) continue;
    const device = byIndex.get(route.device)?.name;
    found.push({
      kind: 'route',
      origin: [],
      namespace: raw.namespace,
      to: route.to,
      type: route.type,
      ...(route.via === undefined ? {} : { via: route.via }),
      ...(device === undefined ? {} : { device }),
    });
  }
  return found;
}
