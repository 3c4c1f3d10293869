/** One table a namespace, put together from what each concern adds to it. */
import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Network, Node } from '../network/network.ts';
import { HOST } from '../resource/resource.ts';
import type { Table } from '../resource/table.ts';
import { clampAtHost, clampAtRouter } from './clamp.ts';
import { compileForwards } from './forward.ts';
import { type Fragment, together } from './fragment.ts';
import { compileGuards } from './guard/guard.ts';
import { compileHostFilter } from './host-filter.ts';
import { hostLegsOf } from './host-legs.ts';
import { compileLoopbackGuard } from './loopback.ts';
import { compileHostNat, compileRouterNat } from './nat.ts';
import { namespaceOf } from './placement.ts';
import { compilePolicy } from './policy/policy.ts';

export function compileTables(network: Network): readonly Table[] {
  const policyAt = compilePolicy(network);
  const routers = network.nodes.filter(({ kind }) => kind === 'router');
  return [
    ...hostTable(network, policyAt('host')),
    ...routers.flatMap((router) => routerTable(network, router, policyAt(router.name))),
    ...compileGuards(network),
  ];
}

function hostTable(network: Network, policy: Fragment): readonly Table[] {
  const [leg] = hostLegsOf(network);
  if (leg === undefined) return [];
  const forwards = network.forwards.filter(({ at }) => at === 'host');
  const fragment = together(
    compileHostFilter(network),
    policy,
    compileLoopbackGuard(network),
    compileForwards(forwards),
    compileHostNat(network, forwards.length > 0),
    clampAtHost(network),
  );
  return tableOf(HOST, `netbottle-${network.name}`, leg.origin, fragment);
}

function routerTable(network: Network, router: Node, policy: Fragment): readonly Table[] {
  const forwards = network.forwards.filter(({ at }) => at === router.name);
  const fragment = together(
    policy,
    compileForwards(forwards),
    compileRouterNat(router, forwards.length > 0),
    clampAtRouter(network, router),
  );
  return tableOf(namespaceOf(network.name, router.name), 'netbottle', router.origin, fragment);
}

const tableOf = (namespace: string, name: string, origin: Origin, { chains, sets }: Fragment): readonly Table[] =>
  chains.length === 0 ? [] : [{ kind: 'table', origin, namespace, family: 'inet', name, chains, sets }];
