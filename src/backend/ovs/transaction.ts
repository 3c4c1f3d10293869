/** One transaction that takes away and makes what it is told, from what the database holds now. */
import type { OvsMirror } from '../../resource/ovs-mirror.ts';
import type { OvsPort } from '../../resource/ovs-port.ts';
import type { OvsSwitch } from '../../resource/ovs-switch.ts';
import { type Columns, interfaceColumns, portColumns, switchColumns } from './columns.ts';
import type { Contents, Operation, Table } from './database.ts';
import { MARK, ownerOf } from './mark.ts';
import { mapOf, namedUuid, numbersIn, optional, type Reference, type Row, referencesIn, setOf, textIn, uuid } from './wire.ts';

export type Listed = OvsSwitch | OvsPort | OvsMirror;

/** What an operation has to say besides its table. */
const on = (id: string): readonly unknown[] => [['_uuid', '==', uuid(id)]];

export class Transaction {
  readonly #contents: Contents;
  readonly #bottle: string;
  readonly #operations: Operation[] = [];
  /** Rows that are there, by table and name. */
  readonly #there: ReadonlyMap<string, string>;
  /** Rows that this transaction inserts, by table and name. */
  readonly #fresh = new Map<string, Reference>();
  /** References to be put into columns of rows, all those of a column at once. */
  readonly #joining = new Map<string, { readonly table: Table; readonly where: readonly unknown[]; readonly references: Reference[] }>();

