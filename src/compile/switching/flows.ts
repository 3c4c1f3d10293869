/** What switches do with frames besides switching them: OpenFlow rules and mirrors. */

import type { Network } from '../../network/network.ts';
import type { FlowTables, Switch, SwitchAction, SwitchFlow, SwitchMirror, SwitchPort } from '../../network/switching/switch.ts';
import type { Flow, FlowGroup, OpenFlow } from '../../resource/openflow.ts';
import type { OvsMirror } from '../../resource/ovs-mirror.ts';
import { switchNamespace } from '../placement.ts';
import { namedSwitchDevice, switchPortDevice } from './ports.ts';

/** @param first flows that come before those of the file */
export function compileFlows(network: Network, { name, flows, origin }: Switch, first: readonly Flow[]): OpenFlow {
  const { flows: own, groups } = flows ?? PLAIN;
  const ports = new Set<string>();
  const device = (port: SwitchPort): string => {
    const found = switchPortDevice(network, name, port);
    ports.add(found);
    return found;
  };
  const actionsOf = (actions: readonly SwitchAction[]): readonly string[] =>
    actions.map((action) => (typeof action === 'string' ? action : `output:${device(action.output)}`));
  const flowOf = ({ table, priority, match, actions, origin: place }: SwitchFlow): Flow => ({
    table,
    priority,
    match: Object.fromEntries(match.map(({ field, value }) => [field, typeof value === 'string' ? value : device(value)])),
    actions: actionsOf(actions),
    ...(place.length > 0 && { origin: place }),
  });
  const made = {
    flows: [...first, ...own.map(flowOf)],
    groups: groups.map(
      ({ id, type, buckets }): FlowGroup => ({
        id,
        type,
        buckets: buckets.map(({ actions, weight, watchPort }) => ({
          actions: actionsOf(actions),
          ...(weight !== undefined && { weight }),
          ...(watchPort !== undefined && { watchPort: device(watchPort) }),
        })),
      }),
    ),
  };
  return {
    kind: 'openflow',
    origin: flows === undefined ? origin : [...origin, 'flows'],
    namespace: switchNamespace(network, name),
    switch: namedSwitchDevice(name),
    ...made,
    ports: [...ports],
  };
}

const PLAIN: FlowTables = { flows: [{ table: 0, priority: 0, match: [], actions: ['normal'], origin: [] }], groups: [] };

export function compileMirror(
  network: Network,
  { name: where }: Switch,
  { name, select, segments, output, origin }: SwitchMirror,
): OvsMirror {
  const device = (port: SwitchPort): string => switchPortDevice(network, where, port);
  return {
    kind: 'ovs-mirror',
    origin,
    namespace: switchNamespace(network, where),
    switch: namedSwitchDevice(where),
    name,
    select: select === 'all' ? select : { sources: select.sources.map(device), destinations: select.destinations.map(device) },
    vlans: network.segments.flatMap((segment) => (segments.includes(segment.name) && segment.vlan !== undefined ? [segment.vlan.id] : [])),
    output: { port: device(output) },
  };
}
