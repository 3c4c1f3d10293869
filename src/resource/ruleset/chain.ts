import type { Statement } from './statement.ts';

export interface Rule {
  readonly statements: readonly Statement[];
  /** Where in the file it comes from, as `commentOf` writes it; the kernel keeps 128 bytes. */
  readonly comment: string;
  /** Only of rules that were read: what nft says of one for which there are no words here. It equals no other. */
  readonly unknown?: string;
}

/** Where a base chain is hooked in; absent for chains that are only jumped to. */
export interface Hook {
  readonly type: 'filter' | 'nat' | 'route';
  readonly hook: 'ingress' | 'prerouting' | 'input' | 'forward' | 'output' | 'postrouting';
  /** As a number: -300 raw, -150 mangle, -100 dstnat, 0 filter, 100 srcnat; other numbers in the bridge family. */
  readonly priority: number;
  readonly policy: 'accept' | 'drop';
}

export interface Chain {
  readonly name: string;
  readonly hook?: Hook;
  readonly rules: readonly Rule[];
}
