/** Two tenants on one network, the router that they share, and a prefix routed to each of them. */

export interface Station {
  readonly mac: string;
  readonly four: string;
  readonly six: string;
  /** Made of the MAC address. */
  readonly link: string;
  /** In the prefixes that are routed to it. */
  readonly routed: { readonly four: string; readonly six: string };
}

/** Sends what is tested. */
export const eve: Station = {
  mac: '02:00:f0:a9:c4:4e',
  four: '10.0.0.10',
  six: 'fd00::10',
  link: 'fe80::f0ff:fea9:c44e',
  routed: { four: '10.8.0.77', six: 'fd08::77' },
};

/** Must not be deceived. */
export const bob: Station = {
  mac: '02:00:f0:a9:c4:4f',
  four: '10.0.0.20',
  six: 'fd00::20',
  link: 'fe80::f0ff:fea9:c44f',
  routed: { four: '10.9.0.77', six: 'fd09::77' },
};

export const router = { four: '10.0.0.1', six: 'fd00::1', link: 'fe80::ff:fe00:1', mac: '02:00:00:00:00:01' } as const;

export const file = (name: string, shared: boolean, more = ''): string => `name: ${name}
networks:
  lan: { subnet: [10.0.0.0/24, 'fd00::/64'], shared: ${shared}, mtu: 9000${more} }
  out: { subnet: [10.1.0.0/24, 'fd01::/64'] }
routers:
  gw:
    networks: { lan: { address: [${router.four}, '${router.six}'], mac: '${router.mac}' }, out: auto }
    routes: { 10.8.0.0/16: eve, 'fd08::/64': eve, 10.9.0.0/16: bob, 'fd09::/64': bob }
machines:
  eve: { networks: { lan: { address: [${eve.four}, '${eve.six}'], mac: '${eve.mac}' } }, tenant: a }
  bob: { networks: { lan: { address: [${bob.four}, '${bob.six}'], mac: '${bob.mac}' } }, tenant: b, listen: [http, dns] }
  far: { networks: { out: auto } }
expect:
  any -> any: ping
  any -> bob: [http, dns]
`;
