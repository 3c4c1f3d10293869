/** Numbers of messages about links (linux/rtnetlink.h, linux/if_link.h) that both who reads and who writes them need. */

export const RTM_NEWLINK = 16;
export const RTM_GETLINK = 18;
export const IFINFOMSG = 16;
export const IFF_UP = 1;
export const IFLA_ADDRESS = 1;
export const IFLA_IFNAME = 3;
export const IFLA_MTU = 4;
export const IFLA_LINK = 5;
export const IFLA_MASTER = 10;
export const IFLA_LINKINFO = 18;
export const IFLA_IFALIAS = 20;
export const IFLA_AF_SPEC = 26;
export const IFLA_INFO_KIND = 1;
export const IFLA_INFO_DATA = 2;
export const IFLA_INFO_SLAVE_KIND = 4;
export const IFLA_INFO_SLAVE_DATA = 5;
export const IFLA_VLAN_ID = 1;
export const IFLA_INET_CONF = 1;
/** IPV4_DEVCONF_ROUTE_LOCALNET of linux/ip.h. */
export const ROUTE_LOCALNET = 26;
