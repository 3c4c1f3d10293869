import type { Context } from '../../engine/context.ts';
import { loadOrRecall, type RecalledBottle } from '../../engine/load.ts';
import type { Proof } from '../../engine/prove/prove.ts';
import { up as raise } from '../../engine/up.ts';
import type { Network } from '../../network/network.ts';
import { isLearning } from '../../network/routing/learned-routes.ts';
import type { Verdict } from '../../observe/verdict.ts';
import type { Plan } from '../../plan/plan.ts';
import type { ExitCode } from '../exit.ts';
import { exitCodes } from '../exit.ts';
import { showWarnings } from '../failure.ts';
import { placesIn } from '../plan-places.ts';
import { planText } from '../plan-text.ts';
import { proofJson } from '../proof-json.ts';
import { contextFor, home } from '../session.ts';
import { jsonDocument, type Terminal } from '../terminal.ts';
import { verdictJson } from '../verdict-json.ts';
import { verdictsText } from '../verdict-text.ts';
import { fileNamed } from '../which.ts';

export interface UpOptions {
  readonly yes?: boolean;
  readonly verify: boolean;
  readonly prove: boolean;
}

export async function up(
  terminal: Terminal,
  file: string | undefined,
  { yes = false, verify: measured, prove: proved }: UpOptions,
): Promise<ExitCode> {
  const loaded = await loadOrRecall(home(), fileNamed(file));
  const context = contextFor(terminal, yes);
  const started = performance.now();
  const proofs = proved ? await proofsOf(context, loaded) : [];
  // Where promises are refuted, warnings are told with that.
  await showWarnings(terminal, loaded);
  const plan = await raise(context, loaded);
  const seconds = (performance.now() - started) / 1000;
  if (!terminal.json) {
    terminal.out(planText(terminal.colors, plan, { verbose: terminal.verbose, locate: await placesIn(loaded, plan) }));
    terminal.out(`${terminal.colors.bold(loaded.network.name)} is up: ${contents(loaded.network)}, ${seconds.toFixed(2)} s.`);
  }
  const verdicts = measured ? await verdictsOn(context, loaded.network, plan) : [];
  if (terminal.json)
    terminal.out(
      jsonDocument('up', {
        bottle: plan.bottle,
        seconds,
        changes: plan.changes,
        verdicts: verdicts.map(verdictJson),
        proofs: proofs.map((proof) => proofJson(proof)),
      }),
    );
  else if (verdicts.length > 0) terminal.out(verdictsText(terminal.colors, verdicts, proofs));
  return verdicts.some(({ state }) => state === 'broken') ? exitCodes.broken : exitCodes.ok;
}

/** What is to be measured with is loaded when there is something to measure, or to wait for. */
async function verdictsOn(context: Context, network: Network, plan: Plan): Promise<readonly Verdict[]> {
  if (network.expectations.length === 0 && !network.nodes.some(isLearning)) return [];
  const { verify } = await import('../../engine/verify/verify.ts');
  return verify(context, network, { started: startedIn(plan) });
}

/** Who promises nothing does not wait until the proof is loaded. */
async function proofsOf({ home }: Context, loaded: RecalledBottle): Promise<readonly Proof[]> {
  if (loaded.network.expectations.length === 0) return [];
  const { provePromises } = await import('../../engine/prove/promises.ts');
  return provePromises(home, loaded);
}

/** The machines that programs were started on. */
const startedIn = ({ changes }: Plan): ReadonlySet<string> =>
  new Set(changes.flatMap(({ after }) => (after?.kind === 'process' ? [after.machine] : [])));

/** `2 networks, 1 link, 3 machines, 1 router`. */
function contents({ segments, nodes }: Network): string {
  const kinds = [...segments, ...nodes].map(({ kind }) => kind);
  return (['network', 'link', 'machine', 'router', 'bridge'] as const)
    .map((kind) => [kind, kinds.filter((one) => one === kind).length] as const)
    .flatMap(([kind, count]) => (count === 0 ? [] : [`${count} ${kind}${count === 1 ? '' : 's'}`]))
    .join(', ');
}
