/** A star: N machines on one network, and the router that they go out by. `N=1000 bottle up examples/big/bottle.ts`. */
const count = Number(process.env['N'] ?? 100);
if (!Number.isInteger(count) || count < 1 || count > 60_000) throw new Error(`N is ${process.env['N']}: give a number from 1 to 60000`);

/** 10.0.0.10 is the first; those before it are kept for gateways. */
const address = (index: number): string => `10.0.${(index + 10) >> 8}.${(index + 10) & 255}`;

const machines = Object.fromEntries(Array.from({ length: count }, (_, index) => [`m${index + 1}`, { networks: { star: address(index) } }]));

export default {
  name: 'big',
  networks: { star: { subnet: '10.0.0.0/16' }, beyond: { subnet: '10.255.0.0/24' } },
  routers: { gw: { networks: { star: '10.0.0.1', beyond: '10.255.0.1' } } },
  machines: { ...machines, server: { networks: { beyond: '10.255.0.10' }, listen: 'http' } },
  expect: { 'm1 -> server': ['ping', 'http'], [`server -> m${count}`]: 'ping' },
};
