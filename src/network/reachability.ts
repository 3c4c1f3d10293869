import type { Network } from './network.ts';
import type { Report } from './report.ts';
import type { Walker } from './walk.ts';
export function checkReachability(_network: Network, _walker: Walker, _report: Report): void {}
