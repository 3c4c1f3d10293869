import { formatAddress } from '../../address/format.ts';
import type { Address } from '../../address/ip.ts';
import { containsAddress } from '../../address/prefix.ts';
import { flows } from '../../backend/conntrack/conntrack.ts';
import type { Flow, Tuple } from '../../backend/conntrack/flow.ts';
import { SystemError } from '../../backend/kernel/system-error.ts';
import { enter } from '../../backend/kernel/visit.ts';
import type { Network } from '../../network/network.ts';
import type { Context } from '../context.ts';
import type { Running } from '../running.ts';
import { ownersOfAddresses, stacksOf } from './whose.ts';

/** An end of a flow. */
export interface ShownEnd {
  readonly address: string;
  /** Who has the address, by the file. */
  readonly name?: string;
  /** Absent for protocols without ports. */
  readonly port?: number;
}

export interface ShownConnection {
  readonly at: string;
  readonly protocol: string;
  /** Who began it and with whom, as its first packet came. */
  readonly from: ShownEnd;
  readonly to: ShownEnd;
  /** The same as packets go on from here; equal where nothing is translated. */
  readonly leaves: { readonly from: ShownEnd; readonly to: ShownEnd };
  /** What is translated. */
  readonly nat: readonly ('source' | 'destination')[];
  /** TCP's own states; otherwise `unreplied`, `replied` or `assured`. */
  readonly state: string;
  /** Seconds until it is forgotten, if nothing comes. */
  readonly timeout: number;
  readonly mark: number;
  /** Of both directions; absent where the kernel does not count. */
  readonly packets?: { readonly there: number; readonly back: number };
  readonly bytes?: { readonly there: number; readonly back: number };
}

/** TCP_CONNTRACK_* of linux/netfilter/nf_conntrack_tcp.h. */
const TCP_STATES = [
  'none',
  'syn-sent',
  'syn-received',
  'established',
  'fin-wait',
  'close-wait',
  'last-ack',
  'time-wait',
  'close',
  'syn-sent-2',
] as const;

/** IANA. */
const PROTOCOLS: Readonly<Record<number, string>> = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmpv6', 132: 'sctp' };

/** IPS_* of linux/netfilter/nf_conntrack_common.h. */
const SEEN_REPLY = 2;
const ASSURED = 4;
const SRC_NAT = 16;
const DST_NAT = 32;

/** A kernel without connection tracking, or without its netlink side, tracks nothing. */
const WITHOUT: ReadonlySet<string> = new Set(['EPROTONOSUPPORT', 'EINVAL', 'EOPNOTSUPP']);

/** The connections that routers and machines of a bottle track, or one of them. Of the host, those from or to the bottle's networks. */
export function showConntrack({ home }: Context, running: Running, only?: string): readonly ShownConnection[] {
  const { network } = running;
  const owners = ownersOfAddresses(network);
  return stacksOf(running, only).flatMap(({ at, namespace }) =>
    enter({ home, bottle: network.name }, namespace, tracked)
      .filter((flow) => at !== 'host' || concerns(network, flow))
      .map((flow) => shown(owners, at, flow)),
  );
}

function tracked(): readonly Flow[] {
  try {
    return [...flows(4), ...flows(6)];
  } catch (error) {
    if (error instanceof SystemError && WITHOUT.has(error.code)) return [];
    throw error;
  }
}

function concerns({ segments }: Network, { original, reply }: Flow): boolean {
  const subnets = segments.flatMap((segment) => segment.subnets);
  const isOurs = (address: Address): boolean => subnets.some((subnet) => containsAddress(subnet, address));
  return [original.source, original.destination, reply.source, reply.destination].some(isOurs);
}

function shown(owners: ReadonlyMap<string, string>, at: string, flow: Flow): ShownConnection {
  const { original, reply, status, timeout, mark, counters } = flow;
  const end = (address: Address, port: number | undefined): ShownEnd => {
    const text = formatAddress(address);
    const name = owners.get(text);
    return { address: text, ...(name === undefined ? {} : { name }), ...(port === undefined ? {} : { port }) };
  };
  const ends = ({ source, destination, sourcePort, destinationPort }: Tuple) => ({
    from: end(source, sourcePort),
    to: end(destination, destinationPort),
  });
  // What is expected back is the mirror image of what goes on from here.
  const back = ends(reply);
  return {
    at,
    protocol: PROTOCOLS[flow.protocol] ?? String(flow.protocol),
    ...ends(original),
    leaves: { from: back.to, to: back.from },
    nat: [...((status & SRC_NAT) === 0 ? [] : (['source'] as const)), ...((status & DST_NAT) === 0 ? [] : (['destination'] as const))],
    state: stateOf(flow),
    timeout,
    mark,
    ...(counters === undefined
      ? {}
      : {
          packets: { there: counters.original.packets, back: counters.reply.packets },
          bytes: { there: counters.original.bytes, back: counters.reply.bytes },
        }),
  };
}

function stateOf({ tcpState, status }: Flow): string {
  if (tcpState !== undefined) return TCP_STATES[tcpState] ?? String(tcpState);
  if ((status & SEEN_REPLY) === 0) return 'unreplied';
  return (status & ASSURED) === 0 ? 'replied' : 'assured';
}
