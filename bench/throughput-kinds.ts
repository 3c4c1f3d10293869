/**
 * Two machines, `a` and `b`, over each kind of switch and overlay: as a bottle file, and as whoever has no Netbottle would
 * type it. In all of them `a` reaches `b` at the same address.
 */
export const TARGET = '10.9.0.2';

export interface Kind {
  readonly name: string;
  /** All of the file but its name. */
  readonly file: string;
  /** Lines for a shell, after `PRELUDE`. */
  readonly hand: string;
}

/**
 * `$P` begins the names of the namespaces: machines `a` and `b`, and the fabric `f` that their cables lead into. `own` runs a
 * program in the background and notes its process, `$RUN` is a directory of its own.
 */
export const PRELUDE = `set -eu
for n in f a b; do ip netns add $P$n; ip -n $P$n link set lo up; done
cable() { # machine, device, address, MTU
  ip -n \${P}f link add $1.$2 type veth peer name $2 netns $P$1
  ip -n \${P}f link set $1.$2 up
  ip -n $P$1 address add $3 dev $2
  ip -n $P$1 link set $2 up
}
bridge() { # device, ports
  ip -n \${P}f link add $1 type bridge
  ip -n \${P}f link set $1 up
  for port in \${*:2}; do ip -n \${P}f link set $port master $1; done
}
own() { ip netns exec \${P}f "$@" > /dev/null 2>&1 & echo $! >> $RUN/pids; }
vsctl() { ip netns exec \${P}f ovs-vsctl --db=unix:$RUN/db.sock "$@"; }
openvswitch() {
  export OVS_RUNDIR=$RUN
  ovsdb-tool create $RUN/conf.db /usr/share/openvswitch/vswitch.ovsschema
  own ovsdb-server --remote=punix:$RUN/db.sock --unixctl=$RUN/db.ctl $RUN/conf.db
  until [ -S $RUN/db.sock ]; do sleep 0.05; done
  vsctl --no-wait init
  own ovs-vswitchd --disable-system --unixctl=$RUN/vswitchd.ctl unix:$RUN/db.sock
  for n in a b; do ip netns exec $P$n ethtool -K lan tx off > /dev/null; done
}
underlay() { cable a wire 10.8.0.1/24; cable b wire 10.8.0.2/24; bridge net a.wire b.wire; }
tunnel() { # to give to both ends beside the other's address
  for n in a b; do
    case $n in a) far=10.8.0.2 own=10.8.0.1 address=10.9.0.1 ;; *) far=10.8.0.1 own=10.8.0.2 address=10.9.0.2 ;; esac
    ip -n $P$n link add over type $(eval echo "$*")
    ip -n $P$n address add $address/24 dev over
    ip -n $P$n link set over up
  done
}
lan() { cable a lan 10.9.0.1/24; cable b lan 10.9.0.2/24; }
`;

const MACHINES = `machines:
  a: { networks: { lan: 10.9.0.1 } }
  b: { networks: { lan: 10.9.0.2 } }`;

const overlay = (settings: string): string => `networks:
  wire: { subnet: 10.8.0.0/24 }
  lan: { subnet: 10.9.0.0/24, overlay: { over: wire, ${settings} } }
machines:
  a: { networks: { wire: 10.8.0.1, lan: 10.9.0.1 } }
  b: { networks: { wire: 10.8.0.2, lan: 10.9.0.2 } }`;

const onSwitches = (type: string): string => `switches:
  one: { type: ${type}, trunks: { two: {} } }
  two: { type: ${type} }
networks:
  lan: { subnet: 10.9.0.0/24, switch: [one, two], vlan: 100 }
machines:
  a: { networks: { lan: { address: 10.9.0.1, switch: one } } }
  b: { networks: { lan: { address: 10.9.0.2, switch: two } } }`;

