import { expect } from 'vitest';
import { formatAddress } from '../../src/address/format.ts';
import type { Network } from '../../src/network/network.ts';
import { resolve } from '../../src/network/resolve.ts';
import { loadBottle } from '../../src/spec/load.ts';
import { sh } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';

const HEADERS = { 4: 20 + 8, 6: 40 + 8 } as const;

/** Fragments, and packets of nearly full size. Extension headers other than that of a fragment are none of ours. */
const FILTER = 'greater 1400 or (ip and ip[6:2] & 0x3fff != 0) or (ip6 and ip6[6] == 44)';
const FRAGMENT = /flags \[\+\]|offset [1-9]|frag \(/;

async function networkIn(path: string): Promise<Network> {
  const { file } = await loadBottle(path);
  const network = file && resolve(file).network;
  if (network === undefined) throw new Error(`${path} is wrong`);
  return network;
}

/** What of the pings that everybody in an overlay of the running bottle sends everybody else gets no answer. */
interface Crossed {
  readonly pings: number;
  readonly lost: readonly string[];
  /** Lines of tcpdump, from every interface that carries an overlay. */
  readonly large: number;
  readonly fragments: readonly string[];
}

/** Sends the largest packets that there are, which must not be cut, through all overlays of a bottle, and looks at what carries them. */
export async function crossFullSized(host: PrivateHost, path: string): Promise<Crossed> {
  const network = await networkIn(path);
  const within = (node: string): string => `ip netns exec ${network.name}.${node}`;
  const pings = network.segments.flatMap(({ name, mtu, overlay }) => {
    const ends = (overlay?.endpoints ?? []).flatMap(({ node }) => {
      const own = network.nodes.find((one) => one.name === node)?.interfaces.find(({ segment }) => segment === name);
      return own === undefined ? [] : [{ node, addresses: own.addresses.map(({ address }) => address) }];
    });
    return ends.flatMap((from) =>
      ends
        .filter((to) => to !== from)
        .flatMap(({ addresses }) =>
          addresses.map((to) => `${within(from.node)} ping -n -q -c 1 -W 5 -M do -s ${mtu - HEADERS[to.family]} ${formatAddress(to)}`),
        ),
    );
  });
  const carriers = new Set(
    network.segments.flatMap(({ overlay }) => (overlay?.endpoints ?? []).map(({ node, device }) => `${within(node)} tcpdump -i ${device}`)),
  );
  const text = await sh(
    host,
    [
      'here=$(mktemp -d); cd "$here"; watchers=',
      ...[...carriers].map((dump, i) => `${dump} --immediate-mode -n -l -v '${FILTER}' > seen.${i} 2> said.${i} & watchers="$watchers $!"`),
      ...[...carriers].map((_, i) => `until grep -q listening said.${i}; do sleep 0.05; done`),
      ...pings.map((ping) => `${ping} > answer || echo "LOST ${ping}"`),
      // Until nothing more is told.
      'before=; while now=$(cat seen.* | wc -c); [ "$now" != "$before" ]; do before=$now; sleep 1; done',
      'kill $watchers; wait || :; cat seen.*; cd /; rm -r "$here"',
    ].join('\n'),
  );
  const lines = text.split('\n');
  expect(pings).not.toEqual([]);
  return {
    pings: pings.length,
    lost: lines.filter((line) => line.startsWith('LOST')),
    large: lines.filter((line) => /length 1500|payload length: 1460/.test(line)).length,
    fragments: lines.filter((line) => FRAGMENT.test(line)),
  };
}
