import type { Site } from '../kernel/visit.ts';
import { askDaemon } from './control.ts';
import { placeOf } from './place.ts';

/** A port of a switch that speaks the spanning tree protocol, and its state as `stp/show` of ovs-vswitchd(8) has it. */
export interface TreePort {
  readonly name: string;
  readonly state: 'disabled' | 'blocking' | 'listening' | 'learning' | 'forwarding';
}

/** @throws OvsError `ovs-absent`, `ovs-protocol` */
export async function treePorts(site: Site, namespace: string): Promise<readonly TreePort[]> {
  const text = await askDaemon(placeOf(site, namespace), 'stp/show');
  return [...text.matchAll(/^\s+(\S+)\s+\S+\s+(disabled|blocking|listening|learning|forwarding)\s/gm)].map(([, name = '', state]) => ({
    name,
    state: state as TreePort['state'],
  }));
}
