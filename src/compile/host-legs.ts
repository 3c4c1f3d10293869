import type { Attachment, Network, Segment } from '../network/network.ts';

/** A segment in which the host has an address. */
export type WithHost = Segment & { readonly attachment: Extract<Attachment, { readonly mode: 'host-only' | 'nat' | 'routed' }> };

export const hostLegsOf = (network: Network): readonly WithHost[] =>
  network.segments.filter((segment): segment is WithHost => 'host' in segment.attachment);
