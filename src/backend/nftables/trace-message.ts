/** What a chain did to a traced packet, as nf_tables tells it (linux/netfilter/nf_tables.h, enum nft_trace_attributes). */
import { eachAttribute, type Message, textOf } from '../kernel/netlink/message.ts';

/** NFNL_SUBSYS_NFTABLES, and NFT_MSG_TRACE. */
const TRACE = (10 << 8) | 17;
/** struct nfgenmsg. */
const BODY = 4;

const NFTA_TRACE_TABLE = 1;
const NFTA_TRACE_CHAIN = 2;
const NFTA_TRACE_RULE_HANDLE = 3;
const NFTA_TRACE_TYPE = 4;
const NFTA_TRACE_VERDICT = 5;
const NFTA_TRACE_ID = 6;
const NFTA_TRACE_NETWORK_HEADER = 8;
const NFTA_TRACE_TRANSPORT_HEADER = 9;
const NFTA_TRACE_IIF = 10;
const NFTA_TRACE_OIF = 12;
const NFTA_TRACE_POLICY = 16;
const NFTA_VERDICT_CODE = 1;
const NFTA_VERDICT_CHAIN = 2;

const families: { readonly [number: number]: string } = { 1: 'inet', 2: 'ip', 3: 'arp', 5: 'netdev', 7: 'bridge', 10: 'ip6' };
const kinds = { 1: 'policy', 2: 'return', 3: 'rule' } as const;
/** NF_DROP to NF_STOP, and NFT_CONTINUE to NFT_RETURN, of which a packet that goes on knows more in the next event. */
const verdicts: { readonly [code: number]: TraceEvent['verdict'] } = { 0: 'drop', 1: 'accept', 2: 'stolen', 3: 'queue' };

export interface TraceEvent {
  /** `inet`, `ip`, `bridge`, …: of the table. */
  readonly family: string;
  readonly table: string;
  readonly chain: string;
  readonly kind: 'rule' | 'return' | 'policy';
  /** Of the rule; 0 for the end of a chain. */
  readonly handle: number;
  /** `on`: the chain, or another, goes on with it. */
  readonly verdict: 'accept' | 'drop' | 'stolen' | 'queue' | 'on';
  /** The chain that a jump or goto leads to; else empty. */
  readonly to: string;
  /** The same for what is told of one packet at one hook; other packets may have it too, later or in other namespaces. */
  readonly id: number;
  /** Indices of devices; 0 where there is none. */
  readonly inDevice: number;
  readonly outDevice: number;
  /** With the first event of each base chain only: up to 40 and 20 bytes. */
  readonly headers?: { readonly network: Buffer; readonly transport: Buffer };
}

/** Undefined for what is no trace, or of a later kernel's making. */
export function traceIn({ type, body }: Message): TraceEvent | undefined {
  if (type !== TRACE) return undefined;
  const family = families[body.readUInt8(0)];
  let [table, chain, to] = ['', '', ''];
  let [handle, code, id, inDevice, outDevice] = [0, Number.NaN, 0, 0, 0];
  let kind: TraceEvent['kind'] | undefined;
  let [network, transport]: (Buffer | undefined)[] = [];
  eachAttribute(body, BODY, body.length, (attribute, start, end) => {
    if (attribute === NFTA_TRACE_TABLE) table = textOf(body, start, end);
    else if (attribute === NFTA_TRACE_CHAIN) chain = textOf(body, start, end);
    else if (attribute === NFTA_TRACE_RULE_HANDLE) handle = Number(body.readBigUInt64BE(start));
    else if (attribute === NFTA_TRACE_TYPE) kind = kinds[body.readUInt32BE(start) as keyof typeof kinds];
    else if (attribute === NFTA_TRACE_VERDICT) [code, to] = verdictIn(body, start, end);
    else if (attribute === NFTA_TRACE_POLICY) code = body.readUInt32BE(start);
    else if (attribute === NFTA_TRACE_ID) id = body.readUInt32BE(start);
    else if (attribute === NFTA_TRACE_IIF) inDevice = body.readUInt32BE(start);
    else if (attribute === NFTA_TRACE_OIF) outDevice = body.readUInt32BE(start);
    // Copied: the buffer is the next message's soon.
    else if (attribute === NFTA_TRACE_NETWORK_HEADER) network = Buffer.from(body.subarray(start, end));
    else if (attribute === NFTA_TRACE_TRANSPORT_HEADER) transport = Buffer.from(body.subarray(start, end));
  });
  if (family === undefined || kind === undefined) return undefined;
  const headers = network && { network, transport: transport ?? Buffer.alloc(0) };
  const verdict = verdicts[code] ?? 'on';
  return { family, table, chain, kind, handle, verdict, to, id, inDevice, outDevice, ...(headers !== undefined && { headers }) };
}

function verdictIn(body: Buffer, from: number, until: number): [code: number, to: string] {
  let [code, to] = [Number.NaN, ''];
  eachAttribute(body, from, until, (attribute, start, end) => {
    if (attribute === NFTA_VERDICT_CODE) code = body.readInt32BE(start);
    if (attribute === NFTA_VERDICT_CHAIN) to = textOf(body, start, end);
  });
  return [code, to];
}
