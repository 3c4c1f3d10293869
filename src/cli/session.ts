/** What every command starts from: the terminal, the state directory and the engine's context. */
import type { Home } from '../backend/home.ts';
import { homeFor } from '../backend/home.ts';
import type { Context, EngineEvent } from '../engine/context.ts';
import { backendsFor } from '../engine/context.ts';
import type { Fault, Progress } from '../plan/apply.ts';
import { disrupts, type Plan } from '../plan/plan.ts';
import { planSummary } from './plan-text.ts';
import { program } from './program.ts';
import type { Terminal } from './terminal.ts';

export const home = (): Home => homeFor(process.env, process.getuid?.() ?? 0);

export function contextFor(terminal: Terminal, yes: boolean): Context {
  const abort = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => abort.abort(new Error(`stopped by ${signal}`)));
  const fault = faultFrom(process.env['NETBOTTLE_FAULT']);
  return {
    home: home(),
    backends: backendsFor(home(), program()),
    report: (event) => report(terminal, event),
    agree: (plan) => (yes ? Promise.resolve(true) : ask(terminal, plan)),
    signal: abort.signal,
    ...(fault === undefined ? {} : { fault }),
  };
}

async function ask(terminal: Terminal, plan: Plan): Promise<boolean> {
  terminal.err(planSummary(terminal.errorColors, plan, plan.changes.filter(disrupts)));
  return (await terminal.ask('This interrupts or removes what runs. Go on?')) ?? false;
}

/** `fail:17` or `kill:17`: before change 17 the command fails, or is killed. For trying what happens then. */
function faultFrom(text: string | undefined): Fault | undefined {
  const [, how, at] = /^(fail|kill):(\d+)$/.exec(text ?? '') ?? [];
  if (how === undefined) return undefined;
  return {
    at: Number(at),
    act: () => {
      if (how === 'kill') process.kill(process.pid, 'SIGKILL');
      throw new Error(`failed on purpose before change ${at}`);
    },
  };
}

const PHASES = {
  reading: 'reading what is there',
  planning: 'planning',
  undoing: 'putting back what was there',
  recovering: 'tidying up after a command that was killed',
  measuring: 'measuring the promises',
} as const;

const KINDS = {
  namespace: 'namespaces',
  table: 'rules',
  bridge: 'wires',
  'bridge-port': 'wires',
  veth: 'wires',
  macvlan: 'wires',
  tunnel: 'wires',
  ifb: 'wires',
  qdisc: 'wires',
  vlan: 'wires',
  'forwarding-entry': 'wires',
  'open-vswitch': 'Open vSwitch',
  'ovs-switch': 'switches',
  'ovs-port': 'ports',
  'ovs-mirror': 'mirrors',
  openflow: 'flows',
  sysctl: 'settings',
  address: 'addresses',
  route: 'routes',
  file: 'files',
  listener: 'responders',
  process: 'processes',
} as const;

function report(terminal: Terminal, event: EngineEvent): void {
  if (event.kind === 'note') terminal.err(event.message);
  else if (event.kind === 'warning') terminal.err(`${terminal.errorColors.yellow('warning')}: ${event.message}`);
  else if (event.kind === 'waiting') terminal.transient(`${event.bottle}: waiting for ${event.message}`);
  else if (event.kind === 'progress') reportProgress(terminal, event.progress);
  else if (event.phase === 'undoing' || event.phase === 'recovering') terminal.err(`${event.bottle}: ${PHASES[event.phase]}`);
  else terminal.transient(`${event.bottle}: ${PHASES[event.phase]}`);
}

function reportProgress(terminal: Terminal, { phase, kind, done, total }: Progress): void {
  terminal.transient(`${phase === 'make' ? 'making' : 'removing'} ${KINDS[kind]}, ${done} of ${total} changes done`);
}
