import { stringify } from 'yaml';
import { sh } from '../cli/bottle.ts';
import { inPrivateHost } from '../host-state/private-host.ts';
import { courtIn } from './court.ts';
import { type Disagreement, judge } from './judge.ts';
import { textOf } from './packets.ts';
import { shrink } from './shrink.ts';

export interface Campaign {
  readonly networks: number;
  readonly packets: number;
  readonly outcomes: ReadonlyMap<string, number>;
  /** One a network, made small, with the seed that makes it again. */
  readonly disagreements: readonly (Disagreement & { readonly seed: number; readonly more: number })[];
}

export interface Options {
  readonly count: number;
  readonly firstSeed: number;
  /** Packets a network, at most. */
  readonly limit: number;
  /** Leaves files as they are in which there is a disagreement: to make them small takes minutes. */
  readonly whole?: boolean;
  readonly report?: (line: string) => void;
}

/** Raises `count` networks one after another; seeds count up. */
export async function campaign({ count, firstSeed, limit, whole = false, report }: Options): Promise<Campaign> {
  return await inPrivateHost({ uplink: true }, async (host) => {
    await sh(host, 'for n in 0 1 2; do ip link add phys$n type veth peer name far$n; ip link set phys$n up; ip link set far$n up; done');
    await sh(host, 'ip link add br0 type bridge; ip link set br0 up');
    const court = courtIn(host);
    const outcomes = new Map<string, number>();
    const disagreements: Campaign['disagreements'][number][] = [];
    let packets = 0;
    for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
      const judged = await judge(court, seed, limit);
      packets += judged.packets;
      for (const [kind, times] of judged.outcomes) outcomes.set(kind, (outcomes.get(kind) ?? 0) + times);
      report?.(`seed ${seed}: ${judged.packets} packets, ${judged.disagreements.length} disagreements`);
      for (const { asked, evaluator, kernel, sets = 'no word' } of judged.disagreements)
        report?.(`  ${asked === undefined ? 'raising it' : textOf(asked)}: evaluator: ${evaluator}; kernel: ${kernel}; sets: ${sets}`);
      const [first] = judged.disagreements;
      if (first === undefined) continue;
      const smallest = { ...(whole ? first : await shrink(court, first)), seed, more: judged.disagreements.length - 1 };
      disagreements.push(smallest);
      report?.(disagreementText(smallest));
    }
    return { networks: count, packets, outcomes, disagreements };
  });
}

export function disagreementText({
  seed,
  file,
  asked,
  evaluator,
  kernel,
  sets = 'no word',
  more,
  trace,
}: Campaign['disagreements'][number]): string {
  const steps = trace?.map(({ steps, ending }) =>
    [...steps, ending].map((step) => `${'at' in step ? step.at : ''} ${step.kind}`).join('; '),
  );
  return [
    `seed ${seed}${more > 0 ? ` (${more} more like it, or not)` : ''}: ${asked === undefined ? 'it does not come up' : textOf(asked)}`,
    `  evaluator: ${evaluator}`,
    `  kernel:    ${kernel}`,
    `  sets:      ${sets}`,
    ...(steps ?? []).map((line) => `  ${line}`),
    stringify(file),
  ].join('\n');
}
