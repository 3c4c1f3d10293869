import { sh } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { linkLocal } from '../host-state/uplink.ts';

/**
 * What an example takes for granted on the host. `bridged` wants a LAN: a namespace `lan` stands for its router,
 * 192.168.178.1, to which the host's interface `eth1` leads, and a port of the host's bridge `br0`.
 */
export async function surround(host: PrivateHost, folder: string): Promise<void> {
  if (folder !== 'bridged') return;
  await sh(
    host,
    `ip netns add lan
    ip -n lan link add lan0 type bridge
    for cable in eth1 eth2; do
      ip link add $cable type veth peer name to-$cable netns lan
      ip -n lan link set to-$cable master lan0 up
    done
    ip -n lan address add 192.168.178.1/24 dev lan0
    ip -n lan link set lan0 up
    ip link add br0 address 52:54:00:12:34:56 type bridge
    ip link set eth2 master br0
    ip address add 192.168.178.2/24 dev br0
    ip link set eth1 up; ip link set eth2 up; ip link set br0 up`,
  );
  await linkLocal(host, 'br0');
  await linkLocal(host, 'eth1');
}
