import { spawnSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

// biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own notation
const VERSION = '${Version}';

/** What the figures depend on. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  /** Bytes. */
  readonly memory: number;
  readonly kernel: string;
  readonly node: string;
  readonly mininet: string;
  /** ISO 8601, a day. */
  readonly day: string;
  /** Runnable processes on average over the last minute, before the run. */
  readonly load: number;
}

export function machineFacts(): Machine {
  const version = spawnSync('dpkg-query', ['--show', '--showformat', VERSION, 'mininet'], { encoding: 'utf8' });
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: cpus().length,
    memory: totalmem(),
    kernel: release(),
    node: process.version,
    mininet: version.status === 0 && version.stdout !== '' ? version.stdout : 'not installed',
    day: new Date().toISOString().slice(0, 10),
    load: loadavg()[0] ?? 0,
  };
}
