/** Settings that rtnetlink tells of (RTM_GETNETCONF, linux/netconf.h): forwarding, the reverse path filter, and routes over cables that are out. */
import { AF_INET, AF_INET6 } from '../libc.ts';
import { eachAttribute } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWNETCONF = 80;
const RTM_GETNETCONF = 82;
const NETCONFMSG = 1;
const NETCONFA_IFINDEX = 1;
const NETCONFA_FORWARDING = 2;
const NETCONFA_RP_FILTER = 3;
const NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN = 6;
const ALL = -1;
const DEFAULT = -2;

const TOLD = new Set([NETCONFA_FORWARDING, NETCONFA_RP_FILTER, NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN]);

/** Which sysctl an attribute of an entry is, for the entries that are not of one device. */
const KEYS: Readonly<Record<string, string>> = {
  [`${AF_INET} ${ALL} ${NETCONFA_FORWARDING}`]: 'net/ipv4/ip_forward',
  [`${AF_INET} ${ALL} ${NETCONFA_RP_FILTER}`]: 'net/ipv4/conf/all/rp_filter',
  [`${AF_INET} ${DEFAULT} ${NETCONFA_RP_FILTER}`]: 'net/ipv4/conf/default/rp_filter',
  [`${AF_INET} ${ALL} ${NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}`]: 'net/ipv4/conf/all/ignore_routes_with_linkdown',
  [`${AF_INET6} ${ALL} ${NETCONFA_FORWARDING}`]: 'net/ipv6/conf/all/forwarding',
  [`${AF_INET6} ${ALL} ${NETCONFA_IGNORE_ROUTES_WITH_LINKDOWN}`]: 'net/ipv6/conf/all/ignore_routes_with_linkdown',
};

const FAMILY_OF: ReadonlyMap<string, number> = new Map(Object.entries(KEYS).map(([place, key]) => [key, Number(place.split(' ')[0])]));

/**
 * The values of those of the keys that rtnetlink tells.
 *
 * /proc/sys has one directory entry a namespace for the same name, all in one hash chain: with a thousand namespaces
 * reading three files in each takes the kernel half a second, and it grows with the square.
 */
export function readNetconf(socket: NetlinkSocket, keys: Iterable<string>): ReadonlyMap<string, string> {
  const families = new Set<number>();
  for (const key of keys) {
    const family = FAMILY_OF.get(key);
    if (family !== undefined) families.add(family);
  }
  const values = new Map<string, string>();
  for (const family of families) {
    socket.dump(
      RTM_GETNETCONF,
      NETCONFMSG,
      (_writer, body, at) => void body.writeUInt8(family, at),
      ({ type, body }) => {
        if (type !== RTM_NEWNETCONF) return;
        let index = 0;
        const found: (readonly [number, number])[] = [];
        eachAttribute(body, 4, body.length, (attribute, start) => {
          if (attribute === NETCONFA_IFINDEX) index = body.readInt32LE(start);
          else if (TOLD.has(attribute)) found.push([attribute, body.readInt32LE(start)]);
        });
        if (index !== ALL && index !== DEFAULT) return;
        for (const [attribute, value] of found) {
          const key = KEYS[`${family} ${index} ${attribute}`];
          if (key !== undefined) values.set(key, String(value));
        }
      },
    );
  }
  return values;
}

/** Whether rtnetlink tells when the setting changes (RTNLGRP_IPV4_NETCONF, RTNLGRP_IPV6_NETCONF). */
export const isTold = (key: string): boolean => FAMILY_OF.has(key);
