import { compare, type Kind } from './kind.ts';
import { deviceKey, inNamespace, onLinkKey, type ResourceBase } from './resource.ts';

/** A route of the main table (ip-route(8)). */
export interface Route extends ResourceBase {
  readonly kind: 'route';
  readonly namespace: string;
  /** `0.0.0.0/0` and `::/0` for the default. */
  readonly to: string;
  /** `unreachable` answers with an ICMP error instead of forwarding; it has neither gateway nor device. */
  readonly type: 'unicast' | 'unreachable';
  readonly via?: string;
  readonly device?: string;
}

const over = ({ namespace, device, to }: Route): readonly string[] =>
  device === undefined ? [] : [deviceKey(namespace, device), onLinkKey(namespace, device, to)];

export const routeKind: Kind<Route> = {
  identity: ({ namespace, to }) => `route:${namespace}/${to}`,
  provides: () => [],
  requires: (route) => [...inNamespace(route.namespace), ...over(route)],
  goesWith: (route) => [inNamespace(route.namespace), over(route).slice(0, 1)],
  differences: (before, after) => compare(before, after, { type: 'live', via: 'live', device: 'live' }),
  describe: ({ namespace, to, type, via, device }) =>
    `route ${to} ${type === 'unreachable' ? 'unreachable' : `via ${via ?? device} dev ${device}`} in ${namespace}`,
};
