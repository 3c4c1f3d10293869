/** What is known of one thing, by the name of the fact. */
export type Item = Readonly<Record<string, string>>;

/** Things of one sort, by what tells them apart. */
export type Items = Readonly<Record<string, Item>>;

/** Everything of a host that a bottle must leave as it found it. */
export interface HostState {
  readonly links: Items;
  readonly addresses: Items;
  readonly routes: Items;
  readonly rules: Items;
  readonly queues: Items;
  readonly firewall: Items;
  readonly sysctls: Items;
  readonly namespaces: Items;
  readonly mounts: Items;
  readonly processes: Items;
  readonly files: Items;
}

/**
 * `all` where nobody else is at work (see `privateHost`); `ours` on a machine that others use at the same time: of processes,
 * namespaces and files only those that bear the name of Netbottle, because all others come and go by themselves.
 */
export type Extent = 'all' | 'ours';
