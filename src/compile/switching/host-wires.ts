/** The ways from segments to the host. */
import { deviceName } from '../../network/device-name.ts';
import type { Network, Segment } from '../../network/network.ts';
import type { Bridge } from '../../resource/bridge.ts';
import type { BridgePort } from '../../resource/bridge-port.ts';
import { HOST } from '../../resource/resource.ts';
import type { Veth, VethEnd } from '../../resource/veth.ts';
import { fabricMac } from '../fabric-mac.ts';
import { forwardsLoopback } from '../loopback.ts';
import { fabricOf, hasSwitch, hostCableName, portDevice, switchDevice } from '../placement.ts';
import { fabricBridge } from './linux-bridge.ts';

/**
 * For a port of a bridge that is not ours: a bridge takes the lowest MAC address of its ports unless it was given one, and
 * the host would change its own in the middle of its connections. None of a real card is higher than `fe:`.
 */
const guestMac = (network: Network, name: string): string => `fe${fabricMac(network, name).slice(2)}`;

/** The cable from the switch to the host, with what it ends in there. */
export function hostWires(network: Network, segment: Segment): readonly (Bridge | BridgePort | Veth)[] {
  const { attachment } = segment;
  if (!hasSwitch(segment)) return [];
  switch (attachment.mode) {
    case 'host-only':
    case 'nat':
    case 'routed':
      return [
        hostCable(network, segment, {
          device: attachment.host.device,
          mac: attachment.host.mac,
          ...(forwardsLoopback(network) ? { localnet: true } : {}),
        }),
      ];
    case 'bridge':
      return [
        hostCable(network, segment, { device: attachment.device, mac: guestMac(network, attachment.device), master: attachment.bridge }),
      ];
    case 'port': {
      const port = deviceName(`${attachment.device}.0`, new Set([attachment.device]));
      return [
        { ...fabricBridge(network, attachment.device, segment), namespace: HOST },
        { kind: 'bridge-port', origin: segment.origin, device: attachment.parent, master: attachment.device },
        hostCable(network, segment, { device: port, mac: fabricMac(network, port), master: attachment.device }),
      ];
    }
    default:
      return [];
  }
}

function hostCable(network: Network, segment: Segment, far: Pick<VethEnd, 'device' | 'mac' | 'master' | 'localnet'>): Veth {
  const device = portDevice('host', { segment: segment.name });
  const { checksumOffload } = segment;
  return {
    kind: 'veth',
    origin: segment.origin,
    name: hostCableName(segment),
    ends: [
      {
        namespace: fabricOf(network.name),
        device,
        mac: fabricMac(network, device),
        master: switchDevice(segment),
        checksumOffload,
        up: true,
      },
      { namespace: HOST, ...far, checksumOffload, up: true },
    ],
    mtu: segment.mtu,
  };
}
