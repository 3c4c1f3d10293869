import type { Address, Prefix } from '../../address/ip.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';

export interface LearnedRoute {
  readonly to: Prefix;
  /** Several where they are equally good: the kernel takes one for each flow. */
  readonly hops: readonly LearnedHop[];
}

export interface LearnedHop {
  readonly via: Address;
  readonly device: string;
}

export type StaticRoute = UnicastRoute | UnreachableRoute;

export interface UnicastRoute {
  readonly type: 'unicast';
  /** Length 0 for the default route. */
  readonly to: Prefix;
  readonly via: Address;
  /** Interface it leaves by. */
  readonly device: string;
  /** Written in the file, or found. */
  readonly given: boolean;
  readonly origin: Origin;
}

/** The file says `none`, and a wider route would take it otherwise. */
interface UnreachableRoute {
  readonly type: 'unreachable';
  readonly to: Prefix;
  readonly given: true;
  readonly origin: Origin;
}
