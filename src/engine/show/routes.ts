import { devices } from '../../backend/kernel/netlink/devices.ts';
import { PROTOCOL } from '../../backend/kernel/netlink/protocol.ts';
import { routeTable, type TableRoute } from '../../backend/kernel/netlink/route.ts';
import { visit } from '../../backend/kernel/visit.ts';
import type { Context } from '../context.ts';
import type { Running } from '../running.ts';
import { ownersOfAddresses, stacksOf } from './whose.ts';

/** RTN_*, RTPROT_* and RT_TABLE_* of linux/rtnetlink.h. */
const TYPES: Readonly<Record<number, string>> = { 1: 'unicast', 6: 'blackhole', 7: 'unreachable', 8: 'prohibit', 9: 'throw' };
const PROTOCOLS: Readonly<Record<number, string>> = {
  2: 'kernel',
  3: 'boot',
  4: 'static',
  9: 'ra',
  11: 'zebra',
  16: 'dhcp',
  186: 'bgp',
  188: 'ospf',
  196: 'static',
  [PROTOCOL]: 'bottle',
};
const MAIN = 254;
const LOCAL = 255;

export interface ShownRoute {
  readonly at: string;
  /** `main`, or a number. */
  readonly table: string;
  readonly to: string;
  /** `unicast`, `unreachable`, `blackhole`, … */
  readonly type: string;
  readonly via?: string;
  /** Who has the address of `via`, by the file. */
  readonly name?: string;
  readonly device?: string;
  /** The network or link that the device leads into. */
  readonly network?: string;
  /** The address that is sent from unless a program chooses another. */
  readonly source?: string;
  readonly metric: number;
  /** Who made it: `bottle`, `kernel`, `static`, … */
  readonly protocol: string;
}

/** One for each of several next hops. */
const byHop = ({ hops, ...route }: TableRoute): readonly TableRoute[] =>
  hops === undefined ? [route] : hops.map((hop) => ({ ...route, ...hop }));

/** The routes of the machines of a bottle, or of one of them. Of the host, those over devices of the bottle. */
export function showRoutes({ home }: Context, running: Running, only?: string): readonly ShownRoute[] {
  const { network } = running;
  const owners = ownersOfAddresses(network);
  return stacksOf(running, only).flatMap(({ at, namespace, devices: segments }) =>
    visit({ home, bottle: network.name }, namespace, (socket) => {
      const names = new Map(devices(socket).map(({ index, name }) => [index, name]));
      return routeTable(socket)
        .flatMap(byHop)
        .flatMap((route): readonly ShownRoute[] => {
          const { table, to, type, source, metric, protocol } = route;
          const { via, device: index } = route;
          const device = names.get(index);
          const segment = device === undefined ? undefined : segments.get(device);
          // Broadcast, multicast and own addresses are in every stack; of the host, most is none of the bottle's business.
          const kind = TYPES[type];
          if (kind === undefined || table === LOCAL || (kind === 'unicast' && device === 'lo')) return [];
          if (at === 'host' && segment === undefined) return [];
          const name = via === undefined ? undefined : owners.get(via);
          return [
            {
              at,
              table: table === MAIN ? 'main' : String(table),
              to,
              type: kind,
              ...(via === undefined ? {} : { via }),
              ...(name === undefined ? {} : { name }),
              ...(device === undefined || kind !== 'unicast' ? {} : { device }),
              ...(segment === undefined ? {} : { network: segment }),
              ...(source === undefined ? {} : { source }),
              metric,
              protocol: PROTOCOLS[protocol] ?? String(protocol),
            },
          ];
        });
    }),
  );
}