  constructor(contents: Contents, bottle: string) {
    this.#contents = contents;
    this.#bottle = bottle;
    this.#there = new Map(
      (['Bridge', 'Port'] as const).flatMap((table) =>
        [...contents[table]].map(([id, row]) => [`${table} ${textIn(row, 'name')}`, id] as const),
      ),
    );
  }

  /** What is gone already is no error, and neither is what is not ours any more. */
  remove(resource: Listed): void {
    if (resource.kind === 'ovs-switch') {
      const bridge = this.#own('Bridge', resource.device);
      if (bridge !== undefined) this.#mutate('Open_vSwitch', [], ['bridges', 'delete', uuid(bridge)]);
      return;
    }
    const bridge = this.#row('Bridge', resource.switch);
    const [table, column] = resource.kind === 'ovs-port' ? (['Port', 'ports'] as const) : (['Mirror', 'mirrors'] as const);
    if (bridge === undefined) return;
    for (const id of this.#listed(bridge, column, table, resource.name)) this.#mutate('Bridge', on(bridge), [column, 'delete', uuid(id)]);
  }

  make(resource: Listed): void {
    if (resource.kind === 'ovs-switch') this.#makeSwitch(resource);
    else if (resource.kind === 'ovs-port') this.#makePort(resource);
    else this.#makeMirror(resource);
  }

  /** All of it; empty when there is nothing to do. The last but one raises the number of the configuration, the last tells it. */
  operations(): readonly Operation[] {
    for (const [key, { table, where, references }] of this.#joining) {
      const column = key.slice(key.lastIndexOf(' ') + 1);
      this.#mutate(table, where, [column, 'insert', setOf(references)]);
    }
    this.#joining.clear();
    if (this.#operations.length === 0) return [];
    return [
      ...this.#operations,
      { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] },
      { op: 'select', table: 'Open_vSwitch', where: [], columns: ['next_cfg'] },
    ];
  }

  #makeSwitch(resource: OvsSwitch): void {
    const { device, controllers } = resource;
    const columns = switchColumns(resource);
    const controller = setOf(
      controllers.map((target) => this.#insert('Controller', target, { target, connection_mode: 'out-of-band', ...this.#marks() })),
    );
    const there = this.#own('Bridge', device);
    if (there !== undefined) {
      this.#change('Bridge', there, columns, { controller });
      return;
    }
    const behind = this.#insert('Interface', device, { name: device, type: 'internal', ...this.#marks() });
    const port = this.#insert('Port', device, { name: device, interfaces: behind, ...this.#marks() });
    const bridge = this.#insert('Bridge', device, { name: device, ports: port, controller, ...fresh(columns), ...this.#marks() });
    this.#join('Open_vSwitch', '', [], 'bridges', bridge);
  }

  #makePort(resource: OvsPort): void {
    const { name } = resource;
    const columns = portColumns(resource);
    const there = this.#own('Port', name);
    if (there !== undefined) {
      this.#change('Port', there, columns);
      for (const id of referencesIn(this.#contents.Port.get(there) ?? {}, 'interfaces'))
        this.#operations.push({ op: 'update', table: 'Interface', where: on(id), row: { ...interfaceColumns(resource.interface) } });
      return;
    }
    const behind = this.#insert('Interface', name, { name, ...interfaceColumns(resource.interface), ...this.#marks() });
    const port = this.#insert('Port', name, { name, interfaces: behind, ...fresh(columns), ...this.#marks() });
    this.#joinBridge(resource.switch, 'ports', port);
  }

  #makeMirror({ switch: bridge, name, select, vlans, output }: OvsMirror): void {
    const portsNamed = (names: readonly string[]): Row[string] =>
      setOf(names.map((port) => this.#reference('Port', port)).filter((found) => found !== undefined));
    const row: Row = {
      select_all: select === 'all',
      select_src_port: portsNamed(select === 'all' ? [] : select.sources),
      select_dst_port: portsNamed(select === 'all' ? [] : select.destinations),
      select_vlan: setOf(vlans),
      output_port: optional('port' in output ? this.#reference('Port', output.port) : undefined),
      output_vlan: optional('vlan' in output ? output.vlan : undefined),
    };
    const switchRow = this.#row('Bridge', bridge);
    const [there] = switchRow === undefined ? [] : this.#listed(switchRow, 'mirrors', 'Mirror', name);
    if (there === undefined)
      this.#joinBridge(bridge, 'mirrors', this.#insert('Mirror', `${bridge} ${name}`, { name, ...row, ...this.#marks() }));
    else this.#operations.push({ op: 'update', table: 'Mirror', where: on(there), row });
  }

  #joinBridge(name: string, column: 'ports' | 'mirrors', reference: Reference): void {
    const bridge = this.#reference('Bridge', name);
    if (bridge === undefined) throw new Error(`there is no bridge ${name} for a new row in ${column}`);
    this.#join('Bridge', bridge[1], [['_uuid', '==', bridge]], column, reference);
  }

  #join(table: Table, row: string, where: readonly unknown[], column: string, reference: Reference): void {
    const key = `${table} ${row} ${column}`;
    const joining = this.#joining.get(key) ?? { table, where, references: [] };
    joining.references.push(reference);
    this.#joining.set(key, joining);
  }

  #insert(table: Table, name: string, row: Row): Reference {
    const own = `row${this.#operations.length}`;
    this.#operations.push({ op: 'insert', table, row, 'uuid-name': own });
    this.#fresh.set(`${table} ${name}`, namedUuid(own));
    return namedUuid(own);
  }

  #change(table: Table, id: string, { whole, config }: Columns, more: Row = {}): void {
    this.#operations.push({ op: 'update', table, where: on(id), row: { ...whole, ...more } });
    this.#mutate(table, on(id), ['other_config', 'delete', setOf(Object.keys(config))], ['other_config', 'insert', mapOf(given(config))]);
  }

  #mutate(table: Table, where: readonly unknown[], ...mutations: readonly (readonly [string, string, unknown])[]): void {
    this.#operations.push({ op: 'mutate', table, where, mutations });
  }

  #marks(): Row {
    return { external_ids: mapOf({ [MARK]: this.#bottle }) };
  }

  #row(table: 'Bridge' | 'Port', name: string): string | undefined {
    return this.#there.get(`${table} ${name}`);
  }

  #own(table: 'Bridge' | 'Port', name: string): string | undefined {
    const id = this.#row(table, name);
    return id !== undefined && ownerOf(this.#contents[table].get(id) ?? {}) === this.#bottle ? id : undefined;
  }

  /** Of ours, what a column of a bridge lists under this name. */
  #listed(bridge: string, column: string, table: Table, name: string): readonly string[] {
    return referencesIn(this.#contents.Bridge.get(bridge) ?? {}, column).filter((id) => {
      const row = this.#contents[table].get(id) ?? {};
      return textIn(row, 'name') === name && ownerOf(row) === this.#bottle;
    });
  }

  #reference(table: 'Bridge' | 'Port', name: string): Reference | undefined {
    const there = this.#row(table, name);
    return this.#fresh.get(`${table} ${name}`) ?? (there === undefined ? undefined : uuid(there));
  }
}

const given = (config: Columns['config']): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(config).filter((entry): entry is [string, string] => entry[1] !== undefined));

const fresh = ({ whole, config }: Columns): Row => ({ ...whole, other_config: mapOf(given(config)) });

/** The number of the configuration, as the last operation told it. */
export const configurationIn = (row: Row | undefined): number => numbersIn(row ?? {}, 'next_cfg')[0] ?? 0;
