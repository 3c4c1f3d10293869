import { enter } from '../../backend/kernel/visit.ts';
import { type Counters, readCounters } from '../../backend/nftables/counters.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { SOURCES } from '../../compile/policy/sources.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import type { PolicyLine } from '../../network/policy/policy-line.ts';
import { HOST } from '../../resource/resource.ts';
import { commentOf } from '../../resource/ruleset/comment.ts';
import type { Context } from '../context.ts';
import { observe } from '../observe.ts';
import type { Running } from '../running.ts';

interface Met {
  /** A router, or `host`. */
  readonly at: string;
  /** Those that began something: what belongs to a connection that was let pass is not looked at again. */
  readonly packets: number;
}

export interface ShownLine {
  /** `hub -> jump`, or `otherwise`. */
  readonly line: string;
  readonly action: PolicyLine['action'];
  readonly log: boolean;
  /** Their names; `any` for all. */
  readonly services: readonly string[];
  /** Where it is enforced. */
  readonly met: readonly Met[];
}

export interface ShownPolicy {
  /** In the order of the file, `otherwise` at the end; none where it has no policy. */
  readonly lines: readonly ShownLine[];
  /** Packets that were dropped because they came in where their source cannot be. */
  readonly falseSources: readonly Met[];
}

/** What the lines of a bottle's policy met so far, from the counters of the kernel. */
export async function showPolicy(context: Context, { network, state }: Running): Promise<ShownPolicy> {
  const { policy } = network;
  if (policy === undefined) return { lines: [], falseSources: [] };
  const names = new Map([
    [HOST, 'host'],
    ...network.nodes.filter(({ kind }) => kind === 'router').map(({ name }) => [namespaceOf(network.name, name), name] as const),
  ]);
  const { resources } = await observe(context, network.name, state.resources);
  const places = resources.flatMap((resource) => {
    const at = resource.kind === 'table' && resource.family === 'inet' ? names.get(resource.namespace) : undefined;
    if (resource.kind !== 'table' || at === undefined) return [];
    const site = { home: context.home, bottle: network.name };
    return [{ at, counters: enter(site, resource.namespace, () => readCounters(resource.family, resource.name)) }];
  });
  const sums = places.map(({ at, counters }) => ({ at, byComment: sumsOf(counters) }));
  const met = (origin: Origin): readonly Met[] =>
    sums.flatMap(({ at, byComment }) => {
      const packets = byComment.get(commentOf(origin));
      return packets === undefined ? [] : [{ at, packets }];
    });
  const { lines, otherwise } = policy;
  return {
    lines: [
      ...lines.map(({ text, action, log, services, origin }) => ({
        line: text,
        action,
        log,
        services: services === 'any' ? ['any'] : [...new Set(services.map(({ name }) => name))],
        met: met(origin),
      })),
      { line: 'otherwise', action: otherwise.action, log: otherwise.log, services: ['any'], met: otherwiseMet(places, otherwise.origin) },
    ],
    falseSources: places.flatMap(({ at, counters }) =>
      counters.rules.filter(({ chain }) => chain === SOURCES).map(({ packets }) => ({ at, packets })),
    ),
  };
}

function sumsOf({ rules, elements }: Counters): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { comment, packets } of [...rules, ...elements]) sums.set(comment, (sums.get(comment) ?? 0) + packets);
  return sums;
}

/** The last rule of a chain. Where the file does not say `otherwise`, it has the comment of the whole policy, as others have. */
function otherwiseMet(places: readonly { readonly at: string; readonly counters: Counters }[], origin: Origin): readonly Met[] {
  return places.map(({ at, counters }) => ({
    at,
    packets: counters.rules
      .filter(({ chain, comment }) => chain.endsWith('-policy') && comment === commentOf(origin))
      .reduce((sum, { packets }) => sum + packets, 0),
  }));
}
