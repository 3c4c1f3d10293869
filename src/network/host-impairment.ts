import type { Origin } from '../diagnostic/diagnostic.ts';
import type { NetworkSpec } from '../spec/schema/network.ts';
import { type Impairment, readImpairment } from './impairment.ts';
import type { Report } from './report.ts';

/** What the cable between the switch of a network and the host does to packets: that of its `host`, or that of its `attach`. */
export function readHostImpairment({ host, attach }: NetworkSpec, origin: Origin, report: Report): Impairment | undefined {
  const ofHost = typeof host === 'object' && 'impair' in host ? host.impair : undefined;
  return (
    readImpairment(ofHost, [...origin, 'host', 'impair'], report) ?? readImpairment(attach?.impair, [...origin, 'attach', 'impair'], report)
  );
}
