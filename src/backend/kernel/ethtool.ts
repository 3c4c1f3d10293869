/** Transmit checksum offload of a device, by ioctl (ethtool(8), linux/ethtool.h); its netlink family has no shorter way. */
import { closeSync } from 'node:fs';
import { AF_INET, ethtoolValue, SOCK_DGRAM, socket } from './libc.ts';

const ETHTOOL_GTXCSUM = 0x16;
const ETHTOOL_STXCSUM = 0x17;

function withEthtool<T>(act: (fd: number) => T): T {
  const fd = socket(AF_INET, SOCK_DGRAM, 0);
  try {
    return act(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether each device leaves checksums to whoever is last on the way. */
export const checksumOffloads = (devices: readonly string[]): readonly boolean[] =>
  withEthtool((fd) => devices.map((device) => ethtoolValue(fd, device, ETHTOOL_GTXCSUM, 0) !== 0));

export const setChecksumOffload = (device: string, on: boolean): void =>
  withEthtool((fd) => {
    ethtoolValue(fd, device, ETHTOOL_STXCSUM, on ? 1 : 0);
  });