/** By hand, the first is the bare veth that all are compared with. */
export const KINDS: readonly [Kind, ...Kind[]] = [
  {
    name: 'cable',
    file: `links:\n  lan: { subnet: 10.9.0.0/24, ends: { a: 10.9.0.1, b: 10.9.0.2 } }\nmachines: { a: {}, b: {} }`,
    hand: `ip -n \${P}a link add lan type veth peer name lan netns \${P}b
ip -n \${P}a address add 10.9.0.1/24 dev lan; ip -n \${P}b address add 10.9.0.2/24 dev lan
for n in a b; do ip -n $P$n link set lan up; done`,
  },
  { name: 'Linux bridge', file: `networks:\n  lan: { subnet: 10.9.0.0/24 }\n${MACHINES}`, hand: 'lan; bridge sw a.lan b.lan' },
  {
    name: 'guarded Linux bridge',
    file: `networks:\n  lan: { subnet: 10.9.0.0/24, shared: true }\n${MACHINES}\npolicy:\n  any -> any: any`,
    hand: 'lan; bridge sw a.lan b.lan',
  },
  {
    name: 'Linux switches, VLAN trunk',
    file: onSwitches('linux'),
    hand: `lan
ip -n \${P}f link add trunk1 type veth peer name trunk2; for n in 1 2; do ip -n \${P}f link set trunk$n up; done
bridge one a.lan trunk1; bridge two b.lan trunk2
for sw in one two; do ip -n \${P}f link set $sw type bridge vlan_filtering 1 vlan_default_pvid 0; done
for port in a.lan b.lan; do command bridge -n \${P}f vlan add vid 100 dev $port pvid untagged; done
for port in trunk1 trunk2; do command bridge -n \${P}f vlan add vid 100 dev $port; done`,
  },
  {
    name: 'Open vSwitch',
    file: `switches:\n  sw: { type: ovs }\nnetworks:\n  lan: { subnet: 10.9.0.0/24, switch: sw }\n${MACHINES}`,
    hand: `lan; openvswitch
vsctl add-br sw -- set bridge sw datapath_type=netdev -- add-port sw a.lan -- add-port sw b.lan`,
  },
  {
    name: 'Open vSwitch, VLAN trunk',
    file: onSwitches('ovs'),
    hand: `lan; openvswitch
vsctl add-br one -- set bridge one datapath_type=netdev -- add-br two -- set bridge two datapath_type=netdev \\
  -- add-port one a.lan tag=100 -- add-port two b.lan tag=100 \\
  -- add-port one up -- set interface up type=patch options:peer=down -- add-port two down -- set interface down type=patch options:peer=up`,
  },
  {
    name: 'VXLAN, point to point',
    file: overlay('id: 100'),
    hand: 'underlay; tunnel vxlan id 100 dstport 4789 local \\$own remote \\$far',
  },
  {
    name: 'VXLAN, multicast',
    file: overlay('id: 100, group: 239.255.0.1'),
    hand: 'underlay; tunnel vxlan id 100 dstport 4789 local \\$own group 239.255.0.1 dev wire',
  },
  {
    name: 'VXLAN, table',
    file: overlay('id: 100, learning: false'),
    hand: `underlay; tunnel vxlan id 100 dstport 4789 local \\$own nolearning
bridge_fdb() { ip netns exec $P$1 bridge fdb append $2 dev over dst $3; }
mac() { ip netns exec $P$1 cat /sys/class/net/over/address; }
for to in 00:00:00:00:00:00 $(mac b); do bridge_fdb a $to 10.8.0.2; done
for to in 00:00:00:00:00:00 $(mac a); do bridge_fdb b $to 10.8.0.1; done`,
  },
  { name: 'GRE', file: overlay('type: gre, id: 7'), hand: 'underlay; tunnel gretap key 7 local \\$own remote \\$far' },
  { name: 'Geneve', file: overlay('type: geneve, id: 100'), hand: 'underlay; tunnel geneve id 100 remote \\$far' },
];
