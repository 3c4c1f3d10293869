/** Routers that learn their routes from others. */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import { learnedRoutes, type Outage } from '../../network/learned-routes.ts';
import type { LearnedRoute, Network, Node, Ospf } from '../../network/network.ts';
import type { File } from '../../resource/file.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { Process } from '../../resource/process.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import { namespaceOf } from '../placement.ts';
import { ospfConfiguration, zebraConfiguration } from './configuration.ts';
import { daemonsOf, groupsFile, type Wanted } from './daemons.ts';

export function compileFrr(network: Network, host: HostFacts, outage: Outage): readonly (File | Process | Sysctl)[] {
  const routers = network.nodes.filter(({ ospf }) => ospf !== undefined);
  if (routers.length === 0) return [];
  const learned = { 4: learnedRoutes(network, 4, outage), 6: learnedRoutes(network, 6, outage) };
  return [
    ...groupsFile,
    ...routers.flatMap((router) => {
      const { name, ospf } = router;
      if (ospf === undefined) return [];
      const namespace = namespaceOf(network.name, name);
      const wanted = familiesOf(router).map((family) => ospfDaemon(ospf, family, learned[family].get(name) ?? []));
      return [
        ...linkSettings(router, namespace, host),
        ...daemonsOf(router, namespace, ospf.origin, [{ daemon: 'zebra', text: zebraConfiguration(), learns: [] }, ...wanted]),
      ];
    }),
  ];
}

const familiesOf = ({ interfaces }: Node): readonly Family[] =>
  ([4, 6] as const).filter((family) => interfaces.some(({ addresses }) => addresses.some(({ address }) => address.family === family)));

const ospfDaemon = (ospf: Ospf, family: Family, learned: readonly LearnedRoute[]): Wanted => ({
  daemon: family === 4 ? 'ospfd' : 'ospf6d',
  text: ospfConfiguration(ospf, family),
  learns: learned.map(({ to, hops }) => ({
    to: formatPrefix(to),
    hops: hops.map(({ via, device }) => ({ via: formatAddress(via), device })),
  })),
});

/** The kernel goes on sending into a network whose cable is out, though others know a way there, unless it is told not to. */
function linkSettings(router: Node, namespace: string, host: HostFacts): readonly Sysctl[] {
  const families = familiesOf(router).filter((family) => family === 4 || host.ipv6);
  return families.map((family) => ({
    kind: 'sysctl',
    origin: router.origin,
    namespace,
    key: `net/ipv${family}/conf/all/ignore_routes_with_linkdown`,
    value: '1',
  }));
}
