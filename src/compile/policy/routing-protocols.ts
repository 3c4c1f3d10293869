/** What routers tell one another of their routes: who is to learn from others has to hear them, whatever the policy says of the router. */
import type { Network } from '../../network/network.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { match, verdict } from '../../resource/ruleset/statement.ts';

export function protocolRules({ nodes }: Network, router: string, hook: 'input' | 'output'): readonly Rule[] {
  const ospf = nodes.find(({ name }) => name === router)?.ospf;
  const devices = ospf?.interfaces.flatMap(({ passive, device }) => (passive ? [] : [device])) ?? [];
  if (ospf === undefined || devices.length === 0) return [];
  return [
    {
      statements: [match(hook === 'input' ? 'iifname' : 'oifname', ...devices), match('meta l4proto', OSPF), verdict('accept')],
      comment: commentOf(ospf.origin),
    },
  ];
}

/** Its number among protocols (RFC 2328, A.1); nft(8) has no name for it. */
const OSPF = 89;
