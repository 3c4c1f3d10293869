/**
 * What lets the namespaces of an ordinary user reach what the user reaches: pasta(1), which turns their packets
 * into sockets of the host. It runs as the user, outside, and holds on to the holder's network namespace.
 */
import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endProcesses } from '../process/ending.ts';
import { identify, isAlive, type ProcessIdentity } from '../process/identity.ts';
import type { Holder } from './holder-record.ts';
import { RootlessError } from './rootless-error.ts';

/**
 * The interface that pasta makes in the holder's namespace, and its addresses.
 *
 * pasta would copy the host's, and then the host itself could not be reached, for its address would be the
 * namespace's own. These are from blocks that nobody routes: 192.0.0.0/29 (RFC 7335), and a unique local one (RFC 4193).
 */
export const UPLINK = {
  device: 'uplink',
  address4: '192.0.0.2',
  prefixLength4: 29,
  gateway4: '192.0.0.1',
  address6: 'fd6e:6574:626f::2',
  gateway6: 'fd6e:6574:626f::1',
  /** Passes questions on to the first name server of the host, also to one on the host's loopback (systemd-resolved). */
  resolver: '192.0.0.1',
} as const;

const GRACE = 500;

const recordPath = (directory: string): string => join(directory, 'uplink.json');
const pidPath = (directory: string): string => join(directory, 'uplink.pid');

/**
 * Gives the holder's network namespace a way out, unless it has one; back when its interface has its addresses and routes.
 * To be called from outside of the holder. Nothing of the host's loopback and no port of the host's leads inside.
 * @throws RootlessError `uplink-missing`, `tun-forbidden`, `uplink-no-route`, `uplink-failed`
 */
export async function startUplink(holder: Holder): Promise<void> {
  const { directory } = holder;
  if (findUplink(directory)) return;
  const families = requireUplink();
  // What is noted of one that has died would hide the new one.
  rmSync(recordPath(directory), { force: true });
  // AppArmor's profile of pasta allows a pid file in /tmp and at home, and elsewhere in newer versions only.
  const failure = (await pasta(pidPath(directory), holder, families)) && (await viaTemporary(holder, families));
  const uplink = failure === '' ? findUplink(directory) : undefined;
  if (!uplink)
    throw new RootlessError(
      'uplink-failed',
      `the uplink did not start: ${failure || 'pasta ended'}`,
      'Try pasta --config-net by hand; see its man page.',
    );
  writeFileSync(recordPath(directory), JSON.stringify(uplink), { mode: 0o600 });
}

/**
 * Gives back the way out that the bottle had, should pasta have died. Nothing watches it: the next command sees to it.
 * @throws RootlessError as `startUplink`
 */
export async function reviveUplink(holder: Holder): Promise<void> {
  const had = existsSync(recordPath(holder.directory)) || existsSync(pidPath(holder.directory));
  if (had) await startUplink(holder);
}

/** The uplink that runs, if one does. `directory` is the bottle's state directory. */
function findUplink(directory: string): ProcessIdentity | undefined {
  const record = readText(recordPath(directory));
  if (record !== undefined) {
    const identity = JSON.parse(record) as ProcessIdentity;
    return isAlive(identity) ? identity : undefined;
  }
  // Whoever started it was killed before the record was written; a number alone is believed only with the right name.
  const pid = Number(readText(pidPath(directory)));
  const identity = pid > 0 ? identify(pid) : undefined;
  return identity && isAlive(identity) && /^(pasta|passt)/.test(readText(`/proc/${pid}/comm`) ?? '') ? identity : undefined;
}

/** Before `endHolder`: pasta would keep the namespace alive. */
export async function endUplink(directory: string): Promise<void> {
  const uplink = findUplink(directory);
  if (uplink) await endProcesses([uplink], GRACE);
  for (const path of [recordPath(directory), pidPath(directory)]) rmSync(path, { force: true });
}

export interface UplinkFamilies {
  readonly ipv4: boolean;
  readonly ipv6: boolean;
}

