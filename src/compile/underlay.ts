/**
 * Machines with tunnels of Open vSwitch. In its userspace datapath, what a tunnel sends leaves by a bridge whose own device
 * has the address: so the interface is a bridge, and the cable its port.
 */
import { deviceName } from '../network/device-name.ts';
import type { Network } from '../network/network.ts';
import type { HostFacts } from '../resource/host-facts.ts';
import type { Resource } from '../resource/kinds.ts';
import type { OvsPort } from '../resource/ovs-port.ts';
import type { OvsSwitch } from '../resource/ovs-switch.ts';
import type { Veth, VethEnd } from '../resource/veth.ts';
import { fabricMac } from './fabric-mac.ts';
import { namespaceOf, switchNamespace } from './placement.ts';
import { deafened } from './switching/deafened.ts';
import { plainSwitch } from './switching/plain-switch.ts';
import { namedSwitchDevice } from './switching/ports.ts';

/** The wires, with bridges where tunnels send by their ends. */
export function underTunnels(network: Network, host: HostFacts, wires: readonly Resource[]): readonly Resource[] {
  const inMachines = network.switches.filter(({ machine }) => machine !== undefined);
  if (inMachines.length === 0) return wires;
  const senders = new Set(
    network.trunks.flatMap(({ tunnel }) => tunnel?.ends.map(({ node, device }) => `${namespaceOf(network.name, node)}/${device}`) ?? []),
  );
  const all = wires.flatMap((wire): readonly Resource[] => (wire.kind === 'veth' ? sent(network, senders, wire) : [wire]));
  const bridges = new Set([...senders, ...inMachines.map(({ name }) => `${switchNamespace(network, name)}/${namedSwitchDevice(name)}`)]);
  const ports = new Set(
    all.flatMap((one) =>
      one.kind === 'ovs-port' && bridges.has(`${one.namespace}/${one.switch}`) ? [`${one.namespace}/${one.name}`] : [],
    ),
  );
  const deaf = all.flatMap((one) =>
    one.kind === 'veth'
      ? one.ends
          .filter(({ namespace, device }) => ports.has(`${namespace}/${device}`))
          .flatMap(({ namespace, device }) => deafened(host, one, namespace, device))
      : [],
  );
  return [...all, ...deaf];
}

/** The cable of a machine that sends by it, with the bridge in between. */
function sent(network: Network, senders: ReadonlySet<string>, wire: Veth): readonly (Veth | OvsSwitch | OvsPort)[] {
  const sends = ({ namespace, device }: VethEnd): boolean => senders.has(`${namespace}/${device}`);
  if (!wire.ends.some(sends)) return [wire];
  const nameOf = ({ device }: VethEnd): string => deviceName(`${device}.wire`, new Set([device]));
  const behind = (end: VethEnd): VethEnd => {
    if (!sends(end)) return { ...end, checksumOffload: false };
    const device = nameOf(end);
    return { ...end, device, mac: fabricMac(network, `${end.namespace}/${device}`), checksumOffload: false };
  };
  const [one, other] = wire.ends;
  const { origin } = wire;
  return [
    { ...wire, ends: [behind(one), behind(other)] },
    ...wire.ends.filter(sends).flatMap((end): readonly (OvsSwitch | OvsPort)[] => {
      const { namespace, device, mac } = end;
      const vlan = { mode: 'trunk', trunks: [] } as const;
      const port = { kind: 'ovs-port', origin, namespace, switch: device, name: nameOf(end), interface: { type: 'device' }, vlan } as const;
      return [plainSwitch(namespace, device, mac, origin), port];
    }),
  ];
}
