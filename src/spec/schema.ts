/**
 * The bottle file: one source for its TypeScript types, its JSON Schema and its reference page.
 *
 * Only shapes are checked here. What an address, a name or `from -> to` means is decided in `network`,
 * which knows the other parts of the file.
 */
import { z } from 'zod';

const oneOrMore = (one: z.ZodString) => z.union([one, z.array(one)]);

const name = z.string().regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/).max(63);
const address = z.string().describe('An IPv4 or IPv6 address: `10.1.0.10`, `fd00:1::10`.');
const addresses = oneOrMore(address);
const services = oneOrMore(z.string().describe('A service: a name (`ssh`, `http`, `dns`, `ping`) or `tcp/443`, `udp/4789`, `tcp/8000-8100`, `icmp`.'));

const attach = z
  .strictObject({
    interface: z.string().optional().describe('A network interface of the host.'),
    bridge: z.string().optional().describe('A bridge that exists on the host.'),
    by: z.enum(['macvlan', 'veth']).optional().describe('How an interface is used: machines sit on it as macvlan devices (the default), or it becomes a port of the network\'s switch for as long as the bottle runs.'),
  })
  .describe('What a `bridged` network is joined with.');

export const networkSchema = z
  .strictObject({
    subnet: z.union([z.string(), z.array(z.string())]).describe('The block of addresses, `10.1.0.0/24`; one IPv4 and one IPv6 block at most.'),
    mode: z.enum(['internal', 'host-only', 'nat', 'routed', 'bridged']).optional().describe('How the network relates to the host. `internal` (the default): not at all. `host-only`: the host has an address in it. `nat`: machines reach what the host reaches, under its address. `routed`: the same with their own addresses. `bridged`: joined with an interface or bridge of the host.'),
    host: addresses.optional().describe('The host\'s address in the network, for `host-only`, `nat` and `routed`; the first of the subnet unless given.'),
    attach: attach.optional(),
    domain: z.string().optional().describe('The DNS domain of its machines; `NETWORK.BOTTLE` unless given.'),
    gateway: z.string().optional().describe('Where its machines send what no other route takes: a router, an address, or `none`.'),
    dns: addresses.optional().describe('Name servers of its machines.'),
    mtu: z.int().min(68).max(65535).optional().describe('The largest packet in bytes; 1500 unless given.'),
    offload: z.boolean().optional().describe('`false` computes every checksum in software, for software that reads raw frames; `true` unless given.'),
    stp: z.boolean().optional().describe('Whether its switch speaks the spanning tree protocol; `false` unless given.'),
    ageing: z.number().min(0).max(1000000).optional().describe('Seconds that its switch remembers a MAC address; 300 unless given.'),
  })
  .describe('A network: one broadcast domain with its subnets.');

const attachment = z
  .union([
    addresses,
    z.strictObject({ address: addresses.optional(), mac: z.string().optional().describe('The MAC address, instead of the derived one.') }),
  ])
  .describe('Its address in the network: `10.1.0.10`, one an address family, or `auto`.');
const attachments = z.record(z.string(), attachment).describe('The networks it is in, with its address in each.');

const routes = z
  .record(z.string(), z.string())
  .describe('Routes by hand: a prefix, a network or `default`, and the address or router to send it to, or `none` for no route.');

const command = z.union([z.string(), z.array(z.string()).min(1)]).describe('A line for /bin/sh, or a program and its arguments.');
export const runSchema = z
  .union([
    z.string(),
    z.record(
      name,
      z.union([
        z.string(),
        z.strictObject({
          command,
          environment: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional().describe('Environment variables.'),
          directory: z.string().optional().describe('Working directory; relative to the bottle file.'),
          restart: z.enum(['never', 'on-failure', 'always']).optional().describe('Whether it is started again when it ends; `never` unless given.'),
        }),
      ]),
    ),
  ])
  .describe('Long-running commands: one line, or several by name.');

const node = {
  networks: attachments.optional(),
  gateway: z.string().optional().describe('Where it sends what no other route takes: a router, an address, or `none`.'),
  routes: routes.optional(),
  dns: addresses.optional().describe('Name servers, instead of its networks\'.'),
  listen: services.optional().describe('Services that a built-in responder answers on it.'),
  run: runSchema.optional(),
};

export const machineSchema = z.strictObject(node).describe('A machine: a host of its own with interfaces, routes and processes.');
export const routerSchema = z.strictObject(node).describe('A router: forwards packets between its networks.');

export const bridgeSchema = z
  .strictObject({
    networks: z.array(z.string()).min(2).describe('The networks that it joins into one.'),
    address: addresses.optional().describe('An address of the bridge itself.'),
    stp: z.boolean().optional().describe('Whether it speaks the spanning tree protocol; `false` unless given.'),
    ageing: z.number().min(0).max(1000000).optional().describe('Seconds that it remembers a MAC address; 300 unless given.'),
  })
  .describe('A box that joins networks on the Ethernet layer.');

export const linkSchema = z
  .strictObject({
    subnet: z.union([z.string(), z.array(z.string())]).describe('The block of addresses: `10.9.0.0/31`.'),
    ends: attachments.describe('The two machines or routers, with the address of each, or `auto`.'),
    mtu: z.int().min(68).max(65535).optional().describe('The largest packet in bytes; 1500 unless given.'),
    offload: z.boolean().optional().describe('`false` computes every checksum in software; `true` unless given.'),
  })
  .describe('A cable between two machines or routers.');

export const bottleSchema = z
  .strictObject({
    name: name.max(32).describe('The name of the bottle; what it makes is marked with it.'),
    description: z.string().optional().describe('What it is, for people.'),
    networks: z.record(name, networkSchema).optional().describe('Networks by name.'),
    links: z.record(name, linkSchema).optional().describe('Direct links by name.'),
    bridges: z.record(name, bridgeSchema).optional().describe('Bridges by name.'),
    routers: z.record(name, routerSchema).optional().describe('Routers by name.'),
    machines: z.record(name, machineSchema).optional().describe('Machines by name.'),
    groups: z.record(name, z.array(z.string())).optional().describe('Names for several machines, routers or networks together.'),
    services: z.record(name, services).optional().describe('Names for services: `app: tcp/8080`.'),
    expect: z.record(z.string(), services).optional().describe('Promises, `from -> to: services`: measured with real packets after every `up`.'),
  })
  .describe('A bottle file.');

export type BottleFile = z.infer<typeof bottleSchema>;
export type NetworkSpec = z.infer<typeof networkSchema>;
export type MachineSpec = z.infer<typeof machineSchema>;
export type BridgeSpec = z.infer<typeof bridgeSchema>;
export type LinkSpec = z.infer<typeof linkSchema>;
export type RunSpec = z.infer<typeof runSchema>;
