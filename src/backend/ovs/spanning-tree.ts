import type { Site } from '../kernel/visit.ts';
import { askDaemon } from './control.ts';
import { placeOf } from './place.ts';

/**
 * Whether a port in the Open vSwitch of a namespace listens or learns, and will forward frames later (`stp/show` of ovs-vswitchd(8)).
 * @throws OvsError `ovs-absent`, `ovs-protocol`
 */
export const hasWaitingPorts = async (site: Site, namespace: string): Promise<boolean> =>
  /\s(?:listening|learning)\s/.test(await askDaemon(placeOf(site, namespace), 'stp/show'));
