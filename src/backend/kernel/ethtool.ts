/**
 * Transmit checksum offload of a device (ethtool(8), linux/ethtool.h), by ioctl, for which any socket of the namespace does.
 * Its netlink family has no shorter way.
 */
import { ethtoolValue } from './libc.ts';

const ETHTOOL_GTXCSUM = 0x16;
const ETHTOOL_STXCSUM = 0x17;

/** Whether each device leaves checksums to whoever is last on the way. */
export const checksumOffloads = (fd: number, devices: readonly string[]): readonly boolean[] =>
  devices.map((device) => ethtoolValue(fd, device, ETHTOOL_GTXCSUM, 0) !== 0);

export function setChecksumOffload(fd: number, device: string, on: boolean): void {
  ethtoolValue(fd, device, ETHTOOL_STXCSUM, on ? 1 : 0);
}