/**
 * Whether an uplink can be had here, and for which address families; for `up` and `doctor`, before anything changes.
 * @throws RootlessError `uplink-missing`, `tun-forbidden`, `uplink-no-route`
 */
export function requireUplink(): UplinkFamilies {
  if (
    !(process.env['PATH'] ?? '')
      .split(':')
      .concat('/usr/bin', '/usr/local/bin')
      .some((directory) => existsSync(join(directory, 'pasta')))
  ) {
    throw new RootlessError(
      'uplink-missing',
      'without root, networks of mode nat and routed reach the outside through pasta, which is not installed',
      'sudo apt install passt',
    );
  }
  try {
    accessSync('/dev/net/tun', constants.R_OK | constants.W_OK);
  } catch {
    const there = existsSync('/dev/net/tun');
    throw new RootlessError(
      'tun-forbidden',
      `/dev/net/tun is ${there ? 'not open to ordinary users' : 'not there'}`,
      there ? 'sudo chmod 666 /dev/net/tun' : 'sudo modprobe tun',
    );
  }
  const families = { ipv4: hasDefault4(readText('/proc/net/route') ?? ''), ipv6: hasDefault6(readText('/proc/net/ipv6_route') ?? '') };
  if (!families.ipv4 && !families.ipv6)
    throw new RootlessError(
      'uplink-no-route',
      'this host has no default route, so there is nowhere to go',
      'Connect the host, or use internal networks.',
    );
  return families;
}

/** proc_pid_net(5): destination 0 with mask 0. @internal */
export const hasDefault4 = (table: string): boolean =>
  table
    .split('\n')
    .slice(1)
    .some((line) => /^\S+\t00000000\t\S+\t\S+\t\S+\t\S+\t\S+\t00000000/.test(line));

/** A default route that is not the kernel's own `unreachable` on lo. @internal */
export const hasDefault6 = (table: string): boolean =>
  table.split('\n').some((line) => /^0{32} 00 /.test(line) && !line.trimEnd().endsWith(' lo'));

/** Starts pasta, which goes to the background when all is set up. What went wrong, or nothing. */
async function pasta(pidFile: string, holder: Holder, { ipv4, ipv6 }: UplinkFamilies): Promise<string> {
  const none = ['-t', '-u', '-T', '-U'].flatMap((direction) => [direction, 'none']);
  const args = [
    ...['--config-net', '--quiet', '--no-map-gw', ...none, '--ns-ifname', UPLINK.device, '--mtu', '1500', '--dns-forward', UPLINK.resolver],
    ...(ipv4 ? ['--address', UPLINK.address4, '--netmask', String(UPLINK.prefixLength4), '--gateway', UPLINK.gateway4] : ['--ipv6-only']),
    ...(ipv6 ? ['--address', UPLINK.address6, '--gateway', UPLINK.gateway6] : ['--ipv4-only']),
    ...['--pid', pidFile, String(holder.pid)],
  ];
  const child = spawn('pasta', args, {
    cwd: '/',
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: `${process.env['PATH'] ?? ''}:/usr/local/bin:/usr/bin:/bin`, NETBOTTLE: holder.bottle },
  });
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const code = await new Promise<number | string>((resolve) => {
    child.once('error', (error) => resolve(error.message));
    // `close` waits for standard error, `exit` does not: of the one in the background it may stay open.
    child.once('exit', (status) => status === 0 && resolve(0));
    child.once('close', (status) => resolve(status ?? 1));
  });
  child.stderr.destroy();
  if (code === 0) return '';
  // Without a system log it complains of that too.
  const lines = errors.split('\n').filter((line) => line !== '' && !line.includes('syslog'));
  return lines.join('; ') || `pasta: ${code}`;
}

async function viaTemporary(holder: Holder, families: UplinkFamilies): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'netbottle-'));
  try {
    const failure = await pasta(join(directory, 'uplink.pid'), holder, families);
    if (failure !== '') return failure;
    const path = pidPath(holder.directory);
    writeFileSync(`${path}.new`, readFileSync(join(directory, 'uplink.pid')));
    renameSync(`${path}.new`, path);
    return '';
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}
