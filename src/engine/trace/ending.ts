/** What has become of a packet, by where it was seen last. */
import type { Decision } from '../../proof/evaluate.ts';
import type { Packet } from '../../proof/packet.ts';
import type { Ending } from '../../proof/path/step.ts';
import type { Seen } from './seen.ts';
import { isOutside, type Sight } from './sight.ts';

/** How far a packet has come: the last hook that it was seen at, and whether it was let through that. */
export interface Progress {
  readonly namespace: string;
  readonly hook: string;
  readonly through: boolean;
  readonly decision?: Decision;
  readonly out: string;
}

const TCP = 6;
const SYN = 2;

/** @param isOnBridge whether it was a frame between two ports */
export function endingOf(sight: Sight, progress: Progress, packet: Packet, isOnBridge: boolean): Seen['ending'] {
  const { namespace: at, hook, through, decision, out } = progress;
  if (decision !== undefined) return { kind: decision.verdict === 'reject' ? 'rejected' : 'dropped', at, decision };
  if (through && hook === 'input' && !isOnBridge) return { kind: 'delivered', at, listener: listenerOf(sight, at, packet) };
  if (through && hook === 'postrouting' && isOutside(sight, at, out)) return { kind: 'outside', at };
  const isLost = hook === 'prerouting' && sight.live.route(at, packet.destination) === undefined;
  return isLost && !isOnBridge ? { kind: 'no-route', at } : { kind: 'vanished', at, hook };
}

function listenerOf(
  { model, live }: Sight,
  at: string,
  { protocol, destinationPort, tcpFlags = SYN }: Packet,
): Extract<Ending, { kind: 'delivered' }>['listener'] {
  if (destinationPort === undefined) return 'echo';
  if (tcpFlags !== SYN) return 'asker';
  const name = protocol === TCP ? 'tcp' : 'udp';
  if (!live.listens(at, name, destinationPort)) return 'nobody';
  const { listeners = [] } = model.stations.get(at) ?? {};
  return listeners.some((one) => one.protocol === name && one.port === destinationPort) ? 'built-in' : 'perhaps a program';
}
