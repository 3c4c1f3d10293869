/**
 * Frames with two tags are dropped at all ports of Linux bridges that filter: where the outer one comes off, such a frame would
 * change over to the VLAN of the inner one. Ports for one network alone take no tag at all, not even their own.
 */
import type { Network } from '../network/network.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Rule } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import type { NamedSet } from '../resource/ruleset/named-set.ts';
import { counter, match, matchSet, type Statement, verdict } from '../resource/ruleset/statement.ts';
import type { Table } from '../resource/table.ts';
import { fabricOf } from './placement.ts';

const ACCESS = 'access';
const PORTS = 'ports';

/** In the bridge family: NF_BR_PRI_FIRST and a little, before the guards. */
const FIRST = -310;

export function compileAccess(network: Network, resources: readonly Resource[]): readonly Table[] {
  const origin = ['switches'];
  const ports = resources.flatMap((resource) =>
    resource.kind === 'veth'
      ? resource.ends.flatMap(({ device, vlans }) => (vlans === undefined ? [] : [{ device, vlans, origin: resource.origin }]))
      : [],
  );
  if (ports.length === 0) return [];
  const set = (name: string, of: typeof ports): NamedSet => ({
    kind: 'set',
    name,
    types: ['ifname'],
    interval: false,
    counter: false,
    elements: of.map(({ device, origin: where }) => ({ key: [device], comment: commentOf(where) })),
  });
  const access = ports.filter(({ vlans }) => vlans.tagged.length === 0);
  const rule = (...statements: readonly Statement[]): Rule => ({
    statements: [...statements, counter, verdict('drop')],
    comment: commentOf(origin),
  });
  return [
    {
      kind: 'table',
      origin,
      namespace: fabricOf(network.name),
      family: 'bridge',
      name: 'netbottle-access',
      chains: [
        {
          name: 'prerouting',
          hook: { type: 'filter', hook: 'prerouting', priority: FIRST, policy: 'accept' },
          rules: [
            rule(match('ether type', '8021q', '8021ad'), matchSet(['iifname'], ACCESS)),
            rule(match('ether type', '8021q'), match('vlan type', '8021q', '8021ad'), matchSet(['iifname'], PORTS)),
            rule(match('ether type', '8021ad'), matchSet(['iifname'], PORTS)),
          ],
        },
      ],
      sets: [set(ACCESS, access), set(PORTS, ports)],
    },
  ];
}
