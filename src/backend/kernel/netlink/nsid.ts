/** Numbers by which one namespace knows others (rtnetlink, linux/net_namespace.h). They go with either of the two. */
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWNSID = 88;
const RTGENMSG = 1;
const NETNSA_NSID = 1;
const NETNSA_FD = 3;

/** Gives the namespace of the descriptor a number in that of the socket; EEXIST where it has one. Returns the index for `flush`. */
export const numberNamespace = (socket: NetlinkSocket, namespace: number, number: number, subject: string): number =>
  socket.add(RTM_NEWNSID, 0, RTGENMSG, subject, (writer) => {
    writer.u32(NETNSA_NSID, number);
    writer.u32(NETNSA_FD, namespace);
  });
