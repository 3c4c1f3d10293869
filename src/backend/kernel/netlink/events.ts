/** Sockets on which the kernel tells of changes (rtnetlink(7), linux/netlink.h), asked without waiting. */
import { closeSync } from 'node:fs';
import { AF_NETLINK, bind, messageReceiver, SOCK_RAW, setSocketOption, socket } from '../libc.ts';
import { SystemError } from '../system-error.ts';
import { type Message, messagesIn } from './message.ts';
import { NETLINK_ROUTE } from './socket.ts';

const SOL_NETLINK = 270;
const NETLINK_ADD_MEMBERSHIP = 1;
const NETLINK_LISTEN_ALL_NSID = 8;
const EAGAIN = 11;
const EINTR = 4;
const ENOBUFS = 105;

const NETLINK_NETFILTER = 12;

/** RTNLGRP_LINK, _TC, _IPV4_IFADDR, _IPV4_ROUTE, _IPV6_IFADDR, _IPV6_ROUTE, _IPV4_NETCONF, _IPV6_NETCONF (linux/rtnetlink.h). */
const ROUTE_GROUPS = [1, 4, 5, 7, 9, 11, 24, 25];
/** NFNLGRP_NFTABLES (linux/netfilter/nfnetlink.h). */
const NFTABLES_GROUPS = [7];
/** NFNLGRP_NFTRACE. */
const TRACE_GROUPS = [9];

const received = Buffer.alloc(1 << 16);
/** A struct cmsghdr (cmsg(3)) and a number: of which namespace was told. */
const control = Buffer.alloc(24);
const CMSG_TYPE = 12;
const CMSG_DATA = 16;
const receive = messageReceiver(received, control);

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
};

/** `every`: of every namespace that has a number in this one, and not only of this one (NETLINK_LISTEN_ALL_NSID). */
export const openRouteEvents = (every: boolean): EventSocket => new EventSocket(NETLINK_ROUTE, ROUTE_GROUPS, every);
export const openTableEvents = (every: boolean): EventSocket => new EventSocket(NETLINK_NETFILTER, NFTABLES_GROUPS, every);

/** What rules do to packets that are traced (`meta nftrace`), of every namespace that has a number in this one. */
export const openTraceEvents = (): EventSocket => new EventSocket(NETLINK_NETFILTER, TRACE_GROUPS, true);

/** A netlink socket of the namespace that the thread was in when it was opened. */
export class EventSocket {
  /** For options of the socket. */
  readonly fd: number;

  constructor(protocol: number, groups: readonly number[], every: boolean) {
    this.fd = socket(AF_NETLINK, SOCK_RAW, protocol);
    try {
      // Unbound it would have the number 0, which the kernel takes for its own, and tells nothing.
      const address = Buffer.alloc(12);
      address.writeUInt16LE(AF_NETLINK);
      bind(this.fd, address);
      if (every) setSocketOption(this.fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, number(1));
      for (const group of groups) setSocketOption(this.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, number(group));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * What was told since the last time, each message valid only while it is visited, with the number of its namespace
   * where it is of another than the socket.
   * Gives false where more was told than the kernel keeps, so that something is lost.
   */
  drain(visit: (message: Message, namespace: number | undefined) => void): boolean {
    let complete = true;
    for (;;) {
      const length = receive(this.fd);
      if (length >= 0) {
        const namespace = control.readInt32LE(CMSG_TYPE) === NETLINK_LISTEN_ALL_NSID ? control.readInt32LE(CMSG_DATA) : undefined;
        for (const message of messagesIn(received.subarray(0, length))) visit(message, namespace);
      } else if (length === -ENOBUFS) complete = false;
      else if (length === -EAGAIN) return complete;
      else if (length !== -EINTR) throw new SystemError('recv', -length, 'events of the kernel');
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}
