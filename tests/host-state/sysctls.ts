import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Item, Items } from './snapshot.ts';

/** They count what is going on. */
const counters = /^net\.(netfilter\.nf_conntrack_count|ipv4\.tcp_fastopen_key)$/;

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    // Some can only be written, and some (stable_secret) not be read before they were.
    return `unreadable: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}

/** Every setting under `net.` of this network namespace: `net.ipv4.conf.eth0.forwarding`. */
export function readSysctls(root = '/proc/sys/net'): Items {
  const items: Record<string, Item> = {};
  const pending: [directory: string, name: string][] = [[root, 'net']];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [directory, prefix] = next;
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const name = `${prefix}.${entry.name}`;
      if (entry.isDirectory()) pending.push([join(directory, entry.name), name]);
      else if (!counters.test(name)) items[name] = { value: read(join(directory, entry.name)) };
    }
  }
  return items;
}
