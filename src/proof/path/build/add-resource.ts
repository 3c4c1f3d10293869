/** What each kind of resource says of the namespace that it is in. */
import { parseAddress } from '../../../address/parse.ts';
import { parsePrefix, prefixAround } from '../../../address/prefix.ts';
import type { Resource } from '../../../resource/kinds.ts';
import { isRoutingDaemon, type LearnedRoute } from '../../../resource/process.ts';
import type { Sysctl } from '../../../resource/sysctl.ts';
import { TableEvaluator } from '../../evaluate.ts';
import type { ModelRoute } from '../model.ts';
import { devicesOf } from './devices.ts';
import type { Draft, Drafts } from './draft.ts';

/** Ports of Open vSwitch and flows come later: they speak of what others make. */
export function addResource(resource: Resource, drafts: Drafts): void {
  for (const { namespace, device } of devicesOf(resource)) drafts.at(namespace).devices.set(device.name, device);
  switch (resource.kind) {
    case 'forwarding-entry': {
      const { devices } = drafts.at(resource.namespace);
      const device = devices.get(resource.device);
      if (device !== undefined) devices.set(device.name, { ...device, entries: [...(device.entries ?? []), resource] });
      return;
    }
    case 'address': {
      const [text = '', length = ''] = resource.address.split('/');
      const address = parseAddress(text);
      if (!address.ok) return;
      const prefix = prefixAround(address.value, Number(length));
      drafts.at(resource.namespace).addresses.push({ device: resource.device, address: address.value, prefix });
      return;
    }
    case 'route': {
      const to = parsePrefix(resource.to);
      const via = resource.via === undefined ? undefined : parseAddress(resource.via);
      if (!to.ok) return;
      drafts.at(resource.namespace).routes.push({
        to: to.value,
        ...(via?.ok === true && { via: via.value }),
        ...(resource.device !== undefined && { device: resource.device }),
        route: resource,
      });
      return;
    }
    case 'sysctl':
      addSysctl(resource, drafts.at(resource.namespace));
      return;
    case 'table':
      drafts.at(resource.namespace).tables.push({ table: resource, evaluator: new TableEvaluator(resource) });
      return;
    case 'listener':
      drafts.at(resource.namespace).listeners.push(resource);
      return;
    case 'process':
      if (!isRoutingDaemon(resource)) drafts.at(resource.namespace).programs += 1;
      for (const route of resource.learns ?? []) drafts.at(resource.namespace).routes.push(...learnedOf(route));
      return;
    case 'namespace':
      drafts.at(resource.name);
      return;
    case 'veth':
    case 'bridge':
    case 'macvlan':
    case 'vlan':
    case 'ovs-switch':
    case 'tunnel':
    case 'bridge-port':
      return;
    // A packet that is late is one that arrives.
    case 'ifb':
    case 'qdisc':
    case 'file':
      return;
    case 'open-vswitch':
    case 'ovs-port':
    case 'ovs-mirror':
    case 'openflow':
      return;
  }
}

function addSysctl({ key, value }: Sysctl, { forwarding, ignoring, reversePaths }: Draft): void {
  if (value === '1' && key === 'net/ipv4/ip_forward') forwarding.add(4);
  if (value === '1' && key === 'net/ipv6/conf/all/forwarding') forwarding.add(6);
  for (const family of [4, 6] as const)
    if (value === '1' && key === `net/ipv${family}/conf/all/ignore_routes_with_linkdown`) ignoring.add(family);
  for (const device of /^net\/ipv4\/conf\/(.+)\/rp_filter$/.exec(key)?.slice(1) ?? []) reversePaths.set(device, Number(value));
}

function learnedOf(learned: LearnedRoute): readonly ModelRoute[] {
  const to = parsePrefix(learned.to);
  const [hop] = learned.hops;
  const via = hop === undefined ? undefined : parseAddress(hop.via);
  if (!to.ok || hop === undefined || via?.ok !== true) return [];
  return [{ to: to.value, via: via.value, device: hop.device, learned, ...(learned.hops.length > 1 && { undecided: true }) }];
}
