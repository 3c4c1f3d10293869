/** What decides where frames go on a switch, other than that it has learned where their receivers are. */
import type { Resource } from '../../../resource/kinds.ts';
import type { Flow, OpenFlow } from '../../../resource/openflow.ts';
import { NotFollowed, type Program, programOf, type Switches } from '../flows.ts';
import { isSwitchedPlain } from '../port-vlans.ts';
import type { Drafts } from './draft.ts';

export function addProgram(resource: Resource, drafts: Drafts): void {
  if (resource.kind === 'ovs-switch' && resource.controllers.length > 0) {
    const why = `what ${resource.device} does with frames, its controller says`;
    drafts.at(resource.namespace).switching.set(resource.device, new NotFollowed(why));
  }
  if (resource.kind === 'ovs-mirror' && 'port' in resource.output) {
    const { devices } = drafts.at(resource.namespace);
    const port = devices.get(resource.output.port);
    // It is in no VLAN, and so carries nothing but copies.
    if (port !== undefined) devices.set(port.name, { ...port, vlans: { tagged: [] } });
  }
  if (resource.kind !== 'openflow' || resource.flows.every(onlySwitches)) return;
  const { devices, switching } = drafts.at(resource.namespace);
  const ports = [...devices.values()].filter(({ master }) => master === resource.switch);
  const byName = new Map(ports.map((port) => [port.name, port]));
  const switches: Switches = (from, to) => isSwitchedPlain(byName.get(from), byName.get(to));
  switching.set(resource.switch, programOrWhyNot(resource, [...byName.keys()], switches));
}

/** Frames with two tags are none that anybody here sends. */
const onlySwitches = ({ match, actions }: Flow): boolean =>
  (Object.keys(match).length === 0 && actions.join() === 'normal') || ['0x8100', '0x88a8'].includes(match['dl_type'] ?? '');

function programOrWhyNot(resource: OpenFlow, ports: readonly string[], switches: Switches): Program | NotFollowed {
  try {
    return programOf(resource, ports, switches);
  } catch (error) {
    if (error instanceof NotFollowed) return error;
    throw error;
  }
}
