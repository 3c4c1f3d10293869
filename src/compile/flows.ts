/** What switches do with frames besides switching them: OpenFlow rules and mirrors. */
import { deviceName } from '../network/device-name.ts';
import type { FlowTables, Network, Switch, SwitchAction, SwitchFlow, SwitchMirror, SwitchPort } from '../network/network.ts';
import type { Flow, FlowGroup, OpenFlow } from '../resource/openflow.ts';
import type { OvsMirror } from '../resource/ovs-mirror.ts';
import { portDevice, switchNamespace, trunkDevice } from './placement.ts';

/** The device of a port, which it is called after. */
function portOf(network: Network, where: string, port: SwitchPort): string {
  const nodeOf = (name: string) => network.nodes.find((node) => node.name === name);
  switch (port.kind) {
    case 'host':
      return portDevice('host', port);
    case 'trunk':
      return trunkDevice(where, port.to);
    case 'wire':
    case 'interface': {
      const node = nodeOf(port.node);
      return node === undefined ? '' : portDevice(node, { segment: port.kind === 'wire' ? where : port.segment });
    }
  }
}

/** @param first flows that come before those of the file */
export function compileFlows(network: Network, { name, flows, origin }: Switch, first: readonly Flow[]): OpenFlow {
  const { flows: own, groups } = flows ?? PLAIN;
  const ports = new Set<string>();
  const device = (port: SwitchPort): string => {
    const found = portOf(network, name, port);
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
    switch: deviceName(name, new Set()),
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
  const device = (port: SwitchPort): string => portOf(network, where, port);
  return {
    kind: 'ovs-mirror',
    origin,
    namespace: switchNamespace(network, where),
    switch: deviceName(where, new Set()),
    name,
    select: select === 'all' ? select : { sources: select.sources.map(device), destinations: select.destinations.map(device) },
    vlans: network.segments.flatMap((segment) => (segments.includes(segment.name) && segment.vlan !== undefined ? [segment.vlan.id] : [])),
    output: { port: device(output) },
  };
}
