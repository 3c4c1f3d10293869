/** Routers that learn their routes from others. */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import type { Family } from '../../address/ip.ts';
import type { Network, Node } from '../../network/network.ts';
import type { Outage } from '../../network/outage.ts';
import { isLearning, learnedRoutes } from '../../network/routing/learned-routes.ts';
import type { Ospf } from '../../network/routing/protocols.ts';
import type { LearnedRoute } from '../../network/routing/route.ts';
import type { File } from '../../resource/file.ts';
import type { HostFacts } from '../../resource/host-facts.ts';
import type { Process } from '../../resource/process.ts';
import type { Sysctl } from '../../resource/sysctl.ts';
import { namespaceOf } from '../placement.ts';
import { bgpConfiguration } from './bgp.ts';
import { ospfConfiguration, zebraConfiguration } from './configuration.ts';
import { daemonsOf, groupsFile, type Wanted } from './daemons.ts';

export function compileFrr(network: Network, host: HostFacts, outage: Outage): readonly (File | Process | Sysctl)[] {
  const routers = network.nodes.filter(isLearning);
  if (routers.length === 0) return [];
  const learned = { 4: learnedRoutes(network, 4, outage), 6: learnedRoutes(network, 6, outage) };
  return [
    ...groupsFile,
    ...routers.flatMap((router) => {
      const { name, ospf, bgp } = router;
      const namespace = namespaceOf(network.name, name);
      const learns = (family: Family): Wanted['learns'] => (learned[family].get(name) ?? []).map(inWords);
      const wanted: readonly Wanted[] = [
        { daemon: 'zebra', text: zebraConfiguration(), learns: [] },
        ...(ospf === undefined ? [] : familiesOf(router).map((family) => ospfDaemon(ospf, family, learns(family)))),
        ...(bgp === undefined
          ? []
          : [{ daemon: 'bgpd' as const, text: bgpConfiguration(router, bgp), learns: [...learns(4), ...learns(6)] }]),
      ];
      return [...linkSettings(router, namespace, host), ...daemonsOf(router, namespace, (ospf ?? bgp)?.origin ?? router.origin, wanted)];
    }),
  ];
}

const familiesOf = ({ interfaces }: Node): readonly Family[] =>
  ([4, 6] as const).filter((family) => interfaces.some(({ addresses }) => addresses.some(({ address }) => address.family === family)));

const ospfDaemon = (ospf: Ospf, family: Family, learns: Wanted['learns']): Wanted => ({
  daemon: family === 4 ? 'ospfd' : 'ospf6d',
  text: ospfConfiguration(ospf, family),
  learns,
});

const inWords = ({ to, hops }: LearnedRoute): Wanted['learns'][number] => ({
  to: formatPrefix(to),
  hops: hops.map(({ via, device }) => ({ via: formatAddress(via), device })),
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
