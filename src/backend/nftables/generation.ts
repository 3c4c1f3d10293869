/** How often the rules of a namespace have been changed, by anybody: while that is the same, so are they. */
import { closeSync } from 'node:fs';
import { AF_INET, getSocketOption, SOCK_DGRAM, socket } from '../kernel/libc.ts';
import { eachAttribute } from '../kernel/netlink/message.ts';
import { NETLINK_NETFILTER, withSocket } from '../kernel/netlink/socket.ts';
import { SystemError } from '../kernel/system-error.ts';

export interface Generation {
  /** Of the namespace, for as long as the host is up: no other ever has it. */
  readonly cookie: string;
  /** Grows by one with each transaction. */
  readonly number: number;
}

/** NFNL_SUBSYS_NFTABLES, and NFT_MSG_GETGEN. */
const GET_GENERATION = (10 << 8) | 16;
/** struct nfgenmsg. */
const BODY = 4;
const NFTA_GEN_ID = 1;
const SOL_SOCKET = 1;
const SO_NETNS_COOKIE = 71;

/** Of the namespace that the thread is in; undefined where the kernel does not tell (Linux before 5.14). */
export function generationHere(): Generation | undefined {
  try {
    const cookie = cookieHere();
    let number: number | undefined;
    const { body } = withSocket((netlink) => netlink.ask(GET_GENERATION, BODY, () => undefined), NETLINK_NETFILTER);
    eachAttribute(body, BODY, body.length, (type, start) => {
      if (type === NFTA_GEN_ID) number = body.readUInt32BE(start);
    });
    return number === undefined ? undefined : { cookie, number };
  } catch (error) {
    if (error instanceof SystemError && WITHOUT.has(error.code)) return undefined;
    throw error;
  }
}

/** From getsockopt(2) without the option, and from nfnetlink without nf_tables. */
const WITHOUT: ReadonlySet<string> = new Set(['ENOPROTOOPT', 'EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP']);

function cookieHere(): string {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    const cookie = Buffer.alloc(8);
    getSocketOption(fd, SOL_SOCKET, SO_NETNS_COOKIE, cookie);
    return cookie.toString('hex');
  } finally {
    closeSync(fd);
  }
}

/** Whether there was one transaction between the two, and no more. */
export const follows = (after: Generation, before: Generation): boolean =>
  after.cookie === before.cookie && after.number === before.number + 1;

export const isSame = (one: Generation, other: Generation): boolean => one.cookie === other.cookie && one.number === other.number;
