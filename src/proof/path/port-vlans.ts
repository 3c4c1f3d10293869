/** VLANs of the ports of a switch: which a frame is in that comes in, and how it leaves. */
import type { PortVlans } from '../../resource/veth.ts';

interface Port {
  readonly vlans?: PortVlans;
}

/** The VLAN of a frame that comes in by a port; undefined where it is not let in. A port about which nothing is said is in all. */
export function vlanIn({ vlans }: Port, tag: number | undefined): number | 'all' | undefined {
  if (vlans === undefined) return tag ?? 'all';
  const vlan = tag ?? vlans.untagged;
  return vlan !== undefined && (vlan === vlans.untagged || vlans.tagged.includes(vlan)) ? vlan : undefined;
}

/** How a frame of a VLAN leaves by a port; undefined where it does not. */
export function frameOut({ vlans }: Port, vlan: number): { readonly tag: number | undefined } | undefined {
  if (vlans === undefined) return { tag: vlan };
  if (vlan === vlans.untagged) return { tag: undefined };
  return vlans.tagged.includes(vlan) ? { tag: vlan } : undefined;
}

/** Whether whatever comes in by one port would leave by the other just as it is. */
export function isSwitchedPlain(from: Port | undefined, to: Port | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  if (from.vlans === undefined) return to.vlans === undefined;
  const tags = [...(from.vlans.untagged === undefined ? [] : [undefined]), ...from.vlans.tagged];
  return tags.every((tag) => {
    const vlan = vlanIn(from, tag);
    const out = typeof vlan === 'number' ? frameOut(to, vlan) : undefined;
    return out !== undefined && out.tag === tag;
  });
}
