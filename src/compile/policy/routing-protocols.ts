/** What routers tell one another of their routes: who is to learn from others has to hear them, whatever the policy says of the router. */
import { formatAddress } from '../../address/format.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Network } from '../../network/network.ts';
import type { Bgp, Ospf } from '../../network/routing/protocols.ts';
import type { Rule } from '../../resource/ruleset/chain.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import { match, type Statement, verdict } from '../../resource/ruleset/statement.ts';

type Hook = 'input' | 'output';

export function protocolRules({ nodes }: Network, router: string, hook: Hook): readonly Rule[] {
  const node = nodes.find(({ name }) => name === router);
  return [...(node?.ospf === undefined ? [] : ospfRules(node.ospf, hook)), ...(node?.bgp === undefined ? [] : bgpRules(node.bgp, hook))];
}

/** Its number among protocols (RFC 2328, A.1); nft(8) has no name for it. */
const OSPF = 89;

function ospfRules({ interfaces, origin }: Ospf, hook: Hook): readonly Rule[] {
  const devices = interfaces.flatMap(({ passive, device }) => (passive ? [] : [device]));
  if (devices.length === 0) return [];
  return [{ statements: [by(hook, devices), match('meta l4proto', OSPF), verdict('accept')], comment: commentOf(origin) }];
}

/** RFC 4271, 4.2. Either of two calls the other; what is answered belongs to the connection. */
const BGP = 179;

function bgpRules({ neighbours, origin }: Bgp, hook: Hook): readonly Rule[] {
  return [...groupBy(neighbours, ({ device, address }) => `${device} ${address.family}`).values()].flatMap((there) => {
    const [first] = there;
    if (first === undefined) return [];
    const texts = there.map(({ address }) => formatAddress(address));
    const [source, destination] = first.address.family === 4 ? (['ip saddr', 'ip daddr'] as const) : (['ip6 saddr', 'ip6 daddr'] as const);
    const peers = match(hook === 'input' ? source : destination, ...texts);
    const statements = [by(hook, [first.device]), peers, match('tcp dport', BGP), verdict('accept')];
    return [{ statements, comment: commentOf(origin) }];
  });
}

const by = (hook: Hook, devices: readonly string[]): Statement => match(hook === 'input' ? 'iifname' : 'oifname', ...devices);
