import type { Bottle } from './bottle.ts';

/**
 * The addresses of the routers on the way, and of its end, as they answer to echo requests whose hop limit ends there: other answers
 * the last machine gives once a second.
 */
export async function hopsIn(bottle: Bottle, name: string, from: string, to: string): Promise<readonly string[]> {
  const told = await bottle.sh(name, from, `traceroute -I -n -q 1 -w 2 ${to}`);
  return [...told.matchAll(/^ *\d+ {2}(\S+)/gm)].map(([, address = '']) => address);
}
