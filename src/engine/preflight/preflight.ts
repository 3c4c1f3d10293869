/** What the host lacks is found before anything changes. */

import { type Home, inUserNamespace } from '../../backend/home.ts';
import { hostDevices } from '../../backend/host/abilities.ts';
import { upperDevices } from '../../backend/host/upper-devices.ts';
import type { Change, Plan } from '../../plan/plan.ts';
import { identityOf, type Resource } from '../../resource/kinds.ts';
import { HOST } from '../../resource/resource.ts';
import { EngineError } from '../error.ts';
import { unstartable } from './commands.ts';
import { needs } from './needs.ts';
import { overlapping } from './overlap.ts';

/**
 * `there` is what the host holds already.
 * @throws EngineError `host-lacks`, with everything that is missing
 */
export function preflight(home: Home, plan: Plan, there: readonly Resource[]): void {
  const coming = plan.changes.flatMap(({ after, action }) => (after === undefined || action === 'update' ? [] : [after]));
  const missing = needs
    .filter((need) => coming.some(need.for) && !(need.lasting === true && there.some(need.for)))
    .flatMap((need) => {
      const problem = need.trial();
      return problem === undefined ? [] : [`${need.name} (${need.purpose}): ${problem}\n  ${need.remedy}`];
    });
  const details = [
    ...missing,
    ...attachments(plan.changes, coming),
    ...occupied(home, plan, there),
    ...overlapping(coming),
    ...unstartable(plan),
  ];
  if (details.length === 0) return;
  throw new EngineError('host-lacks', `this host cannot hold ${plan.bottle}`, {
    details,
    remedy: 'Nothing was changed. `bottle doctor` looks at everything at once.',
  });
}

/** Devices of the host that the file joins networks with. */
function attachments(changes: readonly Change[], coming: readonly Resource[]): readonly string[] {
  if (!coming.some(({ kind }) => kind === 'macvlan' || kind === 'bridge-port' || kind === 'veth')) return [];
  const devices = new Map(hostDevices().map((device) => [device.name, device]));
  const ports = new Set(changes.flatMap(({ before }) => (before?.kind === 'bridge-port' ? [before.device] : [])));
  const leaving = new Set(
    changes.flatMap(({ before, after }) => (before?.kind === 'bridge-port' && after === undefined ? [before.device] : [])),
  );
  const own = new Set(coming.flatMap((resource) => (resource.kind === 'bridge' && resource.namespace === HOST ? [resource.device] : [])));
  const found: string[] = [];
  for (const resource of coming) {
    if (resource.kind === 'macvlan') {
      const device = devices.get(resource.parent);
      if (device === undefined) found.push(noInterface(resource.parent));
      else if (device.inBridge && !leaving.has(resource.parent))
        found.push(
          `${resource.parent} is a port of a bridge, and cannot have macvlan devices as well: join the bridge instead, \`attach: { bridge: … }\``,
        );
    }
    if (resource.kind === 'bridge-port') {
      const device = devices.get(resource.device);
      if (device === undefined) found.push(noInterface(resource.device));
      else if (device.inBridge && !ports.has(resource.device)) found.push(`${resource.device} is a port of another bridge already`);
    }
    if (resource.kind === 'veth') {
      const master = resource.ends.find(({ namespace }) => namespace === HOST)?.master;
      if (master === undefined || own.has(master)) continue;
      const bridge = devices.get(master);
      if (bridge === undefined) found.push(`the host has no bridge ${master}`);
      else if (bridge.kind !== 'bridge') found.push(`${master} is not a bridge`);
    }
  }
  return [...new Set(found)];
}

/** An interface with macvlan devices on it cannot be a port of a bridge, nor one that is a port have macvlan devices. */
function occupied(home: Home, { bottle, changes }: Plan, there: readonly Resource[]): readonly string[] {
  const ports = changes.flatMap(({ after, action }) => (after?.kind === 'bridge-port' && action !== 'update' ? [after.device] : []));
  if (ports.length === 0) return [];
  const going = new Set(changes.flatMap(({ action, identity }) => (action === 'delete' || action === 'replace' ? [identity] : [])));
  const staying = [...there.filter((resource) => !going.has(identityOf(resource))), ...changes.flatMap(({ after }) => after ?? [])];
  const own = staying.flatMap((resource) =>
    resource.kind === 'macvlan' ? [{ ...resource, name: resource.device, lower: resource.parent }] : [],
  );
  const others = upperDevices(home).filter((device) => device.bottle !== bottle);
  return [...new Set(ports)].flatMap((port) => {
    const names = [
      ...own.flatMap(({ lower, namespace, name }) => (lower === port ? [`${name} of ${namespace}`] : [])),
      ...others.flatMap(({ lower, kind, name, bottle: by }) =>
        lower === port ? [`${kind} ${name}${by === undefined ? '' : ` of bottle ${by}`}`] : [],
      ),
    ];
    if (names.length === 0) return [];
    const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
    return [
      `${port} cannot be joined \`by: veth\`: ${names.slice(0, 3).join(', ')}${more} sit on it, and the kernel lets an interface have macvlan devices or be a port of a bridge, not both\n  Join it by macvlan (leave out \`by\`), or remove them first.`,
    ];
  });
}

const noInterface = (name: string): string =>
  inUserNamespace()
    ? `interface ${name} is out of reach: only root can join networks with what the host has`
    : `the host has no interface ${name}`;
