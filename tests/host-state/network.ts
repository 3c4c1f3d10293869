import { execFileSync } from 'node:child_process';
import type { Item, Items } from './snapshot.ts';

type Json = Readonly<Record<string, unknown>>;

/** Counters, timers and what the kernel decides anew at any moment. */
const volatile = new Set(
  'stats stats64 operstate hello_timer tcn_timer topology_change_timer gc_timer hold_timer message_age_timer forward_delay_timer expires age used tentative'.split(
    ' ',
  ),
);

function ask(program: 'ip' | 'tc', ...args: string[]): Json[] {
  const env = { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin:/sbin` };
  const text = execFileSync(program, ['-j', ...args], { env, encoding: 'utf8', maxBuffer: 1 << 28 });
  return text.trim() === '' ? [] : (JSON.parse(text) as Json[]);
}

/** One level: `linkinfo.info_kind`; without what changes by itself. */
function flatten(value: Json, prefix = ''): Item {
  const item: Record<string, string> = {};
  for (const [key, part] of Object.entries(value)) {
    if (volatile.has(key)) continue;
    if (Array.isArray(part))
      item[prefix + key] = part.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(' ');
    else if (typeof part === 'object' && part !== null) Object.assign(item, flatten(part as Json, `${prefix}${key}.`));
    else item[prefix + key] = String(part);
  }
  return item;
}

/** Things that have no name are told apart by all that is known of them; equal ones are counted. */
function counted(items: readonly Item[]): Items {
  const result: Record<string, Item> = {};
  for (const item of items) {
    const key = Object.entries(item)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
    result[key] = { count: String(Number(result[key]?.['count'] ?? 0) + 1) };
  }
  return result;
}

export function readLinks(): Items {
  const links = ask('ip', '-d', 'link', 'show').map((link) => {
    const { flags, ...facts } = flatten(link);
    // Whether a cable is plugged in is not ours.
    const settled = (flags ?? '').split(' ').filter((flag) => flag !== 'LOWER_UP' && flag !== 'NO-CARRIER');
    const { ifname = '', ...others } = facts;
    return [ifname, { kind: facts['linkinfo.info_kind'] ?? 'physical', flags: settled.join(' '), ...others }] as const;
  });
  return Object.fromEntries(links);
}

export function readAddresses(): Items {
  const items: Record<string, Item> = {};
  for (const link of ask('ip', 'address', 'show')) {
    for (const address of (link['addr_info'] ?? []) as Json[]) {
      const { local, prefixlen, valid_life_time, preferred_life_time, ...facts } = flatten(address);
      // Leased addresses count down.
      items[`${local}/${prefixlen} on ${String(link['ifname'])}`] = { ...facts, leased: String(Number(valid_life_time) < 0xffffffff) };
    }
  }
  return items;
}

export function readRoutes(): Items {
  const routes = ['-4', '-6'].flatMap((family) =>
    ask('ip', family, 'route', 'show', 'table', 'all').map((route) => ({ family, ...route })),
  );
  // A route whose cable is out is still there.
  return counted(
    routes.map((route) => flatten({ ...route, flags: ((route as Json)['flags'] as string[]).filter((flag) => flag !== 'linkdown') })),
  );
}

export function readRules(): Items {
  return counted(['-4', '-6'].flatMap((family) => ask('ip', family, 'rule', 'show').map((rule) => flatten({ family, ...rule }))));
}

export function readQueues(): Items {
  return counted(ask('tc', 'qdisc', 'show').map((queue) => flatten(queue)));
}
