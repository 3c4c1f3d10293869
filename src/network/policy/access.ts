import type { Address } from '../../address/ip.ts';
import { groupBy } from '../../collection/group-by.ts';
import { add, createMask, indexesOf, type Mask, remove, set } from '../../collection/mask.ts';
import { covers, meets, type RangeSet, supersets } from '../../collection/range-set.ts';
import type { AddressSpace } from '../addresses/address-space.ts';
import { type Inhabitant, within } from '../inhabitants.ts';
import type { Network } from '../network.ts';
import type { Report } from '../report.ts';
import type { PortRange, Service } from '../service.ts';
import { addressesOf } from '../station.ts';
import { type MeantLine, type MeantPolicy, type SetTable, servicesSet } from './lines.ts';

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
  const hasAccess = accessTo(doors, policy, lines, inhabitants, space);
  const lets = (addresses: readonly Address[], service: Pick<Service, 'protocol' | 'ports'>): boolean => {
    const own = new Set(addresses.map(space.pointOf));
    const wanted = servicesSet([service]);
    return [...own].some((point) => hasAccess(point, wanted, own));
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

/** Whether somebody else may come to an address with a service: whom some line lets, and none denies all of it. */
function accessTo(
  doors: readonly Address[],
  policy: MeantPolicy,
  lines: readonly MeantLine[],
  inhabitants: readonly Inhabitant[],
  space: AddressSpace,
): (point: number, wanted: RangeSet, own: ReadonlySet<number>) => boolean {
  const points = [...new Set(doors.map(space.pointOf))];
  const { sets } = policy.to;
  const around = supersets([...sets, ...points.map((point): RangeSet => [point, point + 1])]);
  const numberOf = new Map(points.map((point, index) => [point, sets.length + index]));
  const leading = groupsByDestination(policy, lines, inhabitants);
  return (point, wanted, own) => {
    const groups = (around[numberOf.get(point) ?? -1] ?? []).flatMap((number) => leading.get(number) ?? []);
    const callers = createMask(inhabitants.length);
    for (const { denies, services, sources } of groups) if (!denies && meets(services, wanted)) add(callers, sources());
    for (const { denies, services, sources } of groups) if (denies && covers(services, wanted)) remove(callers, sources());
    return indexesOf(callers).some((index) => !own.has(inhabitants[index]?.piece ?? -1));
  };
}

/** Lines with the same destination, services and decision. */
interface LineGroup {
  readonly services: RangeSet;
  readonly denies: boolean;
  readonly sources: () => Mask;
}

function groupsByDestination(
  { from, services }: MeantPolicy,
  lines: readonly MeantLine[],
  inhabitants: readonly Inhabitant[],
): ReadonlyMap<number, readonly LineGroup[]> {
  const alike = groupBy(lines, (meant) => `${meant.to} ${meant.services} ${meant.line.action !== 'allow'}`);
  const groups = [...alike.values()].flatMap((members) => {
    const [first] = members;
    if (first === undefined) return [];
    let known: Mask | undefined;
    const sources = () => {
      known ??= maskOf(inhabitants, new Set(members.map((meant) => meant.from)), from);
      return known;
    };
    return [{ to: first.to, services: services.sets[first.services] ?? [], denies: first.line.action !== 'allow', sources }];
  });
  return groupBy(groups, ({ to }) => to);
}

function maskOf(inhabitants: readonly Inhabitant[], numbers: Iterable<number>, { sets }: SetTable): Mask {
  const mask = createMask(inhabitants.length);
  for (const number of numbers) for (const index of within(inhabitants, sets[number] ?? [])) set(mask, index);
  return mask;
}
