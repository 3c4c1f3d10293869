/** What a network and a trunk say alike where other networks carry them. */
import * as z from 'zod';

export const encapsulation = z.enum(['vxlan', 'geneve', 'gre']);
/** 24 bits for VXLAN and Geneve, which only `network` can tell from the 32 of GRE. */
export const tunnelId = z.int().min(0).max(4294967295);
export const udpPort = z.int().min(1).max(65535);
export const ttl = z.int().min(1).max(255);
