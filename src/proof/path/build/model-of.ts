/** The model of what resources say. */
import type { Address } from '../../../address/ip.ts';
import { prefixAround } from '../../../address/prefix.ts';
import type { Resource } from '../../../resource/kinds.ts';
import { HOST } from '../../../resource/resource.ts';
import type { Model } from '../model.ts';
import { NotFollowed } from '../not-followed.ts';
import { addResource } from './add-resource.ts';
import { blockedPorts, nameIn } from './blocked-ports.ts';
import { type Draft, Drafts } from './draft.ts';
import { addPort, fitInternal } from './ovs-ports.ts';
import { stationOf } from './station-of.ts';
import { addProgram } from './switch-programs.ts';

/** An address of the host that the bottle did not give it. */
export interface ForeignAddress {
  readonly device: string;
  readonly address: Address;
  /** Bits. */
  readonly prefixLength: number;
}

/** @param foreign What the host has besides. */
export function modelOf(resources: readonly Resource[], foreign: readonly ForeignAddress[] = []): Model {
  const drafts = new Drafts();
  for (const resource of resources) addResource(resource, drafts);
  const ports = resources.filter((resource) => resource.kind === 'ovs-port');
  for (const port of ports) addPort(port, ports, drafts.at(port.namespace));
  for (const port of ports) if (port.interface.type === 'internal') fitInternal(port, drafts.at(port.namespace));
  for (const resource of resources) addProgram(resource, drafts);
  block(drafts.all);
  const host = drafts.all.get(HOST);
  if (host !== undefined) addForeign(host, foreign);
  const stations = [...drafts.all].map(([namespace, draft]) => [namespace, stationOf(namespace, draft)] as const);
  return { stations: new Map(stations) };
}

/** Takes ports out that the spanning tree protocol blocks. */
function block(drafts: ReadonlyMap<string, Draft>): void {
  const tree = blockedPorts(new Map([...drafts].map(([namespace, { devices }]) => [namespace, devices])));
  if (tree === undefined) return;
  for (const [namespace, { devices, switching }] of drafts) {
    for (const device of [...devices.values()]) {
      const name = nameIn(namespace, device.name);
      if (tree.blocked.has(name)) devices.set(device.name, { ...device, blocked: true });
      if (tree.unclear.has(name) && !switching.has(device.name))
        switching.set(device.name, new NotFollowed(`which ports of ${device.name} the spanning tree blocks hangs on their numbers`));
    }
  }
}

/** Those that the resources speak of are theirs. */
function addForeign({ addresses }: Draft, foreign: readonly ForeignAddress[]): void {
  for (const { device, address, prefixLength } of foreign) {
    const isKnown = addresses.some((own) => own.address.family === address.family && own.address.value === address.value);
    if (!isKnown) addresses.push({ device, address, prefix: prefixAround(address, prefixLength) });
  }
}
