/** A namespace while its resources are gathered, in whatever order they come. */
import type { Family } from '../../../address/ip.ts';
import type { Listener } from '../../../resource/listener.ts';
import type { Program } from '../flows/program.ts';
import type { Device, DeviceAddress, ModelRoute, RuledTable } from '../model.ts';
import type { NotFollowed } from '../not-followed.ts';

export interface Draft {
  readonly devices: Map<string, Device>;
  readonly addresses: DeviceAddress[];
  readonly routes: ModelRoute[];
  readonly forwarding: Set<Family>;
  /** Families for which routes by devices without a carrier are none (`ignore_routes_with_linkdown`, ip-sysctl). */
  readonly ignoring: Set<Family>;
  readonly reversePaths: Map<string, number>;
  readonly tables: RuledTable[];
  readonly switching: Map<string, Program | NotFollowed>;
  readonly listeners: Listener[];
  programs: number;
}

/** All that are spoken of, made when they first are. */
export class Drafts {
  readonly #drafts = new Map<string, Draft>();

  at(namespace: string): Draft {
    const draft = this.#drafts.get(namespace) ?? {
      devices: new Map(),
      addresses: [],
      routes: [],
      forwarding: new Set(),
      ignoring: new Set(),
      reversePaths: new Map(),
      tables: [],
      switching: new Map(),
      listeners: [],
      programs: 0,
    };
    this.#drafts.set(namespace, draft);
    return draft;
  }

  /** By namespace. */
  get all(): ReadonlyMap<string, Draft> {
    return this.#drafts;
  }
}
