import { groupBy } from '../../collection/group-by.ts';
import type { Backend, Observed, Taken, Wanted } from '../../plan/backend.ts';
import type { BridgePort } from '../../resource/bridge-port.ts';
import type { Namespace } from '../../resource/namespace.ts';
import { deviceKey, HOST, namespaceKey } from '../../resource/resource.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import type { VethEnd } from '../../resource/veth.ts';
import type { Home } from '../home.ts';
import { hostSettings } from './host-settings.ts';
import { make } from './make.ts';
import type { Mark } from './mark.ts';
import { foreignNames, namespacesOf, unlinkedNames } from './namespaces.ts';
import { nothingIn, type Raw, readRaw } from './raw.ts';
import { type EndInhabitants, remove } from './remove.ts';
import { readSysctls } from './sysctl.ts';
import { understand, unmarkedPeers, withFarEnds } from './understand.ts';
import { type Site, visit } from './visit.ts';

/** Namespaces, links, addresses, routes and settings, over rtnetlink and /proc/sys. */
export function kernelBackend(home: Home, endInhabitants: EndInhabitants): Backend {
  const siteOf = (bottle: string): Site => ({ home, bottle });
  return {
    name: 'kernel',
    kinds: new Set([
      'namespace',
      'bridge',
      'bridge-port',
      'veth',
      'macvlan',
      'vlan',
      'tunnel',
      'forwarding-entry',
      'sysctl',
      'ifb',
      'qdisc',
      'address',
      'route',
    ] as const),
    read: async (bottle, wanted, within) => read(siteOf(bottle), wanted, within),
    remove: (bottle, resources) => remove(siteOf(bottle), resources, endInhabitants),
    make: (bottle, makings) => make(siteOf(bottle), makings),
  };
}

function read(site: Site, wanted: Wanted, within?: ReadonlySet<string>): Observed {
  const isMeant = (namespace: string): boolean => within?.has(namespace) !== false;
  const namespaces = namespacesOf(site).filter(isMeant);
  const settings = groupBy(
    wanted.filter((resource): resource is Sysctl => resource.kind === 'sysctl'),
    ({ namespace }) => namespace,
  );
  const sysctls: Sysctl[] = [];
  const host = isMeant(HOST) ? visit(site, HOST, (socket) => readRaw(socket, HOST, site.bottle)) : nothingIn(HOST);
  const raws: Raw[] = [host];
  for (const namespace of namespaces) {
    visit(site, namespace, (socket) => {
      raws.push(readRaw(socket, namespace, site.bottle));
      const keys = new Set((settings.get(namespace) ?? []).map(({ key }) => key));
      for (const [key, value] of readSysctls(socket, [...keys])) {
        if (keys.has(key)) sysctls.push({ kind: 'sysctl', origin: [], namespace, key, value });
      }
    });
  }
  for (const [key, value] of isMeant(HOST) ? hostSettings(site.home, site.bottle) : [])
    sysctls.push({ kind: 'sysctl', origin: [], namespace: HOST, key, value });
  const peers = unmarkedPeers(site.bottle, raws);
  const understood = understand(site.bottle, raws, peers);
  const unlinked = unlinkedNames(namespaces);
  return {
    resources: [
      ...namespaces.map((name): Namespace => ({ kind: 'namespace', origin: [], name, ...(unlinked.has(name) && { unlinked: true }) })),
      ...(within === undefined ? understood : withFarEnds(understood, wanted, within)),
      ...sysctls,
      ...portsOf(site, host, wanted),
    ],
    taken: [...takenIn(site, host, raws, peers), ...(within === undefined ? takenNames(site) : [])],
  };
}

/** Devices of the host in a bridge of ours there. They bear no mark, since they are not ours; what others put into it is theirs. */
function portsOf(site: Site, host: Raw, wanted: Wanted): readonly BridgePort[] {
  const ports = new Set(wanted.flatMap((resource) => (resource.kind === 'bridge-port' ? [resource.device] : [])));
  const bridges = new Map(
    host.devices.filter(({ mark, kind }) => kind === 'bridge' && mark?.bottle === site.bottle).map(({ index, name }) => [index, name]),
  );
  return host.devices.flatMap(({ name, master, mark }) => {
    const bridge = bridges.get(master);
    return bridge === undefined || mark !== undefined || !ports.has(name)
      ? []
      : [{ kind: 'bridge-port', origin: [], device: name, master: bridge } as const];
  });
}

/** Devices anywhere, and on the host routes too. A route inside of our namespaces that somebody put over ours is repaired instead. */
function takenIn(site: Site, host: Raw, raws: readonly Raw[], peers: ReadonlyMap<string, VethEnd>): readonly Taken[] {
  const half = new Set([...peers.values()].map(({ namespace, device }) => deviceKey(namespace, device)));
  const devices = raws
    .flatMap((raw) =>
      raw.devices.flatMap(({ name, mark }) => foreign(site, mark).map((by) => ({ key: deviceKey(raw.namespace, name), by }))),
    )
    .filter(({ key }) => !half.has(key));
  const marks = new Map(host.devices.map(({ index, mark }) => [index, mark]));
  const routes = host.routes.flatMap(({ to, device }) =>
    foreign(site, marks.get(device)).map((by) => ({ key: `route:${HOST}/${to}`, by: `a route by ${by}` })),
  );
  return [...devices, ...routes];
}

const takenNames = (site: Site): readonly Taken[] =>
  foreignNames(site.home).map((name) => ({ key: namespaceKey(name), by: 'a namespace of `ip netns` that Netbottle did not make' }));

/** Whose a device with this mark is, if it is not this bottle's. */
function foreign(site: Site, mark: Mark | undefined): readonly string[] {
  if (mark?.bottle === site.bottle) return [];
  return [mark === undefined ? 'a device that Netbottle did not make' : `bottle ${mark.bottle}`];
}
