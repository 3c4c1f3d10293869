/** A plan in the terms of the file, and with `-v` in those of the kernel. */
import { daemonOfFile, daemonOfProcess } from '../compile/frr/daemons.ts';
import { HOSTS_FILE, resolverPath } from '../compile/service.ts';
import type { Origin, Place } from '../diagnostic/diagnostic.ts';
import { describeChange } from '../plan/apply.ts';
import { type Change, disrupts, type Plan } from '../plan/plan.ts';
import { isRoutingDaemon } from '../resource/process.ts';
import { HOST } from '../resource/resource.ts';
import type { Terminal } from './terminal.ts';

/** Changes that come from one thing of the file. */
interface Part {
  readonly name: string;
  readonly origin: Origin;
  readonly changes: readonly Change[];
  /** Where the changes alone do not tell. */
  readonly sign?: Sign;
}

/** Networks without a device of their own among them. */
function partsOfPlan({ changes, bareNetworks }: Plan): readonly Part[] {
  const parts = new Map(partsOf(changes).map((part) => [part.name, part]));
  for (const [sign, names] of [
    ['+', bareNetworks?.coming ?? []],
    ['-', bareNetworks?.going ?? []],
  ] as const)
    for (const network of names) {
      const origin = ['networks', network];
      const name = nameOf(origin);
      parts.set(name, { ...(parts.get(name) ?? { name, origin, changes: [] }), sign });
    }
  return [...parts.values()].sort((a, b) => byName.compare(a.name, b.name));
}

/** `machines.web` for all that comes from below it. */
function partsOf(changes: readonly Change[]): readonly Part[] {
  const parts = new Map<string, { readonly origin: Origin; readonly changes: Change[] }>();
  for (const change of changes) {
    const origin = change.origin.slice(0, 2);
    const name = nameOf(origin);
    const part = parts.get(name);
    if (part === undefined) parts.set(name, { origin, changes: [change] });
    else part.changes.push(change);
  }
  // The kernel lists in no order.
  return [...parts].map(([name, part]) => ({ name, ...part })).sort((a, b) => byName.compare(a.name, b.name));
}

/** `web2` comes before `web10`. */
const byName = new Intl.Collator('en', { numeric: true });

function nameOf([section, name]: Origin): string {
  if (section === undefined || name === undefined) return 'bottle';
  return `${String(section).replace(/(?<=ch)es$|s$/, '')} ${name}`;
}

type Sign = '+' | '-' | '~' | '!';

function signOf({ origin, changes, sign }: Part): Sign {
  if (sign !== undefined) return sign;
  const whole = changes.some((change) => isCore(origin, change));
  if (whole && changes.every(({ action }) => action === 'create')) return '+';
  if (whole && changes.every(({ action }) => action === 'delete')) return '-';
  return changes.some(disrupts) ? '!' : '~';
}

/** Whether a thing of the file comes or goes with this, and does not merely get or lose something. */
function isCore([section, name]: Origin, { before, after }: Change): boolean {
  const resource = after ?? before;
  const kind = resource?.kind;
  if (section === 'networks') return kind === 'bridge';
  if (section === 'switches') return kind === 'bridge' || kind === 'ovs-switch';
  if (section === 'links') return kind === 'veth';
  // All that a machine that is stopped still has.
  if (resource?.kind === 'file' && resource.path === resolverPath(String(name))) return true;
  return kind === 'namespace' || (name === undefined && kind === 'file');
}

/** How many parts are listed before the rest is only counted. */
const LIMIT = 30;

export interface PlanTextOptions {
  readonly verbose: boolean;
  readonly locate: (origin: Origin) => Place | undefined;
}

