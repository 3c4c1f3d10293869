/** A copy of what matters to us in the database of an Open vSwitch, kept by the server's own updates (RFC 7047, section 4.1.5). */
import { JsonRpc } from './json-rpc.ts';
import { OvsError } from './ovs-error.ts';
import { numberIn, type Row } from './wire.ts';

const DATABASE = 'Open_vSwitch';

/** The tables and columns (ovs-vswitchd.conf.db(5)). Counters and states are left out: they change all the time. */
const COLUMNS = {
  Open_vSwitch: ['bridges', 'next_cfg', 'cur_cfg'],
  Bridge: [
    'name',
    'ports',
    'mirrors',
    'controller',
    'datapath_type',
    'fail_mode',
    'stp_enable',
    'rstp_enable',
    'other_config',
    'external_ids',
  ],
  Port: ['name', 'interfaces', 'tag', 'trunks', 'cvlans', 'vlan_mode', 'other_config', 'external_ids'],
  Interface: ['name', 'type', 'options', 'mac', 'ofport', 'error', 'external_ids'],
  Mirror: ['name', 'select_all', 'select_src_port', 'select_dst_port', 'select_vlan', 'output_port', 'output_vlan', 'external_ids'],
  Controller: ['target', 'external_ids'],
} as const;

export type Table = keyof typeof COLUMNS;

/** Rows by their uuids. */
type Rows = ReadonlyMap<string, Row>;
export type Contents = Readonly<Record<Table, Rows>>;

type Updates = Readonly<Partial<Record<Table, Readonly<Record<string, { readonly new?: Row }>>>>>;

/** One operation of a transaction (RFC 7047, section 5.2). */
export interface Operation {
  readonly op: 'insert' | 'update' | 'mutate' | 'delete' | 'select' | 'wait';
  readonly table: Table;
  readonly [member: string]: unknown;
}

interface OperationResult {
  readonly error?: string;
  readonly details?: string;
  readonly rows?: readonly Row[];
}

export class Database {
  readonly #rpc: JsonRpc;
  readonly #contents: Record<Table, Map<string, Row>> = {
    Open_vSwitch: new Map(),
    Bridge: new Map(),
    Port: new Map(),
    Interface: new Map(),
    Mirror: new Map(),
    Controller: new Map(),
  };
  #heard: () => void = () => undefined;
  #lost: (error: OvsError) => void = () => undefined;
  #gone: OvsError | undefined;

  private constructor(rpc: JsonRpc) {
    this.#rpc = rpc;
    rpc.notified = (method, params) => {
      if (method === 'update') this.#update((params[1] ?? {}) as Updates);
    };
    rpc.ended = (error) => {
      this.#gone = error;
      this.#lost(error);
    };
  }

  /** @throws OvsError `ovs-absent`, `ovs-protocol` */
  static async open(socket: string): Promise<Database> {
    const database = new Database(await JsonRpc.connect(socket));
    try {
      const wanted = Object.fromEntries(Object.entries(COLUMNS).map(([table, columns]) => [table, { columns }]));
      database.#update((await database.#rpc.request('monitor', [DATABASE, null, wanted])) as Updates);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  }

  get contents(): Contents {
    return this.#contents;
  }

  /**
   * Does all of it or nothing.
   * @throws OvsError `ovs-transaction`
   */
  async transact(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    const results = (await this.#rpc.request('transact', [DATABASE, ...operations])) as readonly (OperationResult | null)[];
    const failure = results.find((result) => typeof result?.error === 'string');
    if (failure) throw new OvsError('ovs-transaction', `Open vSwitch refused: ${failure.details ?? failure.error}`);
    return results.map((result) => result ?? {});
  }

  /** Is back when ovs-vswitchd has made the configuration of this number; false when it has not in so many milliseconds. */
  async realised(configuration: number, limit: number): Promise<boolean> {
    const isReached = (): boolean =>
      [...this.#contents.Open_vSwitch.values()].some((row) => (numberIn(row, 'cur_cfg') ?? 0) >= configuration);
    if (isReached()) return true;
    if (this.#gone !== undefined) throw this.#gone;
    return await new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(false), limit);
      this.#lost = (error) => {
        clearTimeout(timer);
        reject(error);
      };
      this.#heard = () => {
        if (!isReached()) return;
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  close(): void {
    this.#heard = () => undefined;
    this.#lost = () => undefined;
    this.#rpc.close();
  }

  #update(updates: Updates): void {
    for (const table of Object.keys(COLUMNS) as Table[]) {
      for (const [id, { new: row }] of Object.entries(updates[table] ?? {})) {
        if (row === undefined) this.#contents[table].delete(id);
        else this.#contents[table].set(id, row);
      }
    }
    this.#heard();
  }
}

/** Opens the database for as long as `act` takes. */
export async function withDatabase<T>(socket: string, act: (database: Database) => Promise<T>): Promise<T> {
  const database = await Database.open(socket);
  try {
    return await act(database);
  } finally {
    database.close();
  }
}
