import { isBound } from '../../backend/process/port-owner.ts';
import type { Network } from '../../network/network.ts';

/** Ranges are asked about at their ends only. */
const endsOf = ({ from, to }: { readonly from: number; readonly to: number }): readonly number[] => [...new Set([from, to])];

/** Ports of all the host's addresses that a forward takes from a program that listens there: it is reached no more, and nothing else tells. */
export const takenPorts = ({ forwards }: Network): readonly string[] =>
  forwards
    .filter(({ at, addresses }) => at === 'host' && addresses.length === 0)
    .flatMap(({ protocol, ports, to }) =>
      endsOf(ports)
        .filter((port) => isBound(undefined, protocol, port))
        .map((port) => `a program of the host listens at ${protocol}/${port}; while the bottle is up, who asks there gets to ${to.node}`),
    );
