/** Filter expressions of captures (pcap-filter(7)), in which names of the bottle may stand for addresses. */
import { formatAddress, formatPrefix } from '../../address/format.ts';
import { compileFilter, FilterError } from '../../backend/pcap/filter.ts';
import type { Network } from '../../network/network.ts';
import { EngineError } from '../error.ts';

/** Words after which pcap-filter(7) takes a name. */
const AFTER = /\b((?:src|dst)\s+(?:host|net)|host|net|src|dst)(\s+)([A-Za-z0-9][A-Za-z0-9_.-]*)/g;

/** `host web` becomes `host (10.1.0.10 or fd00:1::10)`, `net dmz` the subnets. What is no name of the bottle stays as it is. */
export function withAddresses(network: Network, expression: string): string {
  return expression.replace(AFTER, (all, word: string, space: string, name: string) => {
    const addresses = addressesOf(network, name);
    return addresses.length === 0 ? all : `${word}${space}(${addresses.join(' or ')})`;
  });
}

function addressesOf({ nodes, segments }: Network, name: string): readonly string[] {
  const node = nodes.find((one) => one.name === name);
  if (node === undefined) return segments.find((one) => one.name === name)?.subnets.map(formatPrefix) ?? [];
  const own = [...node.interfaces.flatMap(({ addresses }) => addresses), ...(node.bridge?.addresses ?? [])];
  return own.map(({ address }) => formatAddress(address));
}

/** @throws EngineError `usage`, `host-lacks` */
export function filterProgram(network: Network, expression: string, snapLength: number): Uint8Array {
  try {
    return compileFilter(withAddresses(network, expression), snapLength);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    if (error.reason === 'missing')
      throw new EngineError('host-lacks', error.message, {
        remedy: 'Install it (Debian: `apt install libpcap0.8`), or leave out the filter: whoever reads the capture can choose.',
      });
    throw new EngineError('usage', `the filter \`${expression}\` is wrong: ${error.message}`, {
      remedy: 'It is an expression of pcap-filter(7), as tcpdump takes it: `tcp port 80 and host 10.1.0.10`.',
    });
  }
}
