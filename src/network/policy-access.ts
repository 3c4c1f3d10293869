import type { Address } from '../address/ip.ts';
import { covers, meets, type RangeSet, subtract, supersets, union } from '../collection/range-set.ts';
import type { AddressSpace } from './address-space.ts';
import type { Inhabitant } from './inhabitants.ts';
import type { Network, PortRange, Service } from './network.ts';
import { type MeantLine, type MeantPolicy, servicesSet } from './policy-lines.ts';
import type { Report } from './report.ts';
import { addressesOf } from './station.ts';

/** Warns of routers whose services, and of forwards that, the policy lets nobody use. */
export function checkAccess(
  network: Network,
  policy: MeantPolicy,
  lines: readonly MeantLine[],
  inhabitants: readonly Inhabitant[],
  space: AddressSpace,
  report: Report,
): void {
  const routers = network.nodes.filter(({ kind, listens }) => kind === 'router' && listens.length > 0);
  const doors = [
    ...routers.flatMap((router) => addressesOf(router).map(({ address }) => address)),
    ...network.forwards.flatMap((forward) => forward.to.addresses),
  ];
  const access = accessTo(doors, policy, lines, space);
  const lets = (addresses: readonly Address[], service: Pick<Service, 'protocol' | 'ports'>): boolean => {
    const own = new Set(addresses.map(space.pointOf));
    const wanted = servicesSet([service]);
    return addresses.some((address) => {
      const sources = access(address, wanted);
      return inhabitants.some(({ piece }) => !own.has(piece) && meets(sources, [piece, piece + 1]));
    });
  };
  for (const router of routers) {
    const addresses = addressesOf(router).map(({ address }) => address);
    const closed = router.listens.filter((service) => !lets(addresses, service));
    const names = [...new Set(closed.map(({ name }) => name))];
    if (names.length === 0) continue;
    const from = router.interfaces.find(({ segment }) => segment !== 'internet')?.segment ?? 'any';
    report.warn(
      'router-locked',
      [...router.origin, 'listen'],
      `nobody can reach ${names.map((name) => `\`${name}\``).join(', ')} on \`${router.name}\`: no line of the policy lets anybody`,
      {
        remedy: `Add one that names the router, such as \`${from} -> ${router.name}: ${names.length === 1 ? names[0] : `[${names.join(', ')}]`}\`.`,
        related: [{ message: 'the policy', origin: ['policy'], at: 'key' }],
      },
    );
  }
  const from = network.segments.some(({ name, attachment }) => name === 'internet' || attachment.mode !== 'internal') ? 'internet' : 'any';
  for (const forward of network.forwards) {
    const { protocol, to } = forward;
    if (lets(to.addresses, { protocol, ports: to.ports })) continue;
    const service = `${protocol}/${portText(to.ports)}`;
    report.warn(
      'forward-denied',
      forward.origin,
      `nobody can use \`${forward.text}\`: no line of the policy lets anybody reach \`${to.node}\` at \`${service}\``,
      {
        at: 'key',
        remedy: `Add \`${from} -> ${to.node}: ${service}\`.`,
        related: [{ message: 'the policy', origin: ['policy'], at: 'key' }],
      },
    );
  }
}

const portText = ({ from, to }: PortRange): string => (from === to ? `${from}` : `${from}-${to}`);

/** Who may come to an address with a service: those that some line lets, without those that one denies all of it. */
function accessTo(
  doors: readonly Address[],
  policy: MeantPolicy,
  lines: readonly MeantLine[],
  space: AddressSpace,
): (address: Address, wanted: RangeSet) => RangeSet {
  const points = [...new Set(doors.map(space.pointOf))];
  const { sets } = policy.to;
  const around = supersets([...sets, ...points.map((point): RangeSet => [point, point + 1])]);
  const numberOf = new Map(points.map((point, index) => [point, sets.length + index]));
  const leading = linesByDestination(policy, lines);
  const answers = new Map<string, RangeSet>();
  return (address, wanted) => {
    const point = space.pointOf(address);
    const key = `${point} ${wanted.join(' ')}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const groups = (around[numberOf.get(point) ?? -1] ?? []).flatMap((number) => leading.get(number) ?? []);
    const of = (fits: (group: LineGroup) => boolean) => union(groups.filter(fits).map(({ sources }) => sources()));
    const allowed = of(({ denies, services }) => !denies && meets(services, wanted));
    const answer = subtract(
      allowed,
      of(({ denies, services }) => denies && covers(services, wanted)),
    );
    answers.set(key, answer);
    return answer;
  };
}

/** Lines with the same destination, services and decision. */
interface LineGroup {
  readonly services: RangeSet;
  readonly denies: boolean;
  readonly sources: () => RangeSet;
}

function linesByDestination({ from, services }: MeantPolicy, lines: readonly MeantLine[]): ReadonlyMap<number, readonly LineGroup[]> {
  const groups = new Map<string, { readonly first: MeantLine; readonly from: Set<number> }>();
  for (const meant of lines) {
    const key = `${meant.to} ${meant.services} ${meant.line.action !== 'allow'}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: meant, from: new Set([meant.from]) });
    else group.from.add(meant.from);
  }
  const byDestination = new Map<number, LineGroup[]>();
  for (const { first, from: numbers } of groups.values()) {
    let known: RangeSet | undefined;
    const sources = () => (known ??= union([...numbers].map((number) => from.sets[number] ?? [])));
    const group = { services: services.sets[first.services] ?? [], denies: first.line.action !== 'allow', sources };
    byDestination.set(first.to, [...(byDestination.get(first.to) ?? []), group]);
  }
  return byDestination;
}
