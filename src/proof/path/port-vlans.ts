/** VLANs of the ports of a switch: which a frame is in that comes in, and how it leaves. */
import type { PortVlans } from '../../resource/veth.ts';

/** Of a port of a switch that tells VLANs apart. */
export interface MemberVlans extends PortVlans {
  /** Frames with a tag are not let in, not even with its own: an access port of Open vSwitch. */
  readonly refusesTags?: true;
  /** What has come in without a tag leaves with one: `native-tagged` of Open vSwitch. */
  readonly tagsAll?: true;
}

interface Port {
  /** Undefined where all VLANs pass, with their tags; what has none is in VLAN 0. */
  readonly vlans?: MemberVlans;
}

/** The VLAN of a frame that comes in by a port; undefined where it is not let in. */
export function vlanIn({ vlans }: Port, tag = 0): number | undefined {
  if (vlans === undefined) return tag;
  if (tag === 0) return vlans.untagged ?? (vlans.tagged.includes(0) ? 0 : undefined);
  if (vlans.refusesTags === true) return undefined;
  return tag === vlans.untagged || vlans.tagged.includes(tag) ? tag : undefined;
}

/** How a frame of a VLAN leaves by a port; undefined where it does not. */
export function frameOut({ vlans }: Port, vlan: number): { readonly tag: number | undefined } | undefined {
  const tag = vlan === 0 ? undefined : vlan;
  if (vlans === undefined) return { tag };
  if (vlan === vlans.untagged) return { tag: vlans.tagsAll === true ? tag : undefined };
  return vlans.tagged.includes(vlan) ? { tag } : undefined;
}

/** Whether whatever comes in by one port would leave by the other just as it is. */
export function isSwitchedPlain(from: Port | undefined, to: Port | undefined): boolean {
  if (from === undefined || to === undefined) return false;
  if (from.vlans === undefined) return to.vlans === undefined;
  const tags = [...(from.vlans.untagged === undefined ? [] : [undefined]), ...from.vlans.tagged];
  return tags.every((tag) => {
    const vlan = vlanIn(from, tag);
    const out = vlan === undefined ? undefined : frameOut(to, vlan);
    return out !== undefined && out.tag === tag;
  });
}
