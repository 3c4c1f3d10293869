import { POLLERR, POLLHUP, poll } from '../../backend/kernel/libc.ts';
import { SystemError } from '../../backend/kernel/system-error.ts';

/** Waits for many descriptors at once (poll(2)) and calls whoever watches the ones that are ready. */
export interface Poller {
  watch(descriptor: number, events: number, ready: () => void): void;
  forget(descriptor: number): void;
  /** Blocks for at most so many milliseconds. */
  wait(milliseconds: number): void;
}

export function createPoller(): Poller {
  let table = new Uint8Array(8 * 64);
  let view = new DataView(table.buffer);
  let used = 0;
  const watchers: ((() => void) | undefined)[] = [];
  const places = new Map<number, number>();
  const free: number[] = [];

  const grow = (): void => {
    const larger = new Uint8Array(table.length * 2);
    larger.set(table);
    table = larger;
    view = new DataView(table.buffer);
  };

  return {
    watch(descriptor, events, ready) {
      const place = free.pop() ?? used++;
      if (used * 8 > table.length) grow();
      view.setInt32(place * 8, descriptor, true);
      view.setInt32(place * 8 + 4, events, true);
      watchers[place] = ready;
      places.set(descriptor, place);
    },
    forget(descriptor) {
      const place = places.get(descriptor);
      if (place === undefined) return;
      // poll(2) passes over negative descriptors.
      view.setInt32(place * 8, -1, true);
      watchers[place] = undefined;
      places.delete(descriptor);
      free.push(place);
    },
    wait(milliseconds) {
      try {
        if (poll(table.subarray(0, used * 8), milliseconds) === 0) return;
      } catch (error) {
        if (error instanceof SystemError && error.code === 'EINTR') return;
        throw error;
      }
      for (let place = 0; place < used; place += 1) {
        const returned = view.getInt16(place * 8 + 6, true);
        const asked = view.getInt16(place * 8 + 4, true);
        if ((returned & (asked | POLLERR | POLLHUP)) !== 0) watchers[place]?.();
      }
    },
  };
}
