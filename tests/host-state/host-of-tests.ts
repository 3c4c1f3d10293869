/** Private hosts that come and go with the tests of a file. */
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { ConnectedHost, PrivateHost } from './host.ts';
import { type PrivateHostOptions, privateHost } from './private-host.ts';

/** One for all tests of a file. It is there from its first `beforeAll` on. */
export function hostForAll(options: PrivateHostOptions & { readonly uplink: true }): ConnectedHost;
export function hostForAll(options?: PrivateHostOptions): PrivateHost;
export function hostForAll(options: PrivateHostOptions = {}): PrivateHost {
  const { host, begin, end } = standIn(options);
  beforeAll(begin);
  afterAll(end);
  return host;
}

/** One for each test of a file. */
export function hostForEach(options: PrivateHostOptions & { readonly uplink: true }): ConnectedHost;
export function hostForEach(options?: PrivateHostOptions): PrivateHost;
export function hostForEach(options: PrivateHostOptions = {}): PrivateHost {
  const { host, begin, end } = standIn(options);
  beforeEach(begin);
  afterEach(end);
  return host;
}

/** What tests have in their hands before there is a host. */
function standIn(options: PrivateHostOptions) {
  let now: PrivateHost | undefined;
  return {
    host: new Proxy({} as PrivateHost, {
      get(_, key) {
        if (now === undefined) throw new Error(`no host has ${String(key)} before or after the tests`);
        return Reflect.get(now, key) as unknown;
      },
    }),
    begin: async (): Promise<void> => {
      now = await privateHost(options);
    },
    end: async (): Promise<void> => {
      await now?.end();
      now = undefined;
    },
  };
}
