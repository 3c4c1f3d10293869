import { compare, type Difference, type Kind } from './kind.ts';
import { deviceKey, HOST, inNamespace, type ResourceBase } from './resource.ts';

/** A pair of virtual Ethernet devices (veth(4)), each end in a namespace of its own. */
export interface Veth extends ResourceBase {
  readonly kind: 'veth';
  /** Unique in the bottle: `web/dmz`. */
  readonly name: string;
  /** The first end is the machine's, the second the switch's or the host's. */
  readonly ends: readonly [VethEnd, VethEnd];
  /** Bytes, of both ends. */
  readonly mtu: number;
}

/** The VLANs that a port of a switch is in: those whose frames have a tag there, in order, and the one whose frames have none. */
export interface PortVlans {
  readonly untagged?: number;
  readonly tagged: readonly number[];
}

export interface VethEnd {
  readonly namespace: string;
  readonly device: string;
  readonly mac: string;
  /** The bridge in the same namespace that this end is a port of. */
  readonly master?: string;
  /** Only where the bridge filters VLANs. */
  readonly vlans?: PortVlans;
  /** False switches transmit checksum offload off, for peers that read raw frames (ethtool(8) -K tx off). */
  readonly checksumOffload: boolean;
  readonly up: boolean;
  /** Whether packets of 127.0.0.0/8 may pass (`route_localnet` of ip-sysctl). */
  readonly localnet?: true;
  /** Bytes. Only where the end has another MTU than the veth, which nobody wants but somebody may find. */
  readonly mtu?: number;
}

/** A bridge that the veth is a port of. One of the host's own provides no key, and then nothing comes of asking for it. */
const masters = (veth: Veth): readonly string[] =>
  veth.ends.flatMap(({ namespace, master }) => (master === undefined ? [] : [deviceKey(namespace, master)]));

/** Of an end, each with the effect that changing it has. */
const FIELDS = {
  namespace: 'replace',
  device: 'replace',
  mac: 'live',
  master: 'live',
  vlans: 'live',
  checksumOffload: 'live',
  up: 'live',
  localnet: 'live',
} as const;

function endDifferences(before: Veth, after: Veth, i: 0 | 1): readonly Difference[] {
  const [one, other] = [before.ends[i], after.ends[i]];
  const mtus = compare({ mtu: one.mtu ?? before.mtu }, { mtu: other.mtu ?? after.mtu }, { mtu: 'live' });
  return [...compare(one, other, FIELDS), ...mtus];
}

/** What both ends have in common is said once. */
const unique = (differences: readonly Difference[]): readonly Difference[] =>
  differences.length < 2 ? differences : [...new Map(differences.map((one) => [JSON.stringify(one), one])).values()];

export const vethKind: Kind<Veth> = {
  identity: ({ name }) => `veth:${name}`,
  provides: ({ ends }) => ends.map(({ namespace, device }) => deviceKey(namespace, device)),
  requires: (veth) => [...veth.ends.flatMap(({ namespace }) => inNamespace(namespace)), ...masters(veth)],
  // The kernel ends namespaces when it finds the time. What can be seen from a namespace that stays is taken away at once.
  goesWith: ({ ends: [near, far] }) =>
    near.namespace === HOST || far.namespace === HOST ? [] : [[near, far].flatMap(({ namespace }) => inNamespace(namespace))],
  differences: (before, after) => unique([...endDifferences(before, after, 0), ...endDifferences(before, after, 1)]),
  describe: ({ ends: [near, far] }) =>
    `veth ${near.device} in ${near.namespace} to ${far.device} in ${far.namespace}${far.master === undefined ? '' : `, port of ${far.master}`}`,
};
