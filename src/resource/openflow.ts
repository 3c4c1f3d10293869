import type { Origin } from '../diagnostic/diagnostic.ts';
import type { Difference, Kind } from './kind.ts';
import { inOpenVSwitch } from './open-vswitch.ts';
import { ovsPortKey } from './ovs-port.ts';
import { ovsSwitchKey } from './ovs-switch.ts';
import type { ResourceBase } from './resource.ts';

/** All flows and groups of an Open vSwitch bridge that has no controller. What others add to them is drift. */
export interface OpenFlow extends ResourceBase {
  readonly kind: 'openflow';
  readonly namespace: string;
  readonly switch: string;
  readonly flows: readonly Flow[];
  readonly groups: readonly FlowGroup[];
  /** Names of the ports that flows and groups name: when one is made anew it has another number. */
  readonly ports: readonly string[];
}

/** An entry of a flow table, in the words of ovs-fields(7) and ovs-actions(7). */
export interface Flow {
  /** 0 to 254. */
  readonly table: number;
  /** 0 to 65535; the highest that matches decides. */
  readonly priority: number;
  /** Field by its name; a protocol, as `tcp`, has an empty value. Ports may be called by their names. */
  readonly match: Readonly<Record<string, string>>;
  /** In order. None drops. */
  readonly actions: readonly string[];
  /** Where the file has it; of what is there, nothing says. */
  readonly origin?: Origin;
}

export interface FlowGroup {
  /** 0 to 4294967040. */
  readonly id: number;
  readonly type: 'all' | 'select' | 'indirect' | 'ff';
  readonly buckets: readonly FlowBucket[];
}

interface FlowBucket {
  readonly actions: readonly string[];
  /** Of `select`; 0 to 65535. */
  readonly weight?: number;
  /** Of `ff`: the port whose state decides whether it is used. */
  readonly watchPort?: string;
}

/** As one line for ovs-ofctl(8). */
export function flowText({ table, priority, match, actions }: Flow): string {
  const fields = Object.entries(match).map(([field, value]) => (value === '' ? field : `${field}=${value}`));
  return `table=${table},priority=${priority}${fields.map((field) => `,${field}`).join('')} actions=${actionsText(actions)}`;
}

export function groupText({ id, type, buckets }: FlowGroup): string {
  const texts = buckets.map(({ actions, weight, watchPort }) => {
    const fields = [
      ...(weight === undefined ? [] : [`weight:${weight}`]),
      ...(watchPort === undefined ? [] : [`watch_port:${watchPort}`]),
      `actions=${actionsText(actions)}`,
    ];
    return `,bucket=${fields.join(',')}`;
  });
  return `group_id=${id},type=${type}${texts.join('')}`;
}

const actionsText = (actions: readonly string[]): string => (actions.length === 0 ? 'drop' : actions.join(','));

export const openFlowKind: Kind<OpenFlow> = {
  identity: ({ namespace, switch: bridge }) => `openflow:${namespace}/${bridge}`,
  provides: () => [],
  requires: ({ namespace, switch: bridge, ports }) => [
    ovsSwitchKey(namespace, bridge),
    ...[...new Set(ports)].map((port) => ovsPortKey(namespace, port)),
  ],
  goesWith: ({ namespace, switch: bridge }) => [inOpenVSwitch(namespace), [ovsSwitchKey(namespace, bridge)]],
  differences: (before, after) => [
    ...listDifference('flows', before.flows.map(flowText), after.flows.map(flowText)),
    ...listDifference('groups', before.groups.map(groupText), after.groups.map(groupText)),
  ],
  describe: ({ namespace, switch: bridge, flows, groups }) =>
    `${flows.length} flows${groups.length === 0 ? '' : ` and ${groups.length} groups`} of ${bridge} in ${namespace}`,
};

/** What one has and the other has not; their order is no difference. */
function listDifference(field: string, before: readonly string[], after: readonly string[]): readonly Difference[] {
  const [old, wanted] = [new Set(before), new Set(after)];
  const going = before.filter((line) => !wanted.has(line));
  const coming = after.filter((line) => !old.has(line));
  if (going.length === 0 && coming.length === 0) return [];
  return [{ field, before: going.join('; '), after: coming.join('; '), effect: 'live' }];
}
