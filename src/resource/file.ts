import type { Kind } from './kind.ts';
import type { ResourceBase } from './resource.ts';

/** A file in the bottle's state directory that its processes see, as /etc/hosts. */
export interface File extends ResourceBase {
  readonly kind: 'file';
  /** Relative to the bottle's state directory: `hosts`, `resolv/web.conf`. */
  readonly path: string;
  readonly content: string;
}

export const fileKind: Kind<File> = {
  identity: ({ path }) => `file:${path}`,
  provides: ({ path }) => [`file:${path}`],
  requires: () => [],
  goesWith: () => [],
  differences: ({ content: before }, { content: after }) =>
    before === after
      ? []
      : [{ field: 'content', before: `${before.length} characters`, after: `${after.length} characters`, effect: 'live' }],
  describe: ({ path }) => `file ${path}`,
};
