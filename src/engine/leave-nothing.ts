import type { Home } from '../backend/home.ts';
import { removeNamespaceDirectory } from '../backend/kernel/namespaces.ts';
import { endKeeper } from '../backend/process/keeper-client.ts';
import { forget } from './state.ts';

/** Removes what is left of a bottle that is no more: a keeper with nothing to look after, a mount without namespaces, the notes. */
export async function leaveNothing(home: Home, bottle: string): Promise<void> {
  await endKeeper(home, bottle);
  removeNamespaceDirectory({ home, bottle });
  forget(home, bottle);
}
