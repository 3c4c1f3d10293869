import { controlSocket } from './daemons.ts';
import { JsonRpc } from './json-rpc.ts';
import type { Place } from './place.ts';

/**
 * What the switch daemon of a bottle answers to a command of ovs-appctl(8), over its control socket.
 * @throws OvsError `ovs-absent`, `ovs-protocol`
 */
export async function askDaemon(place: Place, command: string, ...args: readonly string[]): Promise<string> {
  const control = await JsonRpc.connect(controlSocket(place));
  try {
    return String(await control.request(command, args));
  } finally {
    control.close();
  }
}
