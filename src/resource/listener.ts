import type { ResourceBase } from './resource.ts';

/** A built-in responder of a machine that `listen:`s before its software exists. */
export interface Listener extends ResourceBase {
  readonly kind: 'listener';
  readonly machine: string;
  readonly namespace: string;
  readonly protocol: 'tcp' | 'udp';
  /** 1 to 65535. */
  readonly port: number;
  /** What it says: an HTTP page, a greeting line, or what it was sent. */
  readonly responder: 'http' | 'greeting' | 'echo';
}
