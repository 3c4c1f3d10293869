/** The end of the way: the hook input, and who takes the packet. */
import { codeOf } from '../field-codes.ts';
import type { Packet } from '../packet.ts';
import { filter } from './hooks.ts';
import type { Station, TunnelEnd } from './model.ts';
import { type Onward, refused } from './onward.ts';
import type { Listener, Step } from './step.ts';
import type { TrackedPacket } from './tracking.ts';

export function deliver(station: Station, tracked: TrackedPacket, packet: Packet, steps: Step[]): Onward {
  const decision = filter(station, 'input', packet, steps);
  if (decision !== undefined) return refused(station, decision, packet);
  tracked.flow.confirmed = true;
  return { ending: { kind: 'delivered', at: station.namespace, listener: listenerOf(station, packet) }, packet };
}

const ANSWERED = {
  4: [codeOf('icmp_type', 'echo-request'), codeOf('icmp_type', 'timestamp-request')],
  6: [codeOf('icmpv6_type', 'echo-request')],
} as const;

function listenerOf({ devices, listeners, hasPrograms }: Station, packet: Packet): Listener {
  const { family, protocol, destinationPort, icmpType, isAnswer } = packet;
  if (isAnswer === true) return 'asker';
  if (icmpType !== undefined) return ANSWERED[family].includes(BigInt(icmpType)) ? 'echo' : 'kernel';
  const name = BigInt(protocol) === codeOf('inet_proto', 'tcp') ? 'tcp' : BigInt(protocol) === codeOf('inet_proto', 'udp') ? 'udp' : '';
  if ([...devices.values()].some(({ tunnel }) => tunnel !== undefined && takes(tunnel, packet))) return 'kernel';
  if (listeners.some((one) => one.protocol === name && one.port === destinationPort)) return 'built-in';
  return hasPrograms ? 'perhaps a program' : 'nobody';
}

/** What comes to the port of a tunnel goes into it, wherever it comes from; what is none of its frames is dropped there (vxlan_rcv). */
const takes = ({ port, local, remote }: TunnelEnd, { family, protocol, destinationPort }: Packet): boolean =>
  port !== undefined &&
  port === destinationPort &&
  BigInt(protocol) === codeOf('inet_proto', 'udp') &&
  ((local ?? remote)?.includes(':') === true ? 6 : 4) === family;
