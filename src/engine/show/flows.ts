import { flowCounts } from '../../backend/ovs/counters.ts';
import type { Flow } from '../../resource/openflow.ts';
import type { Context } from '../context.ts';
import type { State } from '../state.ts';

export interface ShownFlow extends Flow {
  readonly switch: string;
  /** Of those that met it so far; undefined where the switch has it no more. */
  readonly packets?: number;
  readonly bytes?: number;
}

/** The OpenFlow rules of a bottle, as the file has them, with the counters of the switches. */
export async function showFlows({ home }: Context, { bottle, resources }: State): Promise<readonly ShownFlow[]> {
  const shown: ShownFlow[] = [];
  for (const resource of resources) {
    if (resource.kind !== 'openflow') continue;
    const counts = await flowCounts({ home, bottle }, resource);
    for (const flow of resource.flows) shown.push({ switch: resource.switch, ...flow, ...counts.get(flow) });
  }
  return shown;
}
