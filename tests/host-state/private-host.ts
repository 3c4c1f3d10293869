import type { ConnectedHost, PrivateHost } from './host.ts';
import { isolate } from './isolate.ts';
import { connect } from './uplink.ts';

export interface PrivateHostOptions {
  /** Whether it gets an uplink. */
  readonly uplink?: boolean;
  /** More directories under `/tmp` or `/run` that it sees as they are. */
  readonly share?: readonly string[];
}

export async function privateHost(options: PrivateHostOptions & { readonly uplink: true }): Promise<ConnectedHost>;
export async function privateHost(options?: PrivateHostOptions): Promise<PrivateHost>;
export async function privateHost({ uplink = false, share = [] }: PrivateHostOptions = {}): Promise<PrivateHost | ConnectedHost> {
  if (process.getuid?.() !== 0) throw new Error('A private host needs root: run the tests of the kernel as root.');
  const host = await isolate(share);
  if (!uplink) return host;
  try {
    const lan = await isolate([]);
    const end = async (): Promise<void> => void (await Promise.all([host.end(), lan.end()]));
    try {
      return { ...host, lan, uplink: await connect(host, lan), end };
    } catch (error) {
      await lan.end();
      throw error;
    }
  } catch (error) {
    await host.end();
    throw error;
  }
}

/** A private host for as long as `use` takes. */
export async function inPrivateHost<T>(
  options: PrivateHostOptions & { readonly uplink: true },
  use: (host: ConnectedHost) => Promise<T>,
): Promise<T>;
export async function inPrivateHost<T>(options: PrivateHostOptions, use: (host: PrivateHost) => Promise<T>): Promise<T>;
export async function inPrivateHost<T>(options: PrivateHostOptions, use: (host: ConnectedHost) => Promise<T>): Promise<T> {
  const host = await privateHost(options);
  try {
    return await use(host as ConnectedHost);
  } finally {
    await host.end();
  }
}
