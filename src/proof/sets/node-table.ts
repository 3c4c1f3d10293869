/** Nodes of reduced, ordered binary decision diagrams: each is there once, so that equal sets have equal numbers. */

/** No packet, and every packet. */
export const EMPTY = 0;
export const FULL = 1;

/** Deeper than every variable. */
const TERMINAL = 0x7fffffff;
const FREE = -1;
const NONE = -1;
const FIRST_CAPACITY = 1 << 12;

export class NodeTable {
  #level = new Int32Array(FIRST_CAPACITY);
  #low = new Int32Array(FIRST_CAPACITY);
  #high = new Int32Array(FIRST_CAPACITY);
  /** The next one of the same bucket, or the next free one. */
  #next = new Int32Array(FIRST_CAPACITY);
  #buckets = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** Numbers given out so far, and those of them that were freed. */
  #end = 2;
  #free = NONE;
  #freed = 0;

  constructor() {
    this.#level[EMPTY] = TERMINAL;
    this.#level[FULL] = TERMINAL;
  }

  get capacity(): number {
    return this.#level.length;
  }

  /** Nodes that are there. */
  get size(): number {
    return this.#end - this.#freed;
  }

  // Numbers of nodes are always within the arrays: the zeros are for the type checker.
  level(node: number): number {
    return this.#level[node] ?? 0;
  }

  low(node: number): number {
    return this.#low[node] ?? 0;
  }

  high(node: number): number {
    return this.#high[node] ?? 0;
  }

  /** Both branches lie deeper than `level`. */
  make(level: number, low: number, high: number): number {
    if (low === high) return low;
    let bucket = this.#bucketOf(level, low, high);
    for (let node = this.#buckets[bucket] ?? NONE; node !== NONE; node = this.#next[node] ?? NONE)
      if (this.#low[node] === low && this.#high[node] === high && this.#level[node] === level) return node;
    if (this.#free === NONE && this.#end === this.#level.length) {
      this.#grow();
      bucket = this.#bucketOf(level, low, high);
    }
    const node = this.#take();
    this.#level[node] = level;
    this.#low[node] = low;
    this.#high[node] = high;
    this.#next[node] = this.#buckets[bucket] ?? NONE;
    this.#buckets[bucket] = node;
    return node;
  }

  /** Frees what cannot be reached from the roots. The others keep their numbers. */
  sweep(roots: Iterable<number>): void {
    const reached = new Uint8Array(this.#end);
    reached[EMPTY] = 1;
    reached[FULL] = 1;
    const waiting = [...roots];
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      if (reached[node] === 1) continue;
      reached[node] = 1;
      waiting.push(this.low(node), this.high(node));
    }
    this.#buckets.fill(NONE);
    this.#free = NONE;
    this.#freed = 0;
    for (let node = this.#end - 1; node > FULL; node--) {
      if (reached[node] === 1) this.#enter(node);
      else {
        this.#level[node] = FREE;
        this.#next[node] = this.#free;
        this.#free = node;
        this.#freed++;
      }
    }
  }

  #take(): number {
    if (this.#free === NONE) return this.#end++;
    const node = this.#free;
    this.#free = this.#next[node] ?? NONE;
    this.#freed--;
    return node;
  }

  #enter(node: number): void {
    const bucket = this.#bucketOf(this.level(node), this.low(node), this.high(node));
    this.#next[node] = this.#buckets[bucket] ?? NONE;
    this.#buckets[bucket] = node;
  }

  #bucketOf(level: number, low: number, high: number): number {
    let hash = Math.imul(level, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & (this.#buckets.length - 1);
  }

  #grow(): void {
    const capacity = this.#level.length * 2;
    this.#level = grown(this.#level, capacity);
    this.#low = grown(this.#low, capacity);
    this.#high = grown(this.#high, capacity);
    this.#next = grown(this.#next, capacity);
    this.#buckets = new Int32Array(capacity).fill(NONE);
    for (let node = FULL + 1; node < this.#end; node++) this.#enter(node);
  }
}

function grown(array: Int32Array<ArrayBuffer>, capacity: number): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(capacity);
  larger.set(array);
  return larger;
}
