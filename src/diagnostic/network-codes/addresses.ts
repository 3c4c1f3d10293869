import type { CodeEntry } from '../code-entry.ts';

/** Codes of addresses and subnets. Alphabetical. */
export const addressCodes = {
  'address-in-use': {
    title: 'An address that two have',
    text: "Two interfaces of one network with the same address answer in each other's place. Interfaces of joined networks (`bridges:`) and the host's own address count too. Give one of them another address, or write `auto`.",
  },
  'address-outside-subnet': {
    title: 'An address that is not in the subnet of its network',
    text: 'An interface can be reached only at an address of the subnet of the network that it is in. The message shows the subnet; the remedy its first and last usable address, and the network to which the address would belong.',
  },
  'address-twice': {
    title: 'An address written twice',
    text: 'An interface can have several addresses of one family, each once.',
  },
  'address-with-length': {
    title: 'An address with a prefix length',
    text: 'The length comes from the subnet of the network: write `10.1.0.10`, not `10.1.0.10/24`.',
  },
  'bad-address': {
    title: 'Not an IPv4 or IPv6 address',
    text: 'IPv4 addresses are four numbers from 0 to 255 with dots between; IPv6 addresses follow RFC 4291. Where a name would be of use, the file takes names as well.',
  },
  'bad-mac': {
    title: 'Not a MAC address that an interface can have',
    text: 'Six pairs of hexadecimal digits with colons between; the first pair even, because odd ones are multicast addresses.',
  },
  'bad-prefix': {
    title: 'Not a block of addresses',
    text: 'A subnet or destination is an address and a number of bits: `10.1.0.0/24`, `fd00:1::/64`.',
  },
  'host-bits': {
    title: 'An address where a subnet is wanted',
    text: 'A subnet has no bit set beyond its length. The remedy is the subnet that the address lies in.',
  },
  'leading-zero': {
    title: 'An IPv4 address with a leading zero',
    text: '`010` is 8 to some programs and 10 to others (RFC 6943), so it is not read at all.',
  },
  'mac-in-use': {
    title: 'A MAC address that two have',
    text: 'The switch would send frames now to the one and now to the other.',
  },
  'mapped-address': {
    title: 'An IPv4-mapped IPv6 address',
    text: '`::ffff:10.1.0.1` is how programs write an IPv4 address where an IPv6 one is expected. It never travels on a network (RFC 4291). Write the IPv4 address.',
  },
  'no-subnet': {
    title: 'A network without a subnet',
    text: 'Every network has a block of addresses: IPv4, IPv6 or one of each.',
  },
  'overlapping-subnets': {
    title: 'Two networks with the same addresses',
    text: 'A packet for an address that is in two networks could go either way, so the subnets of a bottle must not overlap. Both places are shown. Networks that a bridge joins are one and share their subnet.',
  },
  'special-subnet': {
    title: 'A subnet that networks cannot have',
    text: 'Loopback, link-local, multicast and reserved blocks (RFC 6890) have a meaning of their own in every machine. Private networks use 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 and fd00::/8; examples 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 and 2001:db8::/32.',
  },
  'subnet-full': {
    title: 'A subnet with too few addresses',
    text: 'Everyone in a network needs an address in each of its subnets. The first few are kept for gateways (nine in /25 and larger, one down to /29) and are used only when they are given by hand.',
  },
  'two-subnets': {
    title: 'Two subnets of one family in one network',
    text: 'A network has one IPv4 and one IPv6 subnet at most.',
  },
  'unusable-address': {
    title: 'An address that no interface can have',
    text: 'The first address of an IPv4 subnet names the subnet and the last is its broadcast address; the first of an IPv6 subnet belongs to all of its routers (RFC 4291, 2.6.1). In /31 and /127 both addresses can be used.',
  },
  'zoned-address': {
    title: 'An address with a zone',
    text: '`fe80::1%eth0` means the address on one interface of one machine (RFC 4007), and nothing in a description of a network.',
  },
} as const satisfies Record<string, CodeEntry>;
