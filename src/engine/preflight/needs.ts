/** What Netbottle needs of a host, one by one, with the way out where it is missing. */
import * as host from '../../backend/host/abilities.ts';
import * as kernel from '../../backend/host/kernel-abilities.ts';
import { DAEMONS, FRR_PROGRAMS } from '../../compile/frr/daemons.ts';
import type { Resource } from '../../resource/kinds.ts';
import { isRoutingDaemon } from '../../resource/process.ts';
import type { Qdisc } from '../../resource/qdisc.ts';
import { HOST } from '../../resource/resource.ts';
import type { Tunnel } from '../../resource/tunnel.ts';

/** Something that a host may or may not have. */
export interface Need {
  readonly name: string;
  /** What it is for. */
  readonly purpose: string;
  /** Whether a bottle with these resources cannot do without. */
  readonly for: (resource: Resource) => boolean;
  /** Undefined when it is there; else what is wrong. */
  readonly trial: () => string | undefined;
  readonly remedy: string;
  /** A host that holds one of these has what it takes to make another; the trial makes namespaces, which hold up the kernel. */
  readonly lasting?: true;
}

const kind =
  (...kinds: readonly Resource['kind'][]) =>
  (resource: Resource): boolean =>
    kinds.includes(resource.kind);

const tool = (name: string, debian: string, purpose: string, needed: Need['for']): Need => ({
  name,
  purpose,
  for: needed,
  trial: () => (host.program(name) === undefined ? `no program ${name} in PATH` : undefined),
  remedy: `Install it: apt install ${debian}`,
});

const MODULES = 'The kernel has been built without it, or its module cannot be loaded from here: try `modprobe` as root.';

const tunnels = (type: Tunnel['type'], name: string): Need => ({
  name,
  purpose: `overlays of type \`${type}\``,
  for: (resource) => resource.kind === 'tunnel' && resource.type === type,
  trial: () => host.canMakeTunnel(type),
  remedy: MODULES,
  lasting: true,
});

const queueing = (name: Qdisc['discipline'], purpose: string, trial: Need['trial']): Need => ({
  name,
  purpose,
  for: (resource) => resource.kind === 'qdisc' && resource.discipline === name,
  trial,
  remedy: MODULES,
  lasting: true,
});

/** What no resource needs so far, and people ask about. */
const feature = (name: string, purpose: string, trial: Need['trial']): Need => ({
  name,
  purpose,
  for: () => false,
  trial,
  remedy: MODULES,
  lasting: true,
});

export const needs: readonly Need[] = [
  {
    name: 'network namespaces',
    purpose: 'every machine is one',
    for: () => true,
    trial: host.canMakeNamespaces,
    remedy: 'Run as root, or as a user who may make user namespaces: `bottle doctor` without sudo says whether you may.',
    lasting: true,
  },
  { name: 'veth devices', purpose: 'cables', for: kind('veth'), trial: host.canMakeVeth, remedy: MODULES, lasting: true },
  { name: 'bridges', purpose: 'switches', for: kind('bridge'), trial: host.canMakeBridge, remedy: MODULES, lasting: true },
  {
    name: 'macvlan devices',
    purpose: 'machines on an interface of the host',
    for: kind('macvlan'),
    trial: host.canMakeMacvlan,
    remedy: MODULES,
    lasting: true,
  },
  {
    name: 'VLAN filtering',
    purpose: 'Linux bridges with several VLANs; Open vSwitch does without',
    for: (resource) => resource.kind === 'bridge' && resource.vlanFiltering === true,
    trial: kernel.canFilterVlans,
    remedy: 'Leave out `type: linux`: a switch of Open vSwitch takes its place where the kernel cannot do it.',
    lasting: true,
  },
  {
    name: '802.1Q devices',
    purpose: 'machines with tagged networks; Open vSwitch does without',
    for: kind('vlan'),
    trial: kernel.canMakeVlan,
    remedy: MODULES,
    lasting: true,
  },
  tunnels('vxlan', 'VXLAN devices'),
  tunnels('geneve', 'Geneve devices'),
  tunnels('gre', 'GRE devices'),
  queueing('netem', '`impair:` with delay, loss, duplicate or reorder', kernel.canImpair),
  queueing('tbf', '`impair:` with a rate alone', kernel.canLimitRate),
  {
    name: 'ifb devices',
    purpose: '`impair:` where there is no cable: in overlays, and on interfaces of the host',
    for: kind('ifb'),
    trial: kernel.canRedirect,
    remedy: 'It takes the modules ifb, sch_ingress, cls_u32 and act_mirred: try `modprobe` as root. What has a cable can do without.',
    lasting: true,
  },
  feature('WireGuard devices', 'tunnels with keys', kernel.canMakeWireGuard),
  feature('VRF devices', 'routing tables apart', kernel.canMakeVrf),
  feature('Open vSwitch in the kernel', 'its fast datapath; the one in userspace needs none', kernel.hasOpenVSwitch),
  feature('connection tracking on bridges', 'filters with state between ports of a switch', kernel.canTrackOnBridge),
  {
    name: 'nftables',
    purpose: 'NAT, host-only networks and firewalls',
    for: kind('table'),
    trial: host.canUseNftables,
    remedy: 'Install it: apt install libnftables1',
  },
  {
    name: 'IPv6',
    purpose: 'networks with IPv6 subnets',
    for: (resource) => resource.kind === 'address' && resource.address.includes(':'),
    trial: () => (host.hasIPv6() ? undefined : 'the kernel was started without IPv6'),
    remedy: 'Remove `ipv6.disable=1` from the kernel command line, or the IPv6 subnets from the file.',
  },
  tool('ovs-vswitchd', 'openvswitch-switch', 'switches of Open vSwitch', kind('open-vswitch')),
  tool('ovsdb-server', 'openvswitch-switch', 'switches of Open vSwitch', kind('open-vswitch')),
  tool('ovs-ofctl', 'openvswitch-common', 'OpenFlow rules', kind('openflow')),
  {
    name: '/dev/net/tun',
    purpose: 'what pasta and the userspace datapath of Open vSwitch work with',
    for: (resource) => resource.kind === 'ovs-switch' && resource.datapath === 'netdev',
    trial: host.canOpenTun,
    remedy: 'sudo modprobe tun; sudo chmod 666 /dev/net/tun',
  },
  {
    name: 'Open vSwitch of the host',
    purpose: 'switches in it',
    for: (resource) => resource.kind === 'ovs-switch' && resource.namespace === HOST,
    trial: host.hasOpenVSwitch,
    remedy: 'Install and start it: apt install openvswitch-switch; systemctl start openvswitch-switch',
  },
  {
    name: 'FRR',
    purpose: 'routers with `ospf` or `bgp`',
    for: (resource) => resource.kind === 'process' && isRoutingDaemon(resource),
    trial: () => host.hasPrograms(FRR_PROGRAMS, DAEMONS),
    remedy: 'Install it: apt install frr. Its own service need not run.',
  },
  tool('unshare', 'util-linux', 'processes in machines', kind('process')),
  tool('nsenter', 'util-linux', 'processes in machines', kind('process')),
];
