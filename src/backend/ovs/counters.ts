import type { Flow, OpenFlow } from '../../resource/openflow.ts';
import type { Site } from '../kernel/visit.ts';
import { cookieOf } from './flow-text.ts';
import { hasSocket } from './ofctl.ts';
import { dumpedFlows } from './openflow.ts';
import { placeOf } from './place.ts';

export interface FlowCount {
  readonly packets: number;
  readonly bytes: number;
}

/** What met each of the flows of a switch so far, without those that it has not. */
export async function flowCounts(site: Site, { namespace, switch: bridge, flows }: OpenFlow): Promise<ReadonlyMap<Flow, FlowCount>> {
  const place = placeOf(site, namespace);
  if (!hasSocket(place, bridge)) return new Map();
  const byCookie = new Map((await dumpedFlows(place, bridge)).map(({ cookie, packets, bytes }) => [cookie, { packets, bytes }]));
  return new Map(
    flows.flatMap((flow) => {
      const count = byCookie.get(cookieOf(flow));
      return count === undefined ? [] : [[flow, count] as const];
    }),
  );
}
