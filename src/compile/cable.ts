/** Cables that a person knows of, and what is like one: the way of a machine into an overlay or onto an interface of the host, and a trunk that is a tunnel. */
import type { Impairment } from '../network/impairment.ts';
import type { Network, Node, Segment } from '../network/network.ts';
import { trunkName } from '../network/outage.ts';
import { hasSwitch, hostCableName, type Plugged, pluggedOf } from './placement.ts';

export interface Cable {
  /** Of its veth, where it has one: `web/dmz`. That of a link is called after the end whose name comes first. */
  readonly name: string;
  /**
   * `port`: of one network alone. `wire`: of several, with tags. `host`: between a switch and the host, or what the host is joined with.
   * `none`: what a machine sends and receives by a device of its own, in an overlay or on an interface of the host.
   */
  readonly kind: 'port' | 'wire' | 'link' | 'trunk' | 'host' | 'none';
  /** As people know it: `web/dmz`, `web/boxa`, `boxa/boxb`, or the name of the link. */
  readonly title: string;
  /** All that it may be called. */
  readonly names: readonly string[];
  /** Networks or link that it is a machine's way into. */
  readonly segments: readonly string[];
  /** What has no carrier without it. */
  readonly ends: readonly { readonly node: string; readonly segment: string }[];
  /** What the file says that it does to packets. */
  readonly impairment?: Impairment;
}

const known = new WeakMap<Network, readonly Cable[]>();

/** Worked out once for a network: whoever compiles it asks several times, and there may be thousands. */
export function cablesOf(network: Network): readonly Cable[] {
  const cables = known.get(network) ?? cablesIn(network);
  known.set(network, cables);
  return cables;
}

const cablesIn = (network: Network): readonly Cable[] => [
  ...pluggedOf(network).flatMap(ofSegment),
  ...network.nodes.flatMap(wiresOf),
  ...network.segments.filter(hasHostCable).map(hostCable),
  ...network.trunks.map((trunk): Cable => {
    const { ends, impairment } = trunk;
    const name = trunkName(trunk);
    return { name, kind: 'trunk', title: name, names: [name, ends.toReversed().join('/')], segments: [], ends: [], ...said(impairment) };
  }),
];

/** Of the networks whose switch has a cable to the host. */
const hasHostCable = (segment: Segment): boolean => hasSwitch(segment) && segment.attachment.mode !== 'internal';

/** None of the machines', so what is done to a network is not done to it. */
function hostCable(segment: Segment): Cable {
  const title = `host/${segment.name}`;
  const ends = [{ node: 'host', segment: segment.name }];
  return { name: hostCableName(segment), kind: 'host', title, names: [title], segments: [], ends, ...said(segment.hostImpairment) };
}

const said = (impairment: Impairment | undefined) => (impairment === undefined ? {} : { impairment });

function ofSegment({ segment, plugs }: Plugged): readonly Cable[] {
  const segments = [segment.name];
  const ends = plugs.map(({ node }) => ({ node: node.name, segment: segment.name }));
  if (segment.kind === 'link') {
    const nodes = ends.map(({ node }) => node);
    const names = [segment.name, ...nodes.map((node) => `${node}/${segment.name}`)];
    const name = `${nodes.toSorted()[0]}/${segment.name}`;
    return [{ name, kind: 'link', title: segment.name, names, segments, ends, ...said(segment.impairment) }];
  }
  const kind = hasSwitch(segment) ? 'port' : 'none';
  return plugs.flatMap(({ node, interface: { impairment } }) => {
    if (node.wires.some(({ tagged, untagged }) => untagged === segment.name || tagged.includes(segment.name))) return [];
    const name = `${node.name}/${segment.name}`;
    const end = { node: node.name, segment: segment.name };
    return [{ name, kind, title: name, names: [name], segments, ends: [end], ...said(impairment) }];
  });
}

const wiresOf = ({ name: node, wires }: Node): readonly Cable[] =>
  wires.map(({ switch: where, tagged, untagged, impairment }) => {
    const segments = [...(untagged === undefined ? [] : [untagged]), ...tagged];
    const ends = segments.map((segment) => ({ node, segment }));
    const names = [where, ...segments].map((one) => `${node}/${one}`);
    return { name: `${node}/${where}`, kind: 'wire', title: `${node}/${where}`, names, segments, ends, ...said(impairment) };
  });
