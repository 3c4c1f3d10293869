/**
 * TCP between networks of different MTUs. A router tells whoever sends too much (RFC 1191, RFC 8201), but not everybody
 * hears it: filters elsewhere drop what it says, and it is lost where the way back is another. So the largest segment that either
 * end names when a connection begins is made to fit (RFC 6691), by who knows of the narrow network, and nothing has to be told later.
 */
import type { Network, Node, Segment } from '../network/network.ts';
import type { Chain } from '../resource/ruleset/chain.ts';
import { commentOf } from '../resource/ruleset/comment.ts';
import { match, type Statement } from '../resource/ruleset/statement.ts';
import { type Fragment, nothing } from './fragment.ts';
import { hostLegsOf } from './host-legs.ts';

/** What networks beyond the host have, as a rule. */
const USUAL_MTU = 1500;
/** NF_IP_PRI_MANGLE: before anything that decides. */
const MANGLE = -150;

export function clampAtRouter({ segments }: Network, { interfaces }: Node): Fragment {
  const joined = interfaces.flatMap(({ segment }) => segments.filter(({ name }) => name === segment));
  const narrow = narrowest(joined);
  return narrow === undefined || joined.every(({ mtu }) => mtu === narrow.mtu) ? nothing : fragmentOf(narrow, []);
}

/** Of what goes to and from networks of ours alone. */
export function clampAtHost(network: Network): Fragment {
  const legs = hostLegsOf(network).filter(({ attachment, mtu }) => attachment.mode !== 'host-only' && mtu !== USUAL_MTU);
  const narrow = narrowest(legs);
  if (narrow === undefined) return nothing;
  const devices = legs.map(({ attachment }) => attachment.host.device);
  return fragmentOf(narrow, [match('iifname', ...devices), match('oifname', ...devices)]);
}

const narrowest = <S extends Segment>(segments: readonly S[]): S | undefined =>
  segments.reduce<S | undefined>((least, one) => (least === undefined || one.mtu < least.mtu ? one : least), undefined);

/** The first packet of each direction says how large segments to its sender may be. The kernel compares both ways with the routes. */
function fragmentOf({ origin }: Segment, where: readonly Statement[]): Fragment {
  const comment = commentOf(origin);
  const clamp: readonly Statement[] = [
    { kind: 'match', fields: ['tcp flags'], operator: 'in', among: [['syn']] },
    { kind: 'maxseg', size: 'rt mtu' },
  ];
  const chain: Chain = {
    name: 'segment-size',
    hook: { type: 'filter', hook: 'forward', priority: MANGLE, policy: 'accept' },
    rules: (where.length === 0 ? [[]] : where.map((statement) => [statement])).map((before) => ({
      statements: [...before, ...clamp],
      comment,
    })),
  };
  return { chains: [chain], sets: [] };
}
