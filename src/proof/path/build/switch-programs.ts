/** What decides where frames go on a switch, other than that it has learned where their receivers are. */
import type { Resource } from '../../../resource/kinds.ts';
import type { Flow, OpenFlow } from '../../../resource/openflow.ts';
import { type Program, programOf, type Switch } from '../flows/program.ts';
import type { Device } from '../model.ts';
import { NotFollowed } from '../not-followed.ts';
import { isSwitchedPlain } from '../port-vlans.ts';
import type { Drafts } from './draft.ts';
import { internalEnd } from './ovs-ports.ts';

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
  // One that the switch makes is a cable of its own to it.
  const deviceOf = (port: string): string => (byName.has(internalEnd(port)) ? internalEnd(port) : port);
  const around: Switch = {
    devices: [...byName.keys()],
    deviceOf,
    switches: (from, to) => isSwitchedPlain(byName.get(from), byName.get(to)),
    isShore: (port) => {
      const { peer } = byName.get(deviceOf(port)) ?? {};
      const far = peer && drafts.all.get(peer.namespace)?.devices.get(peer.device);
      return far !== undefined && far.master === undefined;
    },
    isLive: (port) => (devices.get(resource.switch)?.tree === undefined ? isLive(byName.get(port)) : undefined),
  };
  switching.set(resource.switch, programOrWhyNot(resource, around));
}

/** Frames with two tags are none that anybody here sends. */
const onlySwitches = ({ match, actions }: Flow): boolean =>
  (Object.keys(match).length === 0 && actions.join() === 'normal') || ['0x8100', '0x88a8'].includes(match['dl_type'] ?? '');

/** Of a cable; whether other ports are, only Open vSwitch knows. */
function isLive(port: Device | undefined): boolean | undefined {
  if (port?.peer === undefined) return undefined;
  return port.down !== true && port.noCarrier !== true;
}

function programOrWhyNot(resource: OpenFlow, around: Switch): Program | NotFollowed {
  try {
    return programOf(resource, around);
  } catch (error) {
    if (error instanceof NotFollowed) return error;
    throw error;
  }
}
