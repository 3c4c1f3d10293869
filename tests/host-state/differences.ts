import type { HostState, Item, Items } from './snapshot.ts';

/** What is different, a line each: `links: eth0: mtu 1500 -> 1400`, `routes: new: ...`, `files: gone: /etc/hosts`. */
export function differences(before: HostState, after: HostState): string[] {
  return (Object.keys(before) as (keyof HostState)[]).flatMap((section) =>
    // Settings come and go with their interfaces, which are links, and with kernel modules, which stay.
    compare(before[section], after[section], section === 'sysctls').map((line) => `${section}: ${line}`),
  );
}

function compare(before: Items, after: Items, onlyCommon: boolean): string[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => {
    const [old, now] = [before[key], after[key]];
    if (old !== undefined && now !== undefined) return changes(old, now).map((change) => `${key}: ${change}`);
    if (onlyCommon) return [];
    return old === undefined ? [`new: ${key}${summary(now ?? {})}`] : [`gone: ${key}${summary(old)}`];
  });
}

function changes(old: Item, now: Item): string[] {
  const facts = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  return facts.filter((fact) => old[fact] !== now[fact]).map((fact) => `${fact} ${old[fact] ?? '(none)'} -> ${now[fact] ?? '(none)'}`);
}

function summary(item: Item): string {
  const text = Object.entries(item)
    .map(([fact, value]) => `${fact} ${value}`)
    .join(', ');
  return text === '' ? '' : ` (${text.length > 160 ? `${text.slice(0, 160)} ...` : text})`;
}
