import type { Origin } from '../diagnostic/diagnostic.ts';

/** The namespace that Netbottle itself was started in: the machine's own, or the root of a user namespace. */
export const HOST = '@host';

/** What every resource has, whatever its kind. All of it is plain data that survives JSON. */
export interface ResourceBase {
  readonly kind: string;
  /** Where in the file it comes from; empty for what every bottle has. */
  readonly origin: Origin;
}

/** Keys by which resources say what they give and need. */
export const namespaceKey = (namespace: string): string => `namespace:${namespace}`;
export const deviceKey = (namespace: string, device: string): string => `device:${namespace}/${device}`;
/** Having an address of a family on a device: without one the kernel drops the routes over it. */
export const onLinkKey = (namespace: string, device: string, address: string): string =>
  `onlink:${namespace}/${device}/${address.includes(':') ? 6 : 4}`;
/** The namespace that a thing lives in; the host is never made nor taken away. */
export const inNamespace = (namespace: string): readonly string[] => (namespace === HOST ? [] : [namespaceKey(namespace)]);
