import { ETHERTYPE, ethernet, ipv4, udp } from './frame.ts';
import { bob, eve } from './scene.ts';
import type { Wire } from './wire.ts';

const PORT = 9;
let sent = 0;

/** Sends the frames, and tells which of them arrived. */
export function deliver(frames: readonly Buffer[], from: Wire, to: Wire): readonly boolean[] {
  sent += 1;
  const last = ethernet(
    bob.mac,
    eve.mac,
    ETHERTYPE.ipv4,
    ipv4(eve.four, bob.four, 17, udp(PORT, PORT, Buffer.from(`the last of ${sent}`))),
  );
  for (const frame of [...frames, last]) from.send(frame);
  const seen: Buffer[] = [];
  for (;;) {
    const frame = to.receive();
    // An honest frame that is sent after the others arrives after them, or the network is broken.
    if (frame === undefined) throw new Error('the last frame did not arrive');
    if (frame.equals(last)) break;
    seen.push(frame);
  }
  return frames.map((frame) => seen.some((one) => isStartOf(one, frame) || isStartOf(one, withoutTag(frame))));
}

/** A switch on a host with br_netfilter cuts off what is behind the end of a packet. */
const isStartOf = (one: Buffer, frame: Buffer): boolean => one.equals(frame.subarray(0, one.length));

/** The kernel keeps the outer tag beside the frame that it hands out. */
const withoutTag = (frame: Buffer): Buffer => Buffer.concat([frame.subarray(0, 12), frame.subarray(16)]);
