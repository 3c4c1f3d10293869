import { addressSpace } from '../addresses/address-space.ts';
import { type BroadcastDomain, compareText } from '../broadcast-domains.ts';
import { inhabitantsOf } from '../inhabitants.ts';
import type { Network } from '../network.ts';
import type { Report } from '../report.ts';
import { checkAccess } from './access.ts';
import { ALL_SERVICES, meantPolicy } from './lines.ts';
import { checkPresence } from './presence.ts';
import { checkShadows } from './shadows.ts';

/** Warns of what a policy says in vain, and of what it forgets. None of it depends on the order of its lines. */
export function checkPolicy(network: Network, domains: readonly BroadcastDomain[], report: Report): void {
  if (network.policy === undefined) return;
  const space = addressSpace(network);
  const policy = meantPolicy(network.policy.lines, space);
  const { lines, from, to, services } = policy;
  const [everybody, everywhere, everything] = [
    from.numberOf(space.everything),
    to.numberOf(space.everything),
    services.numberOf(ALL_SERVICES),
  ];
  const [end] = lines
    .filter((one) => one.line.action !== 'allow' && one.from === everybody && one.to === everywhere && one.services === everything)
    .toSorted((a, b) => compareText(a.line.text, b.line.text));
  if (end !== undefined) {
    report.warn('policy-denies-all', end.line.origin, `\`${end.line.text}\` denies everything: no other line has an effect`, {
      at: 'key',
      remedy: `A line that denies wins over those that allow. For what no line allows, write \`otherwise: ${end.line.action}\` instead.`,
    });
    return;
  }
  const inhabitants = inhabitantsOf(network, domains, space);
  const possible = checkPresence(policy, inhabitants, network.forwards, space, report);
  checkShadows({ ...policy, lines: possible }, report);
  checkAccess(network, policy, possible, inhabitants, space, report);
}
