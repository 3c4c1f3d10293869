import { hash } from './hash.ts';

/** IFNAMSIZ without its closing zero byte. */
const MAX_LENGTH = 15;
/** Names that the kernel keeps for itself or for its settings (`/proc/sys/net/ipv4/conf`). */
const kept: ReadonlySet<string> = new Set(['lo', 'all', 'default', 'none']);

/**
 * A name for a network device: the wanted one if Linux takes it and it is free, else its beginning with a short hash.
 *
 * @param taken names in the same namespace; the result is added
 */
export function deviceName(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let attempt = 0; name.length > MAX_LENGTH || kept.has(name) || taken.has(name); attempt += 1) {
    const tag = hash(attempt === 0 ? wanted : `${wanted}#${attempt}`)
      .low.toString(36)
      .padStart(5, '0')
      .slice(-5);
    name = `${wanted.slice(0, MAX_LENGTH - 6).replace(/-$/, '')}-${tag}`;
  }
  taken.add(name);
  return name;
}

/** Whether a name could be that of a host's device (`dev_valid_name` in the kernel). */
export function isDeviceName(name: string): boolean {
  return name.length > 0 && Buffer.byteLength(name) <= MAX_LENGTH && name !== '.' && name !== '..' && !/[/:\s\0]/.test(name);
}
