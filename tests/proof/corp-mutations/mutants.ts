/** Compiled resources with one thing in them removed, inverted, moved or altered. */
import type { Resource } from '../../../src/resource/kinds.ts';
import type { Route } from '../../../src/resource/route.ts';
import type { Chain, Rule } from '../../../src/resource/ruleset/chain.ts';
import type { NamedSet } from '../../../src/resource/ruleset/named-set.ts';
import type { Nat, Statement } from '../../../src/resource/ruleset/statement.ts';
import type { Verdict } from '../../../src/resource/ruleset/verdict.ts';
import type { Table } from '../../../src/resource/table.ts';

export interface Mutant {
  /** `rule removed`. */
  readonly kind: string;
  /** Which one. */
  readonly what: string;
  /** Where. */
  readonly namespace: string;
  readonly resources: readonly Resource[];
  /** What was changed, for its ports and addresses. */
  readonly changed: unknown;
}

type Change<T> = readonly [kind: string, what: string, after: T, changed: unknown];

export function mutantsOf(resources: readonly Resource[]): readonly Mutant[] {
  return [...oneByOne(resources), ...routesMoved(resources)];
}

function oneByOne(resources: readonly Resource[]): readonly Mutant[] {
  return resources.flatMap((resource, place) => {
    const changes: readonly Change<readonly Resource[]>[] =
      resource.kind === 'table'
        ? ofTable(resource).map(([kind, what, after, changed]) => [kind, `${resource.namespace} ${what}`, [after], changed])
        : resource.kind === 'route'
          ? ofRoute(resource, resources)
          : [];
    return changes.map(([kind, what, after, changed]) => ({
      kind,
      what,
      namespace: 'namespace' in resource ? resource.namespace : '',
      changed,
      resources: resources.toSpliced(place, 1, ...after),
    }));
  });
}

function ofTable(table: Table): readonly Change<Table>[] {
  return [
    ...within(table.chains, ofChain).map(([kind, what, chains, changed]): Change<Table> => [kind, what, { ...table, chains }, changed]),
    ...within(table.sets, ofSet).map(([kind, what, sets, changed]): Change<Table> => [kind, what, { ...table, sets }, changed]),
    ...elementsMoved(table),
  ];
}

/** Each into the next set that takes it: what one line allowed, another allows, denies or translates. */
function elementsMoved(table: Table): readonly Change<Table>[] {
  const { sets } = table;
  return sets.flatMap((set, place) => {
    const others = [...sets.slice(place + 1), ...sets.slice(0, place)];
    const target = others.find((other) => other.kind === set.kind && JSON.stringify(other.types) === JSON.stringify(set.types));
    if (target === undefined) return [];
    return set.elements.flatMap((element, at): readonly Change<Table>[] => {
      const key = JSON.stringify(element.key);
      if (target.elements.some((one) => JSON.stringify(one.key) === key)) return [];
      const moved = (one: NamedSet): NamedSet => {
        if (one === set) return { ...set, elements: set.elements.toSpliced(at, 1) } as NamedSet;
        return one === target ? ({ ...target, elements: [...target.elements, element] } as NamedSet) : one;
      };
      return [['set element moved', `${set.name} element ${key} to ${target.name}`, { ...table, sets: sets.map(moved) }, element]];
    });
  });
}

function within<T>(all: readonly T[], changes: (one: T) => readonly Change<T>[]): readonly Change<readonly T[]>[] {
  return all.flatMap((one, place) =>
    changes(one).map(([kind, what, after, changed]): Change<readonly T[]> => [kind, what, all.toSpliced(place, 1, after), changed]),
  );
}

function ofChain(chain: Chain): readonly Change<Chain>[] {
  const { name, rules } = chain;
  return rules.flatMap((rule, place) => {
    const next = rules[place + 1];
    const changed = (kind: string, after: readonly Rule[]): Change<Chain> => [
      kind,
      `${name} rule ${place + 1} (${rule.comment})`,
      { ...chain, rules: after },
      next === undefined ? rule : [rule, next],
    ];
    const instead = (kind: string, statements: readonly Statement[] | undefined): readonly Change<Chain>[] =>
      statements === undefined ? [] : [changed(kind, rules.toSpliced(place, 1, { ...rule, statements }))];
    return [
      changed('rule removed', rules.toSpliced(place, 1)),
      ...instead('rule inverted', inverted(rule)),
      ...(next === undefined ? [] : [changed('rule moved', rules.toSpliced(place, 2, next, rule))]),
      ...rule.statements.flatMap((statement, at) => [
        ...(isNat(statement) ? instead('NAT statement removed', rule.statements.toSpliced(at, 1)) : []),
        ...natOtherwise(statement).flatMap((other) => instead('NAT statement altered', rule.statements.toSpliced(at, 1, other))),
        ...inBraces(statement).flatMap((less) => instead('set element removed', rule.statements.toSpliced(at, 1, less))),
      ]),
    ];
  });
}

