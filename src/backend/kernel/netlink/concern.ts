/** Whether what the kernel tells of the host is about a bottle: a host has much that is none of its business. */
import { textOfAddress } from './ip-bytes.ts';
import { eachAttribute, type Message, textOf } from './message.ts';

const RTM_NEWLINK = 16;
const RTM_DELLINK = 17;
const RTM_NEWADDR = 20;
const RTM_DELADDR = 21;
const RTM_NEWROUTE = 24;
const RTM_DELROUTE = 25;
const RTM_NEWNETCONF = 80;
const IFINFOMSG = 16;
const IFLA_IFNAME = 3;
const RTMSG = 12;
const RTA_DST = 1;
const RTA_OIF = 4;
const NETCONFMSG = 4;
const NETCONFA_IFINDEX = 1;
/** For settings that are not of one device. */
const NETCONFA_IFINDEX_ALL = -1;
const NETCONFA_IFINDEX_DEFAULT = -2;

const NFGENMSG = 4;
/** All messages about parts of a table have the table's name in their first attribute (linux/netfilter/nf_tables.h). */
const NFTA_TABLE = 1;
const NFT_MSG_MASK = 0xff;
/** Says only that something else was said. */
const NFT_MSG_NEWGEN = 15;

/** What a bottle has on the host. */
export interface Concern {
  readonly devices: ReadonlySet<string>;
  /** Of those of the devices that are there. */
  readonly indices: ReadonlySet<number>;
  /** Prefixes that it has routes to. */
  readonly destinations: ReadonlySet<string>;
  /** Names of tables. */
  readonly tables: ReadonlySet<string>;
}

export function routeConcerns({ type, body }: Message, concern: Concern): boolean {
  switch (type) {
    case RTM_NEWLINK:
    case RTM_DELLINK:
      return concern.indices.has(body.readInt32LE(4)) || concern.devices.has(textIn(body, IFINFOMSG, IFLA_IFNAME));
    case RTM_NEWADDR:
    case RTM_DELADDR:
      return concern.indices.has(body.readUInt32LE(4));
    case RTM_NEWROUTE:
    case RTM_DELROUTE:
      return isRouteOf(body, concern);
    case RTM_NEWNETCONF:
      return [NETCONFA_IFINDEX_ALL, NETCONFA_IFINDEX_DEFAULT].includes(numberIn(body, NETCONFMSG, NETCONFA_IFINDEX));
    default:
      return false;
  }
}

function isRouteOf(body: Buffer, { indices, destinations }: Concern): boolean {
  let destination = body.readUInt8(0) === 10 ? '::' : '0.0.0.0';
  eachAttribute(body, RTMSG, body.length, (type, start, end) => {
    if (type === RTA_DST) destination = textOfAddress(body, start, end);
  });
  return indices.has(numberIn(body, RTMSG, RTA_OIF)) || destinations.has(`${destination}/${body.readUInt8(1)}`);
}

export const tableConcerns = ({ body }: Message, { tables }: Concern): boolean => tables.has(textIn(body, NFGENMSG, NFTA_TABLE));

/** Whether it is more than the end of a transaction. */
export const tellsOfTables = ({ type }: Message): boolean => (type & NFT_MSG_MASK) !== NFT_MSG_NEWGEN;

function textIn(body: Buffer, from: number, attribute: number): string {
  let found = '';
  eachAttribute(body, from, body.length, (type, start, end) => {
    if (type === attribute) found = textOf(body, start, end);
  });
  return found;
}

function numberIn(body: Buffer, from: number, attribute: number): number {
  let found = 0;
  eachAttribute(body, from, body.length, (type, start) => {
    if (type === attribute) found = body.readInt32LE(start);
  });
  return found;
}
