/** Pairs of virtual Ethernet devices (veth(4)). */
import { create, describe, IFLA_NET_NS_FD, type NewDevice } from './link.ts';
import { IFINFOMSG } from './link-attributes.ts';
import type { MessageWriter } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const IFLA_NUM_TX_QUEUES = 31;
const IFLA_NUM_RX_QUEUES = 32;
const VETH_INFO_PEER = 1;

/** Makes a pair of devices; the peer appears in the namespace that `peerNamespace` is a descriptor of, or in this one. */
export function createVeth(socket: NetlinkSocket, near: NewDevice, peer: NewDevice, peerNamespace: number | undefined): number {
  return create(
    socket,
    'veth',
    near,
    `veth ${near.device}`,
    (writer) =>
      writer.nest(VETH_INFO_PEER, () => {
        writer.body(IFINFOMSG);
        describe(writer, peer);
        oneQueue(writer);
        if (peerNamespace !== undefined) writer.u32(IFLA_NET_NS_FD, peerNamespace);
      }),
    oneQueue,
  );
}

/**
 * Unless it is told how many, the kernel makes a queue for each processor and gives up all but the first; for that it
 * waits for all processors, with its one lock held (veth_init_queues in drivers/net/veth.c).
 */
function oneQueue(writer: MessageWriter): void {
  writer.u32(IFLA_NUM_TX_QUEUES, 1);
  writer.u32(IFLA_NUM_RX_QUEUES, 1);
}
