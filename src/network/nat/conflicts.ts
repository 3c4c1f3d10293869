import { formatAddress } from '../../address/format.ts';
import { groupBy } from '../../collection/group-by.ts';
import type { Network } from '../network.ts';
import type { Report } from '../report.ts';
import type { PortRange } from '../service.ts';
import { nodesByName } from '../station.ts';
import type { Forward } from './translation.ts';

/** Who gets what comes to an address and port has to be clear. */
export function checkForwards(forwards: readonly Forward[], network: Network, report: Report): void {
  checkClaims(forwards, report);
  const nodes = nodesByName(network);
  for (const { at, protocol, ports, text, origin } of forwards) {
    const router = nodes.get(at);
    const own = router?.listens.find(
      (service) => service.protocol === protocol && service.ports !== undefined && meet(service.ports, ports),
    );
    if (router === undefined || own === undefined) continue;
    report.error('forward-hides-listener', origin, `\`${at}\` itself listens on \`${own.name}\`, which \`${text}\` would take away`, {
      at: 'key',
      remedy: 'Forward another port, or take the service off `listen:`.',
      related: [{ message: `what \`${at}\` listens on`, origin: [...router.origin, 'listen'] }],
    });
  }
}

interface Claim extends PortRange {
  readonly forward: Forward;
}

/** By place, protocol and address; within one, whoever begins before the furthest so far has ended meets that one. */
function checkClaims(forwards: readonly Forward[], report: Report): void {
  const claims = groupBy(
    forwards.flatMap((forward) => keysOf(forward).map((key) => ({ key, forward, from: forward.ports.from, to: forward.ports.to }))),
    ({ key }) => key,
  );
  const reported = new Set<string>();
  for (const [key, own] of claims) {
    const everywhere = key.startsWith('host ') && !key.endsWith('*') ? (claims.get(key.replace(/\S+$/, '*')) ?? []) : [];
    let widest: Claim | undefined;
    for (const claim of [...everywhere, ...own].sort((a, b) => a.from - b.from || a.to - b.to)) {
      if (widest !== undefined && claim.from <= widest.to) reportClaim(widest.forward, claim.forward, reported, report);
      if (widest === undefined || claim.to > widest.to) widest = claim;
    }
  }
}

function keysOf({ at, protocol, addresses }: Forward): readonly string[] {
  if (addresses.length === 0) return [`${at} ${protocol} *`];
  return addresses.map((address) => `${at} ${protocol} ${formatAddress(address)}`);
}

function reportClaim(one: Forward, other: Forward, reported: Set<string>, report: Report): void {
  const pair = [one.text, other.text].sort().join('\n');
  if (reported.has(pair)) return;
  reported.add(pair);
  const from = Math.max(one.ports.from, other.ports.from);
  const to = Math.min(one.ports.to, other.ports.to);
  const ports = `${one.protocol}/${from === to ? from : `${from}-${to}`}`;
  report.error('forward-twice', other.origin, `\`${other.text}\` and \`${one.text}\` both claim \`${ports}\``, {
    at: 'key',
    remedy: 'Leave one out, or give them different ports or addresses.',
    related: [{ message: 'the other', origin: one.origin, at: 'key' }],
  });
}

function meet(one: PortRange, other: PortRange): boolean {
  return one.from <= other.to && other.from <= one.to;
}
