/** The tables that make packets tell of themselves. They decide nothing. */
import type { Chain, Rule } from '../../resource/ruleset/chain.ts';
import { counter, type Statement, verdict, vmap } from '../../resource/ruleset/statement.ts';
import type { Table } from '../../resource/table.ts';
import { begins, FRAME_POINTS, PACKET_POINTS, type Point, TRACKED_POINT } from './points.ts';
import type { Selection } from './selection.ts';

/** Where tracing is switched on. Its counters: of all packets that matched, and of those that are traced. */
export const SWITCH = 'trace';

/** Chains in which nothing is: that a rule leads there is told, and so what connection tracking says of the packet. */
const STATES = ['new', 'established', 'related', 'invalid', 'untracked'] as const;
const stateChain = (state: (typeof STATES)[number]): string => `state-${state}`;
export const stateIn = (chain: string) => STATES.find((state) => chain === stateChain(state));
export const TRANSLATED = 'status-dnat';

export interface Tracing {
  readonly name: string;
  readonly selections: readonly Selection[];
  /** Packets a second in one namespace; what is beyond is not traced, and counted. */
  readonly rate: number;
}

const rule = (...statements: readonly Statement[]): Rule => ({ statements, comment: '' });

/** `tracked`: whether connections are tracked there anyway. A rule that asks for their state would switch it on. */
export function packetTable(namespace: string, tracing: Tracing, tracked: boolean): Table {
  const chains = PACKET_POINTS.map((point) => chainAt(point, tracing));
  return tableOf(namespace, 'inet', tracing, tracked ? [...chains, ...stateChains(tracing)] : chains);
}

function stateChains(tracing: Tracing): readonly Chain[] {
  const rules = [
    rule({ kind: 'match', fields: ['ct status'], operator: 'in', among: [['dnat']] }, verdict({ jump: TRANSLATED })),
    rule(
      vmap(
        'ct state',
        STATES.map((state) => [state, { goto: stateChain(state) }]),
      ),
    ),
  ];
  const empty = [TRANSLATED, ...STATES.map(stateChain)].map((name): Chain => ({ name, rules: [] }));
  return [...empty, { ...chainAt(TRACKED_POINT, tracing), rules }];
}

/** For frames between the ports of bridges. */
export const frameTable = (namespace: string, tracing: Tracing): Table =>
  tableOf(
    namespace,
    'bridge',
    tracing,
    FRAME_POINTS.map((point) => chainAt(point, tracing)),
  );

function chainAt(point: Point, { selections }: Tracing): Chain {
  const { chain: name, hook, priority } = point;
  const rules = begins(point) ? selections.map((selection) => rule(...selection, verdict({ goto: SWITCH }))) : [];
  return { name, hook: { type: 'filter', hook, priority, policy: 'accept' }, rules };
}

function tableOf(namespace: string, family: Table['family'], { name, rate }: Tracing, chains: readonly Chain[]): Table {
  const on: Chain = {
    name: SWITCH,
    rules: [
      rule(counter),
      rule({ kind: 'limit', rate, per: 'second', burst: rate }, counter, { kind: 'set', field: 'meta nftrace', value: 1 }),
    ],
  };
  return { kind: 'table', origin: [], namespace, family, name, chains: [on, ...chains], sets: [] };
}
