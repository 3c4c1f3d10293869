import type { ResourceBase } from './resource.ts';

/** A file in the bottle's state directory that its processes see, as /etc/hosts. */
export interface File extends ResourceBase {
  readonly kind: 'file';
  /** Relative to the bottle's state directory: `hosts`, `resolv/web.conf`. */
  readonly path: string;
  readonly content: string;
}
