/** Many machines in ten networks behind routers around a backbone, and a policy of many lines between them. */

export interface PolicySize {
  readonly machines: number;
  readonly lines: number;
  /** Each has a leg in the backbone and in its share of the networks. */
  readonly routers: number;
}

export const NETWORKS = 10;
/** The first machine's host part. */
const FIRST = 10;

const addressesIn = (network: number, host: number): string =>
  `[10.${network}.${host >> 8}.${host & 255}, "fd00:${network}::${host.toString(16)}"]`;

/** The same numbers each time. */
function dice(): (below: number) => number {
  let state = 1;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

/** The bottle file of it. `more` are lines that the policy has besides. */
export function policyFile(bottle: string, { machines, lines, routers }: PolicySize, more: readonly string[] = []): string {
  const networks = Array.from({ length: NETWORKS }, (_, i) => i);
  const legs = (router: number): readonly string[] => [
    ...(routers > 1 ? [`backbone: ${addressesIn(255, router + 2)}`] : [`internet: [198.51.100.1, "2001:db8:1::1"]`]),
    ...networks.filter((network) => network % routers === router).map((network) => `n${network}: ${addressesIn(network, 1)}`),
  ];
  return [
    `name: ${bottle}`,
    'networks:',
    '  internet: { subnet: [198.51.100.0/24, "2001:db8:1::/64"] }',
    ...(routers > 1 ? ['  backbone: { subnet: [10.255.0.0/16, "fd00:255::/64"] }'] : []),
    ...networks.map((network) => `  n${network}: { subnet: [10.${network}.0.0/16, "fd00:${network}::/64"] }`),
    'routers:',
    ...(routers > 1 ? [`  edge: { networks: { internet: [198.51.100.1, "2001:db8:1::1"], backbone: ${addressesIn(255, 1)} } }`] : []),
    ...Array.from({ length: routers }, (_, router) => `  r${router}: { networks: { ${legs(router).join(', ')} } }`),
    'machines:',
    '  someone: { networks: { internet: [198.51.100.77, "2001:db8:1::77"] } }',
    ...Array.from({ length: machines }, (_, i) => {
      const host = FIRST + Math.floor(i / NETWORKS);
      return `  m${i}: { networks: { n${i % NETWORKS}: ${addressesIn(i % NETWORKS, host)} } }`;
    }),
    'groups:',
    ...groupsOf(machines).map((members, group) => `  g${group}: [${members.join(', ')}]`),
    'policy:',
    ...linesOf(machines, lines - more.length).map((line) => `  ${line}`),
    ...more.map((line) => `  ${line}`),
    '',
  ].join('\n');
}

const GROUPS = 50;

/** Ten machines each, of several networks. */
const groupsOf = (machines: number): readonly (readonly string[])[] =>
  Array.from({ length: Math.min(GROUPS, Math.ceil(machines / 20)) }, (_, group) =>
    Array.from({ length: 10 }, (_, member) => `m${(group * 13 + member * 7) % machines}`),
  );

/**
 * Of a hundred lines, 94 are between two machines, three name a group, one a range of ports, one a network, and one denies;
 * the first two are for all.
 */
function linesOf(machines: number, count: number): readonly string[] {
  const roll = dice();
  const lines = new Map<string, string>([
    ['any -> any', 'ping'],
    ['internet -> m1', '[http, https]'],
  ]);
  const groups = groupsOf(machines).length;
  const machine = (): string => `m${roll(machines)}`;
  const port = (): number => 1024 + roll(60_000);
  while (lines.size < count) {
    const one = roll(machines);
    // Of another network.
    const other = (one + 1 + roll(NETWORKS - 1) + NETWORKS * roll(machines / NETWORKS)) % machines;
    const pair = `m${one} -> m${other}`;
    const kind = lines.size % 100;
    if (kind < 3) lines.set(`g${roll(groups)} -> ${machine()}`, `tcp/${port()}`);
    else if (kind === 3) lines.set(pair, `tcp/${rangeFrom(port())}`);
    else if (kind === 4) lines.set(`n${roll(NETWORKS)} -> ${machine()}`, `udp/${port()}`);
    else if (kind === 5) lines.set(pair, 'drop');
    else lines.set(pair, `[tcp/${port()}, udp/${port()}]`);
  }
  return [...lines].map(([ends, services]) => `${ends}: ${services}`);
}

/** Ranges as people write them: everything above a port, and services in a row. */
function rangeFrom(port: number): string {
  return port % 2 === 0 ? `${[1024, 32_768, 49_152][port % 3]}-65535` : `${port}-${port + (port % 100) + 1}`;
}
