/** A bottle of resources written by hand, without a file: planned, made and removed as `up` and `down` do it. */

import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { bottleDirectory, type Home, namespacePath } from '../../src/backend/home.ts';
import { processesMarked } from '../../src/backend/process/living.ts';
import { plainSwitch } from '../../src/compile/switching/plain-switch.ts';
import { backendsFor } from '../../src/engine/context.ts';
import { apply } from '../../src/plan/apply.ts';
import type { Backend, Observed } from '../../src/plan/backend.ts';
import { diff } from '../../src/plan/diff.ts';
import type { Change } from '../../src/plan/plan.ts';
import type { Resource } from '../../src/resource/kinds.ts';
import type { OvsPort, OvsVlan } from '../../src/resource/ovs-port.ts';
import type { OvsSwitch } from '../../src/resource/ovs-switch.ts';

export class Lab {
  readonly home: Home = { root: mkdtempSync(join(tmpdir(), 'netbottle-ovs-')) };
  /** No two labs have the same: names of namespaces are the machine's. */
  readonly bottle = `ovs-${randomBytes(3).toString('hex')}`;
  readonly backends: readonly Backend[] = backendsFor(this.home, []);

  get directory(): string {
    return bottleDirectory(this.home, this.bottle);
  }

  /** `lab.web`; of the fabric, `lab`. */
  namespace(machine = ''): string {
    return machine === '' ? this.bottle : `${this.bottle}.${machine}`;
  }

  async observe(wanted: readonly Resource[]): Promise<Observed> {
    const all: Observed[] = [];
    for (const backend of this.backends) all.push(await backend.read(this.bottle, wanted));
    return { resources: all.flatMap(({ resources }) => resources), taken: all.flatMap(({ taken }) => taken) };
  }

  async plan(desired: readonly Resource[]): Promise<readonly Change[]> {
    return diff(this.bottle, desired, (await this.observe(desired)).resources).changes;
  }

  async up(desired: readonly Resource[]): Promise<void> {
    await apply({ bottle: this.bottle, changes: await this.plan(desired), unchanged: 0 }, this.backends, () => undefined);
  }

  async down(): Promise<void> {
    await this.up([]);
  }

  /** Also when something has failed before. */
  async end(): Promise<void> {
    try {
      await this.down();
    } finally {
      rmSync(this.home.root, { recursive: true, force: true });
    }
  }

  /** Runs a program in a namespace, and gives what it writes. */
  in(machine: string, ...command: readonly string[]): string {
    return execFileSync('nsenter', [`--net=${namespacePath(this.home, this.bottle, this.namespace(machine))}`, '--', ...command], {
      encoding: 'utf8',
      timeout: 30_000,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  /** Starts a program in a namespace, which ends with the lab. */
  start(machine: string, ...command: readonly string[]): { says(text: string): Promise<void> } {
    const path = namespacePath(this.home, this.bottle, this.namespace(machine));
    const child = spawn('nsenter', [`--net=${path}`, '--', ...command], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    return { says: async (text) => void (await expect.poll(() => said).toContain(text)) };
  }

  /** A tool of Open vSwitch, for the one in a namespace. */
  tool(machine: string, ...command: readonly string[]): string {
    const [program = '', ...args] = command;
    const run = join(this.directory, 'ovs', this.namespace(machine), 'run');
    return execFileSync(program, args, { encoding: 'utf8', timeout: 30_000, env: { ...process.env, OVS_RUNDIR: run } });
  }

  /** Processes that are of this lab's Open vSwitches. */
  daemons(): readonly number[] {
    return processesMarked([[`NETBOTTLE=${this.bottle}`, 'NETBOTTLE_OPEN_VSWITCH=']]).map(({ pid }) => pid);
  }

  /** Of a daemon of the fabric. */
  pid(daemon: string): number {
    return Number(readFileSync(join(this.directory, 'ovs', this.namespace(), 'run', `${daemon}.pid`), 'utf8'));
  }

  /** Takes a namespace away as somebody would by hand; what lives in it lives on. */
  unmount(machine: string): void {
    execFileSync('umount', [namespacePath(this.home, this.bottle, this.namespace(machine))]);
  }

  pings(from: string, to: string): boolean {
    try {
      this.in(from, 'ping', '-c', '1', '-W', '2', to);
      return true;
    } catch (error) {
      if ((error as { readonly status?: number }).status === 1) return false;
      throw error;
    }
  }

  /** A namespace with an Open vSwitch. */
  fabric(name = ''): readonly Resource[] {
    const namespace = this.namespace(name);
    return [
      { kind: 'namespace', origin: [], name: namespace },
      { kind: 'open-vswitch', origin: [], namespace },
    ];
  }

  switch(device: string, more: Partial<OvsSwitch> & { readonly fabric?: string } = {}): OvsSwitch {
    const { fabric = '', ...settings } = more;
    return { ...plainSwitch(this.namespace(fabric), device, '02:00:00:00:0f:01', []), ...settings };
  }

  port(bridge: string, name: string, more: Partial<OvsPort> & { readonly fabric?: string } = {}): OvsPort {
    const { fabric = '', ...settings } = more;
    return {
      kind: 'ovs-port',
      origin: [],
      namespace: this.namespace(fabric),
      switch: bridge,
      name,
      interface: { type: 'device' },
      vlan: { mode: 'trunk', trunks: [] },
      ...settings,
    };
  }

  /** A machine with an address, plugged into a switch. */
  machine(
    name: string,
    number: number,
    bridge: string,
    vlan: OvsVlan,
    more: { readonly fabric?: string; readonly address?: string } = {},
  ): readonly Resource[] {
    const { fabric = '', address = `10.0.0.${number}/24` } = more;
    const namespace = this.namespace(name);
    const mac = (end: number): string => `02:00:00:00:${end.toString(16).padStart(2, '0')}:${number.toString(16).padStart(2, '0')}`;
    const device = { checksumOffload: false, up: true } as const;
    return [
      { kind: 'namespace', origin: [], name: namespace },
      {
        kind: 'veth',
        origin: [],
        name: `${name}/lan`,
        ends: [
          { namespace, device: 'lan', mac: mac(1), ...device },
          { namespace: this.namespace(fabric), device: `${name}.lan`, mac: mac(2), ...device },
        ],
        mtu: 1500,
      },
      this.port(bridge, `${name}.lan`, { fabric, vlan }),
      { kind: 'address', origin: [], namespace, device: 'lan', address },
    ];
  }
}

/** A lab for as long as `use` takes. */
export async function inLab<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = new Lab();
  try {
    return await use(lab);
  } finally {
    await lab.end();
  }
}
