/** What the daemons of FRR read (zebra(8), ospfd(8), ospf6d(8); https://docs.frrouting.org). */
import type { Family } from '../../address/ip.ts';
import type { Ospf, OspfInterface } from '../../network/routing/protocols.ts';

/** Seconds: a neighbour says that it is there this often, and is given up when it has not for so long. All have the same. */
const HELLO = 1;
const DEAD = 4;

/** As FRR writes it when it is asked what it does: one command a line, those of a block indented, blocks apart. */
export const block = (head: string, lines: readonly string[]): readonly string[] => [head, ...lines.map((line) => ` ${line}`), 'exit', '!'];

const HEAD: readonly string[] = ['frr defaults traditional', '!'];

export const text = (blocks: readonly string[]): string => `${[...HEAD, ...blocks].join('\n')}\n`;

/**
 * Next hops are in the routes themselves. As objects of their own, the kernel takes a device that goes down out of those of several, and zebra
 * uses them again as if they were whole when it is back.
 */
export const zebraConfiguration = (): string => text(['no zebra nexthop kernel enable', '!']);

export function ospfConfiguration({ routerId, interfaces, default: announces }: Ospf, family: Family): string {
  const [ip, area, name] = family === 4 ? ['ip ospf', 'ip ospf area 0', 'ospf'] : ['ipv6 ospf6', 'ipv6 ospf6 area 0', 'ospf6'];
  const ofInterface = ({ device, cost, passive, pointToPoint }: OspfInterface): readonly string[] =>
    block(`interface ${device}`, [
      area,
      `${ip} cost ${cost}`,
      `${ip} dead-interval ${DEAD}`,
      `${ip} hello-interval ${HELLO}`,
      ...(pointToPoint ? [`${ip} network point-to-point`] : []),
      ...(passive ? [`${ip} passive`] : []),
    ]);
  return text([
    ...interfaces.flatMap(ofInterface),
    ...block(`router ${name}`, [
      `${name} router-id ${routerId}`,
      // The first change is told at once, and those that follow it soon.
      'timers throttle spf 0 50 500',
      ...(family === 4 ? ['timers throttle lsa all 0'] : []),
      'timers lsa min-arrival 0',
      ...(announces ? ['default-information originate'] : []),
    ]),
  ]);
}
