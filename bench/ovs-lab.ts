/** What the benchmark of Open vSwitch makes: resources by hand, planned and made as `up` does it. */

import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bottleDirectory, namespacePath } from '../src/backend/home.ts';
import { plainSwitch } from '../src/compile/switching/plain-switch.ts';
import { backendsFor } from '../src/engine/context.ts';
import { apply } from '../src/plan/apply.ts';
import { diff } from '../src/plan/diff.ts';
import type { Resource } from '../src/resource/kinds.ts';
import { addressOf } from './star-file.ts';

const hex = (number: number): string => number.toString(16).padStart(2, '0');
const TAG = 100;

export class OvsLab {
  readonly bottle = `bench-${randomBytes(3).toString('hex')}`;
  readonly #home = { root: mkdtempSync(join(tmpdir(), 'bench-ovs-')) };
  readonly #backends = backendsFor(this.#home, []);

  /** For the tools of Open vSwitch. */
  get environment(): NodeJS.ProcessEnv {
    return { ...process.env, OVS_RUNDIR: join(bottleDirectory(this.#home, this.bottle), 'ovs', this.bottle, 'run') };
  }

  path(machine?: number): string {
    return namespacePath(this.#home, this.bottle, machine === undefined ? this.bottle : `${this.bottle}.m${machine}`);
  }

  /** Reads what is there, plans, and makes; in seconds. */
  async up(desired: readonly Resource[]): Promise<number> {
    const started = performance.now();
    const resources: Resource[] = [];
    for (const backend of this.#backends) resources.push(...(await backend.read(this.bottle, desired)).resources);
    await apply(diff(this.bottle, desired, resources), this.#backends, () => undefined);
    return (performance.now() - started) / 1000;
  }

  async end(): Promise<void> {
    await this.up([]);
    rmSync(this.#home.root, { recursive: true, force: true });
  }

  /** A namespace with an Open vSwitch in which there is nothing yet. */
  fabric(): readonly Resource[] {
    return [
      { kind: 'namespace', origin: [], name: this.bottle },
      { kind: 'open-vswitch', origin: [], namespace: this.bottle },
    ];
  }

  /** Machines on cables into the fabric, whose ends there are no ports yet. */
  machines(count: number): readonly Resource[] {
    return Array.from({ length: count }, (_, index) => this.#machine(index)).flat();
  }

  #machine(index: number): readonly Resource[] {
    const namespace = `${this.bottle}.m${index}`;
    const mac = (end: number): string => `02:00:00:0${end}:${hex(index >> 8)}:${hex(index & 255)}`;
    const end = { checksumOffload: false, up: true };
    return [
      { kind: 'namespace', origin: [], name: namespace },
      {
        kind: 'veth',
        origin: [],
        name: `m${index}/lan`,
        ends: [
          { namespace, device: 'lan', mac: mac(1), ...end },
          { namespace: this.bottle, device: `m${index}.lan`, mac: mac(2), ...end },
        ],
        mtu: 1500,
      },
      { kind: 'address', origin: [], namespace, device: 'lan', address: `${addressOf(index)}/16` },
    ];
  }

  /** A switch with the machines as access ports of one VLAN. */
  switch(count: number): readonly Resource[] {
    return [
      plainSwitch(this.bottle, 'sw', '02:00:00:00:ff:01', []),
      ...Array.from(
        { length: count },
        (_, index): Resource => ({
          kind: 'ovs-port',
          origin: [],
          namespace: this.bottle,
          switch: 'sw',
          name: `m${index}.lan`,
          interface: { type: 'device' },
          vlan: { mode: 'access', tag: TAG },
        }),
      ),
    ];
  }

  /** The same switch in calls of ovs-vsctl. */
  vsctl(count: number): readonly (readonly string[])[] {
    return [
      ['add-br', 'sw', '--', 'set', 'bridge', 'sw', 'datapath_type=netdev'],
      ...Array.from({ length: count }, (_, index) => ['add-port', 'sw', `m${index}.lan`, `tag=${TAG}`]),
    ];
  }
}
