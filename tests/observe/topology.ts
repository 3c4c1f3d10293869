/** Namespaces made by hand with iproute2, for tests of what a kernel answers. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';

export interface Topology {
  readonly path: (node: string) => string;
  add(...nodes: readonly string[]): void;
  /** A cable; each end is `node`, its device and its addresses with their lengths. */
  cable(one: CableEnd, other: CableEnd): void;
  ip(node: string, ...lines: readonly string[]): void;
  /** A table of one chain: `inet forward`. */
  filter(node: string, where: string, rules: string): void;
  unfilter(node: string): void;
  sysctl(node: string, settings: Readonly<Record<string, string>>): void;
  /** A Node program in the namespace; resolves once it has printed something. */
  program(node: string, source: string): Promise<void>;
  output(node: string, ...command: readonly string[]): string;
  remove(): void;
}

interface CableEnd {
  readonly node: string;
  readonly device: string;
  readonly addresses?: readonly string[];
}

export function topology(): Topology {
  const run = `nbobs${process.pid}${randomBytes(2).toString('hex')}`;
  const made: string[] = [];
  const programs: ChildProcess[] = [];
  const nameOf = (node: string): string => `${run}-${node}`;
  const batch = (lines: readonly string[], ...options: readonly string[]): void => {
    execFileSync('ip', [...options, '-batch', '-'], { input: `${lines.join('\n')}\n`, stdio: ['pipe', 'pipe', 'pipe'] });
  };
  const inside = (node: string, command: readonly string[], input = ''): string =>
    execFileSync('ip', ['netns', 'exec', nameOf(node), ...command], { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });

  const self: Topology = {
    path: (node) => `/run/netns/${nameOf(node)}`,
    add(...nodes) {
      made.push(...nodes);
      batch(nodes.map((node) => `netns add ${nameOf(node)}`));
      for (const node of nodes) {
        // Link-local addresses are usable at once.
        self.sysctl(node, { 'net.ipv6.conf.default.accept_dad': '0' });
        self.ip(node, 'link set lo up');
      }
    },
    cable(one, other) {
      self.ip(one.node, `link add ${one.device} type veth peer name ${other.device} netns ${nameOf(other.node)}`);
      for (const { node, device, addresses = [] } of [one, other])
        self.ip(
          node,
          `link set ${device} up`,
          ...addresses.map((address) => `address add ${address} dev ${device}${address.includes(':') ? ' nodad' : ''}`),
        );
    },
    ip: (node, ...lines) => batch(lines, '-n', nameOf(node)),
    filter(node, where, rules) {
      const [family, hook] = where.split(' ');
      inside(node, ['nft', '-f', '-'], `table ${family} t {\nchain c {\ntype filter hook ${hook} priority 0;\n${rules};\n}\n}\n`);
    },
    unfilter: (node) => void inside(node, ['nft', 'flush', 'ruleset']),
    sysctl: (node, settings) => void inside(node, ['sysctl', '-qw', ...Object.entries(settings).map(([key, value]) => `${key}=${value}`)]),
    async program(node, source) {
      const child = spawn('ip', ['netns', 'exec', nameOf(node), process.execPath, '-e', source], { stdio: ['ignore', 'pipe', 'inherit'] });
      programs.push(child);
      await new Promise((resolve, reject) => {
        child.stdout?.once('data', resolve);
        child.once('exit', () => reject(new Error('the program ended')));
      });
    },
    output: (node, ...command) => inside(node, command),
    remove() {
      for (const child of programs) child.kill('SIGKILL');
      batch(
        made.map((node) => `netns delete ${nameOf(node)}`),
        '-force',
      );
    },
  };
  return self;
}

/** alice (10.1.0.10) and bob (10.2.0.10) with a router between them, and the same in IPv6. ICMP errors are not rate limited. */
export function twoNetworks(): Topology {
  const net = topology();
  try {
    return asTwoNetworks(net);
  } catch (error) {
    net.remove();
    throw error;
  }
}

function asTwoNetworks(net: Topology): Topology {
  net.add('alice', 'router', 'bob');
  net.cable(
    { node: 'alice', device: 'eth0', addresses: ['10.1.0.10/24', 'fd00:1::10/64'] },
    { node: 'router', device: 'left', addresses: ['10.1.0.1/24', 'fd00:1::1/64'] },
  );
  net.cable(
    { node: 'bob', device: 'eth0', addresses: ['10.2.0.10/24', 'fd00:2::10/64'] },
    { node: 'router', device: 'right', addresses: ['10.2.0.1/24', 'fd00:2::1/64'] },
  );
  net.sysctl('router', { 'net.ipv4.ip_forward': '1', 'net.ipv6.conf.all.forwarding': '1' });
  for (const node of ['alice', 'router', 'bob']) net.sysctl(node, { 'net.ipv4.icmp_ratemask': '0', 'net.ipv6.icmp.ratelimit': '0' });
  net.ip('alice', 'route add default via 10.1.0.1', 'route add default via fd00:1::1');
  net.ip('bob', 'route add default via 10.2.0.1', 'route add default via fd00:2::1');
  return net;
}
