/**
 * Entering namespaces from the main thread.
 *
 * setns(2) moves the calling thread alone. All that happens inside is synchronous and the thread is back before the
 * event loop turns, so no promise, timer or thread of libuv's pool ever sees another namespace; worker threads with
 * their start-up time and message passing are not needed.
 */
import { closeSync, openSync, writeFileSync } from 'node:fs';
import { CLONE_NEWNET, MS_BIND, mount, setns, unshare } from './libc.ts';

const SELF = '/proc/thread-self/ns/net';

let inside = false;

/** The namespace that the program was started in. Opened once, for thousands of visits. */
const home = openSync(SELF, 'r');

function inNamespace<T>(enter: () => void, act: () => T): T {
  if (inside) throw new Error('namespaces are not entered from within another');
  inside = true;
  try {
    enter();
    try {
      return act();
    } finally {
      setns(home, CLONE_NEWNET, SELF);
    }
  } finally {
    inside = false;
  }
}

/** Runs `act`, which must not be asynchronous, in the network namespace that `path` is a file of. */
export function within<T>(path: string, act: () => T): T {
  return inNamespace(() => {
    const target = openSync(path, 'r');
    try {
      setns(target, CLONE_NEWNET, path);
    } finally {
      closeSync(target);
    }
  }, act);
}

/** Runs `act` in a network namespace that is gone afterwards. */
export const inScratch = <T>(act: () => T): T => inNamespace(() => unshare(CLONE_NEWNET), act);

/** Makes a network namespace, runs `act` in it, and keeps it by a bind mount on `path`: what is found there is finished. */
export function withinNew<T>(path: string, act: () => T): T {
  writeFileSync(path, '', { mode: 0o400 });
  return inNamespace(
    () => unshare(CLONE_NEWNET),
    () => {
      const result = act();
      mount(SELF, path, MS_BIND);
      return result;
    },
  );
}
