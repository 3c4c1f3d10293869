/** Where a file is raised for real, and packets are sent: a private host of its own, that one network after another is raised in. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { flows, forget } from '../../src/backend/conntrack/conntrack.ts';
import { canFilterVlans, canMakeVlan } from '../../src/backend/host/kernel-abilities.ts';
import { within } from '../../src/backend/kernel/namespace.ts';
import { fabricOf, namespaceOf } from '../../src/compile/placement.ts';
import type { Network } from '../../src/network/network.ts';
import { addressesOf } from '../../src/observe/ends.ts';
import { landingOf } from '../../src/observe/landing.ts';
import type { Outcome, Probe } from '../../src/observe/probe/probe.ts';
import { probeAll } from '../../src/observe/probe/probe-all.ts';
import type { HostFacts } from '../../src/resource/host-facts.ts';
import { HOST } from '../../src/resource/resource.ts';
import { bottleIn, write } from '../cli/bottle.ts';
import type { PrivateHost } from '../host-state/host.ts';
import { SENDER } from '../kernel/hand-made.fixture.ts';
import { sendByHand } from './by-hand.ts';
import type { File } from './file.ts';
import { type Asked, HOST_NAME } from './packets.ts';
import type { Prediction } from './predict.ts';

export interface Court {
  readonly facts: HostFacts;
  /** Raises a file for as long as `use` takes. */
  raised<T>(file: File, use: () => Promise<T>): Promise<T>;
  ask(network: Network, asked: readonly (readonly [Asked, Prediction])[], timeout: number): Promise<readonly Outcome[]>;
  /** Nobody tracks any connection any more: what one packet has begun takes another of the same addresses, and ports, for its own. */
  forget(network: Network): void;
}

/** Milliseconds between two questions for a neighbour, of which there are three: that nobody is there is known after them. */
const SOLICIT_EVERY = 250;

export function courtIn(host: PrivateHost): Court {
  const bottle = bottleIn(host, { timeout: 120_000 });
  const folder = (name: string): string => `/proc/${host.pid}/root/run/netbottle/${name}/netns`;
  const program = write(host, SENDER, 'sender.py');
  const insideOf = (name: string, node: string): string => `/run/netbottle/${name}/netns/${namespaceOf(name, node)}`;
  const pathOf = (name: string, namespace: string): string =>
    namespace === HOST ? `/proc/${host.pid}/ns/net` : join(folder(name), namespace);
  const everywhere = (name: string, act: () => void): void => {
    const namespaces = readdirSync(folder(name)).filter((namespace) => namespace !== fabricOf(name));
    for (const namespace of [HOST, ...namespaces]) within(pathOf(name, namespace), act);
  };
  return {
    facts: {
      ipv6: true,
      advertised: [],
      neighbourTables: false,
      vlanFiltering: canFilterVlans() === undefined,
      vlanDevices: canMakeVlan() === undefined,
      nameServers: [],
    },
    async raised(file, use) {
      await bottle.ok('up', write(host, JSON.stringify(file)));
      try {
        everywhere(file.name, talkFreely);
        return await use();
      } finally {
        await bottle.ok('down', '-y', file.name);
      }
    },
    forget: (network) => everywhere(network.name, () => forget(([4, 6] as const).flatMap(flows))),
    async ask(network, asked, timeout) {
      const namespacePath = (node: string): string => pathOf(network.name, node === HOST_NAME ? HOST : namespaceOf(network.name, node));
      const plain = asked.filter(([{ service }]) => service === undefined);
      const probing = probeAll(
        plain.map(([one, prediction]) => probeOf(network, one, prediction)),
        { namespacePath, timeout },
      );
      const byHand = new Map<Asked, Outcome>();
      const made = asked.flatMap(([one]) => (one.service === undefined ? [] : [{ one, service: one.service }]));
      for (let first = 0; first < made.length; first += AT_ONCE) {
        const some = made.slice(first, first + AT_ONCE).map(async ({ one, service }) => {
          byHand.set(one, await sendByHand(host, program, { ...one, service, path: insideOf(network.name, one.from) }));
        });
        await Promise.all(some);
      }
      const probed = new Map((await probing).map((outcome, place) => [plain[place]?.[0], outcome]));
      return asked.map(([one]) => byHand.get(one) ?? probed.get(one) ?? { kind: 'failed', message: 'not sent' });
    },
  };
}

/** Packets made by hand that are under way together: each is a process. */
const AT_ONCE = 10;

/** Bytes of IP and ICMP. */
const HEADERS = { 4: 28, 6: 48 } as const;

/**
 * Errors are not to be held back for their number, and who is not there is to be known soon. What somebody was told about the size of
 * packets is forgotten at once: it holds for all of its packets to that address, those that are sent again too, and is kept for ten minutes.
 */
function talkFreely(): void {
  const set = (key: string, value: number): void => writeFileSync(`/proc/sys/net/${key}`, String(value));
  set('ipv4/icmp_ratelimit', 0);
  set('ipv4/icmp_msgs_per_sec', 100_000);
  set('ipv4/icmp_msgs_burst', 100_000);
  set('ipv6/icmp/ratelimit', 0);
  for (const family of ['ipv4', 'ipv6']) set(`${family}/route/mtu_expires`, 0);
  for (const family of ['ipv4', 'ipv6'])
    for (const device of readdirSync(`/proc/sys/net/${family}/neigh`)) set(`${family}/neigh/${device}/retrans_time_ms`, SOLICIT_EVERY);
}

/** Somebody listens where the evaluator says that it arrives; where it says that it does not, where the file means it to. */
function probeOf(network: Network, { from, source, to, protocol, port, listened, hopLimit, size }: Asked, { landing }: Prediction): Probe {
  const probe: Probe = {
    from,
    to,
    protocol,
    ...(source !== undefined && { source }),
    ...(port !== undefined && { port }),
    ...(hopLimit !== undefined && { hopLimit }),
    ...(size !== undefined && { size: size - HEADERS[to.family] }),
  };
  if (!listened || port === undefined) return probe;
  if (landing?.port !== undefined) {
    const node = network.nodes.find(({ name }) => namespaceOf(network.name, name) === landing.at);
    return { ...probe, target: node?.name ?? HOST_NAME, landing: { address: landing.address, port: landing.port } };
  }
  const forwarded = landingOf(network, to, { protocol, port });
  if (forwarded !== undefined) return { ...probe, ...forwarded };
  const owner = network.nodes.find((node) =>
    addressesOf(node).some(({ address }) => address.family === to.family && address.value === to.value),
  );
  return owner === undefined ? probe : { ...probe, target: owner.name };
}
