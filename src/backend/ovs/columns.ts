/** How switches, ports and mirrors are written in the tables of Open vSwitch, and read again (ovs-vswitchd.conf.db(5)). */
import type { OvsInterface, OvsPort, OvsTunnel, OvsVlan } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import { flagIn, mapIn, mapOf, numberIn, numbersIn, optional, type Row, setOf, textIn, type Value } from './wire.ts';

/** Seconds between two messages of the root, the least that Open vSwitch takes; five may get lost before the largest age is reached. */
const STP_HELLO_TIME = 1;
/** Seconds; what Open vSwitch has unless it is told. */
const STP_MAX_AGE = 20;

/**
 * Seconds that what the root said is believed, as long as a forward delay allows (IEEE 802.1D-1998, 8.10.2): Open vSwitch waits at least
 * for half of it and a second, which with its own 20 s are 11, twice, whatever the forward delay is.
 */
const maxAgeFor = (forwardDelay: number): number => Math.min(40, Math.max(6, 2 * (forwardDelay - 1)));

/** Columns that are ours as a whole, and keys of `other_config`, which others may have keys in too. */
export interface Columns {
  readonly whole: Row;
  readonly config: Readonly<Record<string, string | undefined>>;
}

export function switchColumns({ mac, datapath, spanningTree, priority, forwardDelay, ageing, failMode, forwardsBpdu }: OvsSwitch): Columns {
  return {
    whole: {
      datapath_type: datapath,
      fail_mode: failMode,
      stp_enable: spanningTree === 'stp',
      rstp_enable: spanningTree === 'rstp',
    },
    config: {
      hwaddr: mac,
      'mac-aging-time': String(ageing),
      'stp-priority': String(priority),
      'stp-forward-delay': String(forwardDelay),
      'stp-max-age': String(maxAgeFor(forwardDelay)),
      'stp-hello-time': String(STP_HELLO_TIME),
      'rstp-priority': String(priority),
      'rstp-forward-delay': String(forwardDelay),
      'rstp-ageing-time': String(ageing),
      'forward-bpdu': forwardsBpdu === true ? 'true' : undefined,
    },
  };
}

const leastForwardDelay = (maxAge: string | undefined): number => Number(maxAge ?? STP_MAX_AGE) / 2 + 1;

export type SwitchSettings = Pick<
  OvsSwitch,
  'mac' | 'datapath' | 'spanningTree' | 'priority' | 'forwardDelay' | 'ageing' | 'failMode' | 'forwardsBpdu'
>;

export function switchIn(row: Row): SwitchSettings {
  const config = mapIn(row, 'other_config');
  const spanningTree = flagIn(row, 'rstp_enable') ? 'rstp' : flagIn(row, 'stp_enable') ? 'stp' : 'off';
  const tree = spanningTree === 'rstp' ? 'rstp' : 'stp';
  return {
    mac: config['hwaddr'] ?? '',
    datapath: textIn(row, 'datapath_type') === 'netdev' ? 'netdev' : 'system',
    spanningTree,
    priority: Number(config[`${tree}-priority`] ?? 32768),
    forwardDelay: Math.max(Number(config[`${tree}-forward-delay`] ?? 15), tree === 'stp' ? leastForwardDelay(config['stp-max-age']) : 0),
    ageing: Number(config['mac-aging-time'] ?? 300),
    failMode: textIn(row, 'fail_mode') === 'secure' ? 'secure' : 'standalone',
    ...(config['forward-bpdu'] === 'true' && { forwardsBpdu: true as const }),
  };
}

export function portColumns({ vlan, pathCost }: Pick<OvsPort, 'vlan' | 'pathCost'>): Columns {
  const isTunnel = vlan.mode === 'dot1q-tunnel';
  const vlans = setOf(vlan.mode === 'access' ? [] : vlan.trunks);
  return {
    whole: {
      vlan_mode: optional(vlan.mode),
      tag: optional(vlan.mode === 'trunk' ? undefined : vlan.tag),
      trunks: isTunnel ? setOf([]) : vlans,
      cvlans: isTunnel ? vlans : setOf([]),
    },
    config: { 'stp-path-cost': pathCost?.toString(), 'rstp-path-cost': pathCost?.toString() },
  };
}

export function vlanIn(row: Row): OvsVlan {
  const tag = numberIn(row, 'tag');
  const trunks = numbersIn(row, 'trunks').toSorted((a, b) => a - b);
  // Without a mode, a port is what its tag says.
  const mode = textIn(row, 'vlan_mode') ?? (tag === undefined ? 'trunk' : 'access');
  switch (mode) {
    case 'access':
      return { mode, tag: tag ?? 0 };
    case 'native-tagged':
    case 'native-untagged':
      return { mode, tag: tag ?? 0, trunks };
    case 'dot1q-tunnel':
      return { mode, tag: tag ?? 0, trunks: numbersIn(row, 'cvlans').toSorted((a, b) => a - b) };
    default:
      return { mode: 'trunk', trunks };
  }
}

export function pathCostIn(row: Row): number | undefined {
  const cost = mapIn(row, 'other_config')['stp-path-cost'];
  return cost === undefined ? undefined : Number(cost);
}

export function interfaceColumns(behind: OvsInterface): Row {
  return {
    type: behind.type === 'device' ? '' : behind.type,
    mac: optional(behind.type === 'internal' ? behind.mac : undefined),
    options: optionsOf(behind),
  };
}

function optionsOf(behind: OvsInterface): Value {
  if (behind.type === 'device' || behind.type === 'internal') return mapOf({});
  if (behind.type === 'patch') return mapOf({ peer: behind.peer });
  const { remote, local, key, port, tos, ttl, dontFragment, checksum } = behind;
  const options = {
    remote_ip: remote,
    local_ip: local,
    key: key?.toString(),
    dst_port: port?.toString(),
    tos: tos?.toString(),
    ttl: ttl?.toString(),
    df_default: dontFragment?.toString(),
    csum: checksum?.toString(),
  };
  return mapOf(Object.fromEntries(Object.entries(options).filter((entry): entry is [string, string] => entry[1] !== undefined)));
}

export function interfaceIn(row: Row): OvsInterface | undefined {
  const type = textIn(row, 'type') ?? '';
  const options = mapIn(row, 'options');
  switch (type) {
    case '':
    case 'system':
      return { type: 'device' };
    case 'internal':
      return { type, mac: textIn(row, 'mac') ?? '' };
    case 'patch':
      return { type, peer: options['peer'] ?? '' };
    case 'vxlan':
    case 'geneve':
    case 'gre':
      return tunnelIn(type, options);
    default:
      return undefined;
  }
}

const numberOrInherit = (text: string): number | 'inherit' => (text === 'inherit' ? text : Number(text));

/** In the order in which the fields of a tunnel are written, by which two are compared. */
function tunnelIn(type: OvsTunnel['type'], options: Readonly<Record<string, string>>): OvsTunnel {
  const { local_ip: local, key, dst_port: port, tos, ttl, df_default: dontFragment, csum: checksum } = options;
  return {
    type,
    remote: options['remote_ip'] ?? '',
    ...(local === undefined ? {} : { local }),
    ...(key === undefined ? {} : { key: Number(key) }),
    ...(port === undefined ? {} : { port: Number(port) }),
    ...(tos === undefined ? {} : { tos: numberOrInherit(tos) }),
    ...(ttl === undefined ? {} : { ttl: numberOrInherit(ttl) }),
    ...(dontFragment === undefined ? {} : { dontFragment: dontFragment === 'true' }),
    ...(checksum === undefined ? {} : { checksum: checksum === 'true' }),
  };
}
