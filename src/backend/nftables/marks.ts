/**
 * The tables of a namespace and their comments, over nfnetlink: the JSON of nft has no comments of tables, and a
 * listing would be long. One dump a namespace.
 */
import type { Table } from '../../resource/table.ts';
import { eachAttribute, type Message, textOf } from '../kernel/netlink/message.ts';
import { NETLINK_NETFILTER, type NetlinkSocket, withSocket } from '../kernel/netlink/socket.ts';
import { SystemError } from '../kernel/system-error.ts';

/** NFNL_SUBSYS_NFTABLES, and NFT_MSG_GETTABLE. */
const GET_TABLE = (10 << 8) | 1;
/** struct nfgenmsg. */
const BODY = 4;
const NFTA_TABLE_NAME = 1;
const NFTA_TABLE_USERDATA = 6;
/** NFTNL_UDATA_TABLE_COMMENT of libnftnl. */
const COMMENT = 0;

const families: { readonly [number: number]: Table['family'] } = { 1: 'inet', 2: 'ip', 7: 'bridge', 10: 'ip6' };

export interface TableHere {
  readonly family: Table['family'];
  readonly name: string;
  readonly comment: string;
}

/** In the namespace that the thread is in. */
export function tablesHere(): readonly TableHere[] {
  try {
    return withSocket(dump, NETLINK_NETFILTER);
  } catch (error) {
    // A kernel without nftables has no tables.
    if (error instanceof SystemError && WITHOUT.has(error.code)) return [];
    throw error;
  }
}

/** From socket(2) without nfnetlink, and from nfnetlink without nf_tables. */
const WITHOUT: ReadonlySet<string> = new Set(['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP']);

function dump(socket: NetlinkSocket): readonly TableHere[] {
  const tables: TableHere[] = [];
  socket.dump(
    GET_TABLE,
    BODY,
    () => undefined,
    (message) => {
      const table = tableIn(message);
      if (table !== undefined) tables.push(table);
    },
  );
  return tables;
}

function tableIn({ body }: Message): TableHere | undefined {
  const family = families[body.readUInt8(0)];
  let [name, comment] = ['', ''];
  eachAttribute(body, BODY, body.length, (type, start, end) => {
    if (type === NFTA_TABLE_NAME) name = textOf(body, start, end);
    if (type === NFTA_TABLE_USERDATA) comment = commentIn(body.subarray(start, end));
  });
  return family === undefined ? undefined : { family, name, comment };
}

/** A byte each for type and length, then the value. */
function commentIn(data: Buffer): string {
  for (let at = 0; at + 2 <= data.length; at += 2 + data.readUInt8(at + 1)) {
    const end = at + 2 + data.readUInt8(at + 1);
    if (data.readUInt8(at) === COMMENT && end <= data.length) return textOf(data, at + 2, end);
  }
  return '';
}
