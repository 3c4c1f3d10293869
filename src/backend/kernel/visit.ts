import { HOST } from '../../resource/resource.ts';
import { type Home, namespacePath } from '../home.ts';
import { within } from './namespace.ts';
import { type Failure, type NetlinkSocket, withSocket } from './netlink/socket.ts';

/** Where the namespaces of a bottle are to be found. */
export interface Site {
  readonly home: Home;
  readonly bottle: string;
}

export const pathOf = ({ home, bottle }: Site, namespace: string): string => namespacePath(home, bottle, namespace);

/** Runs `act` in a namespace, or where the thread is for the host. */
export const enter = <T>(site: Site, namespace: string, act: () => T): T =>
  namespace === HOST ? act() : within(pathOf(site, namespace), act);

/** The same with an rtnetlink socket; what `act` left in the batch is sent, and the first failure thrown. */
export function visit<T>(site: Site, namespace: string, act: (socket: NetlinkSocket) => T): T {
  return enter(site, namespace, () =>
    withSocket((socket) => {
      const result = act(socket);
      throwFirst(socket.flush());
      return result;
    }),
  );
}

export function throwFirst(failures: readonly Failure[], harmless: readonly string[] = []): void {
  const failure = failures.find(({ error }) => !harmless.includes(error.code));
  if (failure !== undefined) throw failure.error;
}

/** Lets signals and timers have their turn now and then in a long row of synchronous visits. */
export async function eachInTurn<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  let count = 0;
  for (const item of items) {
    act(item);
    if (++count % 64 === 0) await new Promise((resume) => setImmediate(resume));
  }
}
