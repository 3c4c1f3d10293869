import type { Expectation } from '../network/expectation.ts';
import type { Probe } from './probe/probe.ts';

/** One packet exchange with what the file promises of it. */
export interface Ask {
  readonly probe: Probe;
  readonly expected: 'answer' | 'silence';
}

/** What has to be asked of the running network to know whether an expectation holds. */
export interface Question {
  readonly expectation: Expectation;
  readonly asks: readonly Ask[];
  /** Pairs of a source and a target, never a node and itself. */
  readonly pairs: { readonly measured: number; readonly total: number };
  /** Pairs, among those measured, whose nodes have no address family in common: nothing can pass between them. */
  readonly apart: readonly { readonly from: string; readonly to: string }[];
  /** Nodes that it is about and that are stopped: the rest is measured without them. */
  readonly stopped: readonly string[];
  /** Why nothing of it can be measured. */
  readonly unmeasured?: string;
}

/** `tcp/22`, `ping`, `ping with full packets`. */
export const exchangeName = ({ protocol, port, full }: Pick<Probe, 'protocol' | 'port' | 'full'>): string =>
  `${protocol === 'icmp' ? 'ping' : `${protocol}/${port}`}${full === true ? ' with full packets' : ''}`;
