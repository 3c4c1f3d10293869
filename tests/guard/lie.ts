import type { Envelope } from './extension.ts';
import { bob, eve } from './scene.ts';

/** Frames that the liar sends in this order. The first is the one that must not arrive. */
export interface Lie {
  readonly name: string;
  /** What stops it, for the table in docs/guards.md. */
  readonly stop: string;
  /** Where the protocol says so. */
  readonly source: string;
  readonly frames: readonly Buffer[];
  /** Whether the same is also said behind every extension header. */
  readonly hidden?: readonly Lie[];
}

/** From eve to bob, honest in everything that is not overridden. */
export const envelope = (changes: Partial<Envelope> = {}): Envelope => ({
  from: eve.six,
  to: bob.six,
  sourceMac: eve.mac,
  targetMac: bob.mac,
  ...changes,
});
