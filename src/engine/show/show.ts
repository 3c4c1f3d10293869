import type { Home } from '../../backend/home.ts';
import { devices } from '../../backend/kernel/netlink/devices.ts';
import { learnedRoutes } from '../../backend/kernel/netlink/route.ts';
import { visit } from '../../backend/kernel/visit.ts';
import { readKeeper } from '../../backend/process/keeper-client.ts';
import type { KeptStatus } from '../../backend/process/keeper-protocol.ts';
import { namespaceOf, switchNamespace } from '../../compile/placement.ts';
import { isLearning } from '../../network/routing/learned-routes.ts';
import { HOST } from '../../resource/resource.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import { nodeOf, type Running } from '../running.ts';
import { linksOf, type ShownLink } from './links.ts';
import { switchLinks } from './switch-links.ts';

export interface ShownNode {
  readonly name: string;
  readonly kind: 'machine' | 'router' | 'bridge' | 'switch' | 'host';
  readonly state: 'running' | 'stopped';
  readonly links: readonly ShownLink[];
  readonly routes: readonly {
    readonly to: string;
    readonly type: string;
    readonly via?: string;
    readonly device?: string;
    readonly learned?: true;
  }[];
  readonly processes: readonly KeptStatus[];
}

/** What the kernel has of a bottle's machines, of its switches and of the host, or of one of them. */
export async function show(context: Context, running: Running, only?: string): Promise<readonly ShownNode[]> {
  const { network, state } = running;
  const isSwitch = network.switches.some(({ name }) => name === only);
  if (only !== undefined && only !== 'host' && !isSwitch) nodeOf(network, only);
  const [{ resources }, keeper] = [await observe(context, network.name, state.resources), await readKeeper(context.home, network.name)];
  const nodes = [
    ...network.nodes.map(({ name, kind }) => ({ name, kind, namespace: namespaceOf(network.name, name) })),
    { name: 'host', kind: 'host' as const, namespace: HOST },
  ];
  const pulled = new Set(state.pulled);
  const learning = new Set(
    network.nodes.filter((node) => isLearning(node) && state.stopped?.includes(node.name) !== true).map(({ name }) => name),
  );
  const isMeant = ({ name }: { readonly name: string }): boolean => only === undefined || name === only;
  const off = new Set(state.stopped?.map((name) => namespaceOf(network.name, name)));
  const switches = network.switches.filter(isMeant).map(({ name }): ShownNode => {
    const namespace = switchNamespace(network, name);
    const links = switchLinks(network, name, resources, pulled, mtuIn(context.home, network.name, namespace));
    return { name, kind: 'switch', state: off.has(namespace) ? 'stopped' : 'running', links, routes: [], processes: [] };
  });
  const shown = nodes.filter(isMeant).map(
    ({ name, kind, namespace }): ShownNode => ({
      name,
      kind,
      state: state.stopped?.includes(name) === true ? 'stopped' : 'running',
      links: linksOf(resources, namespace, pulled, mtuIn(context.home, network.name, namespace)),
      routes: [
        ...resources.flatMap((resource) =>
          resource.kind === 'route' && resource.namespace === namespace
            ? [
                {
                  to: resource.to,
                  type: resource.type,
                  ...(resource.via === undefined ? {} : { via: resource.via }),
                  ...(resource.device === undefined ? {} : { device: resource.device }),
                },
              ]
            : [],
        ),
        ...(learning.has(name) ? learnedIn(context.home, network.name, namespace) : []),
      ],
      processes: (keeper?.resources ?? []).filter(({ resource }) => resource.machine === name),
    }),
  );
  const [host, machines] = [
    shown.filter(({ kind, links }) => kind === 'host' && links.length > 0),
    shown.filter(({ kind }) => kind !== 'host'),
  ];
  return [...machines, ...switches, ...host];
}

/** One for each of several next hops. */
const learnedIn = (home: Home, bottle: string, namespace: string): ShownNode['routes'] =>
  visit({ home, bottle }, namespace, (socket) => {
    const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
    return learnedRoutes(socket).flatMap(({ to, hops }) =>
      hops.map(({ via, device }) => ({
        to,
        type: 'unicast',
        ...(via === undefined ? {} : { via }),
        device: names.get(device) ?? String(device),
        learned: true as const,
      })),
    );
  });

/** The MTU of a device in a namespace, in bytes. */
const mtuIn =
  (home: Home, bottle: string, namespace: string) =>
  (wanted: string): number =>
    visit({ home, bottle }, namespace, (socket) => devices(socket).find(({ name }) => name === wanted)?.mtu ?? 0);
