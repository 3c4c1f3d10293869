/** Kinds of value that stand in many places of the file. */
import * as z from 'zod';

export const oneOrMore = (one: z.ZodString) => z.union([one, z.array(one)]);

export const atLeastOne = (one: z.ZodString) => z.union([one, z.array(one).min(1)]);

/** Names become host names and parts of DNS names (RFC 1123), which is where the letters and the length come from. */
export const name = z
  .string()
  .regex(/^[a-z]([a-z0-9-]*[a-z0-9])?$/)
  .max(63)
  .meta({ title: 'name' });

const address = z
  .string()
  .meta({ title: 'address', description: 'An IPv4 or IPv6 address: `10.1.0.10`, `fd00:1::10`.', examples: ['10.1.0.10'] });

export const addresses = oneOrMore(address);

const service = z.string().meta({
  title: 'service',
  description: 'A service: a name (`ssh`, `http`, `dns`, `ping`) or `tcp/443`, `udp/4789`, `tcp/8000-8100`, `icmp`.',
  examples: ['http'],
});

export const services = oneOrMore(service);

const block = z.string().meta({ title: 'block', description: 'An address, a prefix or the name of a network.', examples: ['10.8.0.0/16'] });

export const except = oneOrMore(block).meta({
  description: 'Prefixes and networks: packets from or to them keep their source address.',
  examples: [['10.8.0.0/16', 'vpn']],
});

export const tenant = name.meta({ title: 'tenant' });

/** Of one of the file's `networks:`, or `links:`. */
export const networkName = z.string().meta({ title: 'network name' });
const subnet = z.string().meta({ title: 'subnet', examples: ['10.1.0.0/24'] });

export const subnets = z.union([subnet, z.array(subnet).min(1)]);

export const text = z.string();

export const mtu = z
  .int()
  .min(68)
  .max(65535)
  .meta({ unit: 'bytes', default: 1500, examples: [9000] });

export const stp = z.boolean().meta({ default: false });

export const ageing = z
  .number()
  .min(0)
  .max(1000000)
  .meta({ unit: 'seconds', default: 300, examples: [300] });
