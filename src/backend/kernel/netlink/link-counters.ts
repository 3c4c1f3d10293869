/** What devices have sent and received (struct rtnl_link_stats64 of linux/if_link.h). */
import { IFINFOMSG, RTM_GETLINK, RTM_NEWLINK } from './link-attributes.ts';
import { eachAttribute, textOf } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const IFLA_IFNAME = 3;
const IFLA_STATS64 = 23;
/** Places of the fields, in words of 8 bytes. */
const FIELDS = { rx: { packets: 0, bytes: 2, errors: 4, dropped: 6 }, tx: { packets: 1, bytes: 3, errors: 5, dropped: 7 } } as const;

interface Counts {
  readonly packets: number;
  readonly bytes: number;
  readonly errors: number;
  readonly dropped: number;
}

export interface DeviceCounters {
  readonly device: string;
  readonly received: Counts;
  readonly sent: Counts;
}

/** Of all devices of the namespace of the socket. */
export function deviceCounters(socket: NetlinkSocket): readonly DeviceCounters[] {
  const found: DeviceCounters[] = [];
  socket.dump(
    RTM_GETLINK,
    IFINFOMSG,
    () => undefined,
    ({ type, body }) => {
      if (type !== RTM_NEWLINK) return;
      let [device, statistics] = ['', -1];
      eachAttribute(body, IFINFOMSG, body.length, (attribute, start, end) => {
        if (attribute === IFLA_IFNAME) device = textOf(body, start, end);
        else if (attribute === IFLA_STATS64) statistics = start;
      });
      if (statistics < 0) return;
      const counts = (fields: Readonly<Record<keyof Counts, number>>): Counts => {
        const at = (word: number): number => Number(body.readBigUInt64LE(statistics + word * 8));
        return { packets: at(fields.packets), bytes: at(fields.bytes), errors: at(fields.errors), dropped: at(fields.dropped) };
      };
      found.push({ device, received: counts(FIELDS.rx), sent: counts(FIELDS.tx) });
    },
  );
  return found;
}
