/**
 * On a shared network nobody poses as somebody else: what machines send is looked at where it enters the switch.
 * docs/guards.md lists what is stopped, and why.
 */
import type { Network } from '../../network/network.ts';
import type { Chain } from '../../resource/ruleset/chain.ts';
import { match, verdict, vmap } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import { fabricOf } from '../placement.ts';
import { arpChain } from './arp.ts';
import { ipv4Chains, source4 } from './ipv4.ts';
import { ipv6Chains, source6 } from './ipv6.ts';
import { neighbourChains } from './neighbour.ts';
import { guardedPorts } from './ports.ts';
import { dropGuarded, type Rules, rulesOf } from './rules.ts';
import { ADDRESSES, guardSets } from './sets.ts';

/** In the bridge family: NF_BR_PRI_NAT_DST_BRIDGED. */
const EARLY = -300;

export function compileGuards(network: Network): readonly Table[] {
  const ports = guardedPorts(network);
  const [first] = network.segments.filter(({ shared }) => shared);
  if (ports.length === 0 || first === undefined) return [];
  const rules = rulesOf(network.segments.filter(({ shared }) => shared).length === 1 ? first.origin : ['networks']);
  const chains = [
    entrance(rules),
    arpChain(rules, ports),
    ...ipv4Chains(rules, ports),
    ...ipv6Chains(rules, ports),
    ...neighbourChains(rules),
  ];
  return [
    {
      kind: 'table',
      origin: first.origin,
      namespace: fabricOf(network.name),
      family: 'bridge',
      name: 'netbottle',
      chains,
      sets: guardSets(ports),
    },
  ];
}

function entrance(rules: Rules): Chain {
  return {
    name: 'prerouting',
    hook: { type: 'filter', hook: 'prerouting', priority: EARLY, policy: 'accept' },
    rules: rules(
      // Ordinary packets go no further than these two.
      [match('ether type', 'ip6'), ...source6(ADDRESSES[6]), verdict({ goto: 'ipv6-own' })],
      [match('ether type', 'ip'), ...source4(ADDRESSES[4]), verdict({ goto: 'ipv4-own' })],
      // The type that stands in the frame: a VLAN tag is one, even where the kernel keeps it beside the packet.
      [
        vmap('ether type', [
          ['ip', { goto: 'ipv4' }],
          ['arp', { goto: 'resolution' }],
          ['ip6', { goto: 'ipv6' }],
        ]),
      ],
      dropGuarded,
    ),
  };
}
