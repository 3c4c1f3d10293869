/** A network in regions: machines behind access routers, these behind a router for each region, and those around a core. */

export interface ProofSize {
  readonly machines: number;
  /** A tenth of them join regions, the others have a network with machines each. */
  readonly routers: number;
  /** Between two machines each, for two ports. */
  readonly lines: number;
}

/** The same numbers each time. */
function dice(): (below: number) => number {
  let state = 7;
  return (below) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const hex = (number: number): string => number.toString(16);

/** The bottle file of it; every tenth access network is behind source NAT towards its region. */
export function proofFile(bottle: string, { machines, routers, lines }: ProofSize): string {
  const regions = Math.max(1, Math.round(routers / 10));
  const access = Math.max(1, routers - regions);
  const networkOf = (machine: number): number => machine % access;
  const hostOf = (machine: number): number => 10 + Math.floor(machine / access);
  const at = (network: number, host: number): string =>
    `[10.${network >> 2}.${(network & 3) * 64 + (host >> 8)}.${host & 255}, "fd00:${hex(network + 1)}::${hex(host)}"]`;
  const regionAt = (region: number, host: number): string => `[172.16.${region}.${host}, "fd01:${hex(region + 1)}::${hex(host)}"]`;
  const coreAt = (host: number): string => `[172.31.0.${host}, "fd02::${hex(host)}"]`;
  const all = (count: number): readonly number[] => Array.from({ length: count }, (_, index) => index);
  const roll = dice();
  const pairs = new Map<string, string>([['any -> any', 'ping']]);
  while (pairs.size < lines) {
    const one = roll(machines);
    const other = roll(machines);
    if (networkOf(one) !== networkOf(other)) pairs.set(`m${one} -> m${other}`, `[tcp/${1024 + roll(60_000)}, udp/${1024 + roll(60_000)}]`);
  }
  return [
    `name: ${bottle}`,
    'networks:',
    '  core: { subnet: [172.31.0.0/24, "fd02::/64"] }',
    ...all(regions).map((region) => `  region${region}: { subnet: [172.16.${region}.0/24, "fd01:${hex(region + 1)}::/64"] }`),
    ...all(access).map(
      (network) => `  n${network}: { subnet: [10.${network >> 2}.${(network & 3) * 64}.0/18, "fd00:${hex(network + 1)}::/64"] }`,
    ),
    'routers:',
    ...all(regions).map((region) => `  r${region}: { networks: { core: ${coreAt(region + 1)}, region${region}: ${regionAt(region, 1)} } }`),
    ...all(access).map((network) => {
      const region = network % regions;
      const nat = network % 10 === 9 ? `, nat: { masquerade: region${region} }` : '';
      return `  a${network}: { networks: { region${region}: ${regionAt(region, 2 + Math.floor(network / regions))}, n${network}: ${at(network, 1)} }${nat} }`;
    }),
    'machines:',
    ...all(machines).map(
      (machine) => `  m${machine}: { networks: { n${networkOf(machine)}: ${at(networkOf(machine), hostOf(machine))} } }`,
    ),
    'policy:',
    ...[...pairs].map(([ends, services]) => `  ${ends}: ${services}`),
    '',
  ].join('\n');
}
