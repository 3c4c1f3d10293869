/** What routers learn from one another once all of them know all, whichever protocol they speak. */
import type { Family } from '../../address/ip.ts';
import type { Network, Node } from '../network.ts';
import type { Outage } from '../outage.ts';
import { bgpRoutes } from './bgp-routes.ts';
import { ospfRoutes } from './ospf-routes.ts';
import type { LearnedRoute } from './route.ts';

/** Whether a router learns its routes from others. */
export const isLearning = ({ ospf, bgp }: Pick<Node, 'ospf' | 'bgp'>): boolean => ospf !== undefined || bgp !== undefined;

/** By router, in the order of the prefixes; those that learn nothing are not in it, and nobody speaks two protocols. */
export const learnedRoutes = (network: Network, family: Family, outage: Outage): ReadonlyMap<string, readonly LearnedRoute[]> =>
  new Map([...ospfRoutes(network, family, outage), ...bgpRoutes(network, family, outage)]);