export function planText(colors: Terminal['colors'], plan: Plan, { verbose, locate }: PlanTextOptions): string {
  // What goes is in the file no longer, and comes first.
  const parts = partsOfPlan(plan)
    .map((part) => ({ ...part, place: part.origin.length === 0 || signOf(part) === '-' ? undefined : locate(part.origin) }))
    .toSorted((a, b) => (a.place?.line ?? 0) - (b.place?.line ?? 0));
  const listed = verbose ? parts : parts.slice(0, LIMIT);
  const lines = listed.flatMap((part) => {
    const { place } = part;
    const head = `${signed(colors, signOf(part))} ${part.name}${place === undefined ? '' : colors.dim(`  ${place.file}:${place.line}`)}`;
    return [head, ...(verbose ? part.changes.map((change) => `    ${changeLine(colors, change)}`) : reasons(colors, part))];
  });
  if (parts.length > listed.length) lines.push(colors.dim(`  and ${parts.length - listed.length} more; -v lists them all`));
  return [...lines, counts(plan)].join('\n');
}

function signed(colors: Terminal['colors'], sign: Sign): string {
  const paint = { '+': colors.green, '-': colors.red, '~': colors.yellow, '!': colors.magenta }[sign];
  return paint(sign);
}

function changeLine(colors: Terminal['colors'], change: Change, inPlainWords = false): string {
  const sign =
    change.action !== 'delete' && disrupts(change)
      ? '!'
      : ({ create: '+', delete: '-', update: '~', replace: '!' } as const)[change.action];
  const plain = inPlainWords ? plainWords(change) : undefined;
  if (plain !== undefined) return `${signed(colors, sign)} ${plain}`;
  const why = change.action === 'create' ? '' : colors.dim(` (${change.reason}; ${change.effect})`);
  return `${signed(colors, sign)} ${describeChange(change)}${why}`;
}

/** The daemons of FRR by what they are there for. */
const speaks = { zebra: 'FRR', ospfd: 'OSPF for IPv4', ospf6d: 'OSPF for IPv6', bgpd: 'BGP' } as const;

/** For what is long, or has a name that is not in the file: what it is to whoever wrote the file. */
function plainWords({ before, after }: Change): string | undefined {
  const resource = after ?? before;
  if (resource?.kind === 'table') return resource.namespace === HOST ? 'firewall rules of the host' : 'firewall rules';
  if (resource?.kind === 'file') {
    const daemon = daemonOfFile(resource.path);
    if (daemon !== undefined) return `settings of ${speaks[daemon]}`;
    return resource.path === HOSTS_FILE ? 'names of the machines' : 'name servers';
  }
  if (resource?.kind !== 'process' || !isRoutingDaemon(resource)) return undefined;
  const daemon = daemonOfProcess(resource.name);
  return daemon && `${speaks[daemon]}${before !== undefined && after !== undefined ? ', whose daemon starts anew' : ''}`;
}

/** What about a thing that is there already. */
function reasons(colors: Terminal['colors'], part: Part): readonly string[] {
  const { changes } = part;
  if (['+', '-'].includes(signOf(part))) return [];
  const lines = changes
    .filter(({ implied, action }) => !(implied && action === 'delete'))
    .map((change) => `    ${changeLine(colors, change, true)}`);
  // Two tables, one for each family, are one thing in plain words.
  return [...new Set(lines)].slice(0, 8);
}

function counts({ changes, unchanged }: Plan): string {
  if (changes.length === 0) return 'Nothing to do: all is as the file says.';
  const count = (action: Change['action']): number => changes.filter((change) => change.action === action).length;
  const said = [
    [count('create'), 'to make'],
    [count('update'), 'to change'],
    [count('replace'), 'to make anew'],
    [count('delete'), 'to remove'],
  ] as const;
  return `${said.flatMap(([number, what]) => (number === 0 ? [] : [`${number} ${what}`])).join(', ')}; ${unchanged} as they should be.`;
}

/** The parts that a question is about. */
export function planSummary(colors: Terminal['colors'], plan: Plan, changes: readonly Change[]): string {
  const parts = partsOf(changes);
  const listed = parts.slice(0, LIMIT).map((part) => `${signed(colors, signOf(part))} ${part.name}`);
  return [`${plan.bottle}:`, ...listed, ...(parts.length > LIMIT ? [`  and ${parts.length - LIMIT} more`] : [])].join('\n');
}
