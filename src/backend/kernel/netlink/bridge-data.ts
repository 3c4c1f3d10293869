/** What a bridge and its ports are told and say of themselves (linux/if_link.h, `IFLA_BR_*` and `IFLA_BRPORT_*`). */
import { eachAttribute, type MessageWriter } from './message.ts';

const IFLA_BR_FORWARD_DELAY = 1;
const IFLA_BR_AGEING_TIME = 4;
const IFLA_BR_STP_STATE = 5;
const IFLA_BR_VLAN_FILTERING = 7;
const IFLA_BR_TOPOLOGY_CHANGE = 14;
const IFLA_BR_VLAN_DEFAULT_PVID = 39;
const IFLA_BR_MULTI_BOOLOPT = 46;
const BR_BOOLOPT_NO_LL_LEARN = 1 << 0;
const IFLA_BRPORT_STATE = 1;
const IFLA_BRPORT_ISOLATED = 33;
const BR_STATE_LISTENING = 1;
const BR_STATE_LEARNING = 2;
const BR_STATE_BLOCKING = 4;

/** The kernel counts bridge times in hundredths of a second (USER_HZ). */
const HUNDREDTHS = 100;

export interface BridgeSettings {
  readonly stp: boolean;
  /** Seconds. */
  readonly forwardDelay: number;
  /** Seconds. */
  readonly ageing: number;
  /** A kernel that cannot do it ignores the wish. */
  readonly vlanFiltering?: true;
  /** Only of what is there: ports went up or down, and until that is known everywhere `ageing` is short (IEEE 802.1D, 8.5.3.14). */
  readonly topologyChanged?: true;
}

export function bridgeData(writer: MessageWriter, settings: BridgeSettings): void {
  writer.u32(IFLA_BR_FORWARD_DELAY, Math.round(settings.forwardDelay * HUNDREDTHS));
  writer.u32(IFLA_BR_AGEING_TIME, Math.round(settings.ageing * HUNDREDTHS));
  writer.u32(IFLA_BR_STP_STATE, settings.stp ? 1 : 0);
  if (settings.vlanFiltering === true) {
    writer.u8(IFLA_BR_VLAN_FILTERING, 1);
    // A new port is in VLAN 1 otherwise.
    writer.raw(IFLA_BR_VLAN_DEFAULT_PVID, Buffer.alloc(2));
  }
  // Frames to the switch itself (01:80:c2:00:00:0x) are hidden from nftables, and anybody could take another's address by one.
  writer.raw(IFLA_BR_MULTI_BOOLOPT, flags(BR_BOOLOPT_NO_LL_LEARN));
}

/** struct br_boolopt_multi: these are set, and no others changed. */
function flags(set: number): Buffer {
  const options = Buffer.alloc(8);
  options.writeUInt32LE(set, 0);
  options.writeUInt32LE(set, 4);
  return options;
}

export function bridgeSettings(body: Buffer, from: number, to: number): BridgeSettings {
  const settings: { -readonly [Field in keyof BridgeSettings]: BridgeSettings[Field] } = { stp: false, forwardDelay: 0, ageing: 0 };
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_BR_STP_STATE) settings.stp = body.readUInt32LE(start) !== 0;
    else if (type === IFLA_BR_VLAN_FILTERING && body.readUInt8(start) !== 0) settings.vlanFiltering = true;
    else if (type === IFLA_BR_TOPOLOGY_CHANGE && body.readUInt8(start) !== 0) settings.topologyChanged = true;
    else if (type === IFLA_BR_FORWARD_DELAY) settings.forwardDelay = body.readUInt32LE(start) / HUNDREDTHS;
    else if (type === IFLA_BR_AGEING_TIME) settings.ageing = body.readUInt32LE(start) / HUNDREDTHS;
  });
  return settings;
}

export interface PortState {
  /** Whether it listens or learns, and will forward frames later (IEEE 802.1D, 8.4). */
  readonly waiting: boolean;
  /** Whether the spanning tree protocol lets nothing pass by it. */
  readonly blocking: boolean;
  readonly isolated: boolean;
}

export const portData = (writer: MessageWriter, isolated: boolean): void => writer.u8(IFLA_BRPORT_ISOLATED, isolated ? 1 : 0);

export function portState(body: Buffer, from: number, to: number): PortState {
  let state = 0;
  let isolated = false;
  eachAttribute(body, from, to, (type, start) => {
    if (type === IFLA_BRPORT_STATE) state = body.readUInt8(start);
    else if (type === IFLA_BRPORT_ISOLATED) isolated = body.readUInt8(start) !== 0;
  });
  return { waiting: state === BR_STATE_LISTENING || state === BR_STATE_LEARNING, blocking: state === BR_STATE_BLOCKING, isolated };
}
