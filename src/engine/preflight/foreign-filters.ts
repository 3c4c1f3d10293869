/**
 * Filters of others on the host that drop what a bottle sends through it. What one table accepts another may still drop, so
 * nothing of ours can open the way: it has to be told whose table it is, and what its owner has to be told.
 */

import { type ForeignFilter, foreignFilters, hasLegacyFilter } from '../../backend/nftables/foreign-filters.ts';
import { hasLibrary } from '../../backend/nftables/libnftables.ts';
import type { Network } from '../../network/network.ts';

interface Owner {
  readonly name: string;
  readonly isOwner: (filter: ForeignFilter) => boolean;
  /** What lets an interface pass. */
  readonly remedy: (device: string, filter: ForeignFilter) => string;
}

const hasChain =
  (pattern: RegExp) =>
  ({ chains }: ForeignFilter): boolean =>
    chains.some((chain) => pattern.test(chain));

const tool = ({ family }: ForeignFilter): string => (family === 'ip6' ? 'ip6tables' : 'iptables');

const owners: readonly Owner[] = [
  {
    name: 'Docker',
    isOwner: hasChain(/^DOCKER/),
    remedy: (device, filter) =>
      `${tool(filter)} -I DOCKER-USER -i ${device} -j ACCEPT; ${tool(filter)} -I DOCKER-USER -o ${device} -j ACCEPT`,
  },
  {
    name: 'firewalld',
    isOwner: ({ table }) => table === 'firewalld',
    remedy: (device) => `firewall-cmd --zone=trusted --change-interface=${device}`,
  },
  {
    name: 'ufw',
    isOwner: hasChain(/^ufw6?-/),
    remedy: (device, { hook }) =>
      hook === 'forward' ? `ufw route allow in on ${device}; ufw route allow out on ${device}` : `ufw allow in on ${device}`,
  },
  {
    name: 'libvirt',
    isOwner: (filter) => filter.table.startsWith('libvirt') || hasChain(/^(LIBVIRT_|guest_)/)(filter),
    remedy: (device, filter) => insertion(device, filter),
  },
];

const nobody: Owner = { name: '', isOwner: () => true, remedy: (device, filter) => insertion(device, filter) };

const insertion = (device: string, { family, table, chain, hook }: ForeignFilter): string =>
  [...(hook === 'output' ? [] : ['iifname']), ...(hook === 'input' ? [] : ['oifname'])]
    .map((side) => `nft insert rule ${family} ${table} ${chain} ${side} "${device}" accept`)
    .join('; ');

const isOurs = (table: string): boolean => table.startsWith('netbottle-');

export interface ForeignTrouble {
  readonly message: string;
  readonly remedy: string;
}

const effects = {
  forward: 'packets that the host forwards',
  input: 'packets to the host itself',
  output: 'packets of the host itself',
} as const;

/** Everything on this host that turns packets away unless told otherwise; for somebody who asks before there is a bottle. */
export function foreignTroubles(): readonly ForeignTrouble[] {
  if (!hasLibrary()) return [];
  return [
    ...foreignFilters(isOurs)
      .filter(({ hook }) => hook === 'forward')
      .map((filter) => troubleOf(filter, 'INTERFACE')),
    ...legacyTrouble(),
  ];
}

/** Those that speak of none of the interfaces by which the network is joined with the host. */
export function foreignTroublesOf(network: Network): readonly ForeignTrouble[] {
  const legs = network.segments.flatMap(({ attachment }) =>
    'host' in attachment ? [{ mode: attachment.mode, device: attachment.host.device }] : [],
  );
  if (legs.length === 0 || !hasLibrary()) return [];
  const forwarded = legs.filter(({ mode }) => mode !== 'host-only');
  const found = foreignFilters(isOurs).flatMap((filter) => {
    const shut = (filter.hook === 'forward' ? forwarded : legs).filter(({ device }) => !filter.mentions(device));
    return shut.map(({ device }) => troubleOf(filter, device));
  });
  return forwarded.length > 0 ? [...found, ...legacyTrouble()] : found;
}

function troubleOf(filter: ForeignFilter, device: string): ForeignTrouble {
  const owner = owners.find(({ isOwner }) => isOwner(filter)) ?? nobody;
  const whose = owner.name === '' ? '' : ` (${owner.name})`;
  const where = device === 'INTERFACE' ? '' : `, and does not know ${device}`;
  return {
    message: `table ${filter.family} ${filter.table}${whose}, chain ${filter.chain}, drops ${effects[filter.hook]} unless a rule of it accepts them${where}`,
    remedy: owner.remedy(device, filter),
  };
}

const legacyTrouble = (): readonly ForeignTrouble[] =>
  hasLegacyFilter()
    ? [
        {
          message: 'there are rules of the old iptables, which nft does not see; they may drop what the host forwards',
          remedy: 'See `iptables-legacy -S FORWARD`.',
        },
      ]
    : [];
