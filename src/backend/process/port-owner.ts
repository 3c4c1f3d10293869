import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { within } from '../kernel/namespace.ts';
import { namespaceInode, processesIn } from './living.ts';

const LISTEN = '0A';
const UNCONNECTED = '07';

/** Who has a port in a namespace: `nginx (process 4711)`. Nothing when it cannot be told. */
export function portOwner(namespacePath: string, protocol: 'tcp' | 'udp', port: number): string | undefined {
  const { inode, sockets } = within(namespacePath, () => ({
    inode: Number(/\d+/.exec(readlinkSync('/proc/thread-self/ns/net'))?.[0]),
    sockets: new Set([protocol, `${protocol}6`].flatMap((table) => socketInodes(table, protocol, port))),
  }));
  if (inode === namespaceInode('self')) return undefined;
  for (const { pid } of processesIn(new Set([inode]))) {
    if (holdsOne(pid, sockets)) return `${programOf(pid)} (process ${pid})`;
  }
  return undefined;
}

/** Whether somebody has the port in a namespace, on whatever address; in the thread's own where no path is given. */
export function isBound(namespacePath: string | undefined, protocol: 'tcp' | 'udp', port: number): boolean {
  const look = (): boolean => [protocol, `${protocol}6`].some((table) => socketInodes(table, protocol, port).length > 0);
  return namespacePath === undefined ? look() : within(namespacePath, look);
}

/** The sockets in /proc/net/tcp and its like (proc_pid_net(5)) that are bound to the port. */
function socketInodes(table: string, protocol: 'tcp' | 'udp', port: number): readonly string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  return readOr(`/proc/thread-self/net/${table}`, '')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(ending) && fields[3] === (protocol === 'tcp' ? LISTEN : UNCONNECTED))
    .map((fields) => `socket:[${fields[9] ?? ''}]`);
}

function holdsOne(pid: number, sockets: ReadonlySet<string>): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((descriptor) => sockets.has(readlinkSync(`/proc/${pid}/fd/${descriptor}`)));
  } catch {
    // It ended or closed the file in between: then it is not the one, or not any more.
    return false;
  }
}

const programOf = (pid: number): string => readOr(`/proc/${pid}/comm`, 'a program').trim();

function readOr(path: string, otherwise: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No such protocol in this kernel, or no such process any more.
    return otherwise;
  }
}