/** What it let through is held up, and the other way round; where it does neither, what it is about is what it was not about. */
function inverted({ statements }: Rule): readonly Statement[] | undefined {
  const decides = statements.findIndex(({ kind }) => kind === 'verdict' || kind === 'reject');
  const decision = statements[decides];
  const opposite: Verdict =
    decision?.kind === 'verdict' && (decision.verdict === 'accept' || decision.verdict === 'return') ? 'drop' : 'accept';
  if (decision !== undefined) return statements.toSpliced(decides, 1, { kind: 'verdict', verdict: opposite });
  const asks = statements.findIndex((one) => one.kind === 'match' && one.operator !== 'in');
  const asked = statements[asks];
  if (asked?.kind !== 'match') return undefined;
  return statements.toSpliced(asks, 1, { ...asked, operator: asked.operator === '==' ? '!=' : '==' });
}

function inBraces(statement: Statement): readonly Statement[] {
  if (statement.kind === 'match' && !('set' in statement.among) && statement.among.length > 1) {
    const { among } = statement;
    return among.map((_, place) => ({ ...statement, among: among.toSpliced(place, 1) }));
  }
  if (statement.kind !== 'vmap' || !('entries' in statement.map)) return [];
  const { entries } = statement.map;
  return entries.map((_, place) => ({ ...statement, map: { entries: entries.toSpliced(place, 1) } }));
}

const isNat = ({ kind }: Statement): boolean => kind === 'snat' || kind === 'dnat' || kind === 'masquerade';

function natOtherwise(statement: Statement): readonly Nat[] {
  if ((statement.kind !== 'snat' && statement.kind !== 'dnat') || 'map' in statement.to) return [];
  const { address, port } = statement.to;
  return [
    ...(address === undefined ? [] : [{ ...statement, to: { ...statement.to, address: beside(address) } }]),
    ...(typeof port === 'number' ? [{ ...statement, to: { ...statement.to, port: port + 1 } }] : []),
  ];
}

const beside = (address: string): string => address.replace(/[0-9a-f]+$/, (last) => (Number.parseInt(last, 16) === 9 ? '8' : '9'));

function ofSet(set: NamedSet): readonly Change<NamedSet>[] {
  return set.elements.flatMap((element, place) => {
    const what = `${set.name} element ${JSON.stringify(element.key)}`;
    const changed = (kind: string, elements: unknown): Change<NamedSet> => [kind, what, { ...set, elements } as NamedSet, element];
    const otherwise = otherElement(element);
    return [
      changed('set element removed', set.elements.toSpliced(place, 1)),
      ...(otherwise === undefined
        ? []
        : [changed('set element altered', [...set.elements.slice(0, place), otherwise, ...set.elements.slice(place + 1)])]),
    ];
  });
}

/** Another verdict or address; where there is none, another last port. */
function otherElement(element: NamedSet['elements'][number]): NamedSet['elements'][number] | undefined {
  if ('verdict' in element && element.verdict !== undefined) {
    const { verdict } = element as { readonly verdict: Verdict };
    return { ...element, verdict: verdict === 'accept' ? 'drop' : 'accept' } as typeof element;
  }
  if ('value' in element) {
    const [first, ...rest] = element.value as readonly (string | number)[];
    return { ...element, value: [typeof first === 'string' ? beside(first) : Number(first) + 1, ...rest] } as typeof element;
  }
  const last = element.key.at(-1);
  if (typeof last === 'object' && 'prefix' in last) return { ...element, key: element.key.with(-1, { ...last, length: last.length + 1 }) };
  return undefined;
}

function ofRoute(route: Route, resources: readonly Resource[]): readonly Change<readonly Resource[]>[] {
  const what = `${route.namespace} route ${route.to}`;
  const other = resources.find(
    (one): one is Route =>
      one.kind === 'route' &&
      one.namespace === route.namespace &&
      one.via !== undefined &&
      one.via !== route.via &&
      familyOf(one) === familyOf(route),
  );
  const { via: _via, device: _device, ...bare } = route;
  const elsewhere: Route =
    other?.via === undefined || other.device === undefined
      ? { ...bare, type: 'unreachable' }
      : { ...bare, type: 'unicast', via: other.via, device: other.device };
  return [
    ['route removed', what, [], route],
    ['route redirected', what, [elsewhere], [route, elsewhere]],
  ];
}

/** Each takes the way of the next one of its namespace, and that takes its. */
function routesMoved(resources: readonly Resource[]): readonly Mutant[] {
  return resources.flatMap((one, place) => {
    if (one.kind !== 'route' || one.via === undefined) return [];
    const family = familyOf(one);
    const at = resources.findIndex(
      (next, index) =>
        index > place &&
        next.kind === 'route' &&
        next.namespace === one.namespace &&
        next.via !== undefined &&
        next.via !== one.via &&
        familyOf(next) === family,
    );
    const other = resources[at];
    if (other?.kind !== 'route') return [];
    const way = ({ via, device }: Route) => ({ ...(via !== undefined && { via }), ...(device !== undefined && { device }) });
    return [
      {
        kind: 'route moved',
        what: `${one.namespace} routes ${one.to} and ${other.to}`,
        namespace: one.namespace,
        changed: [one, other],
        resources: resources.with(place, { ...one, ...way(other) }).with(at, { ...other, ...way(one) }),
      },
    ];
  });
}

const familyOf = ({ to }: Route): 4 | 6 => (to.includes(':') ? 6 : 4);
