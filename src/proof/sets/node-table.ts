/** Nodes of reduced, ordered binary decision diagrams: each is there once, so that equal sets have equal numbers. */

/** No packet, and every packet. */
export const EMPTY = 0;
export const FULL = 1;

/** Deeper than every variable. */
const TERMINAL = 0x7fffffff;
const FREE = -1;
const NONE = -1;
const FIRST_CAPACITY = 1 << 12;

/** All of a node side by side: what it takes from memory is what takes the time. */
const STRIDE = 4;
const [LEVEL, LOW, HIGH] = [0, 1, 2];
/** The next one of the same bucket, or the next free one. */
const NEXT = 3;

export class NodeTable {
  #nodes = new Int32Array(FIRST_CAPACITY * STRIDE);
  #buckets = new Int32Array(FIRST_CAPACITY).fill(NONE);
  /** Numbers given out so far, and those of them that were freed. */
  #end = 2;
  #free = NONE;
  #freed = 0;

  constructor() {
    this.#nodes[EMPTY * STRIDE + LEVEL] = TERMINAL;
    this.#nodes[FULL * STRIDE + LEVEL] = TERMINAL;
  }

  get capacity(): number {
    return this.#buckets.length;
  }

  /** Nodes that are there. */
  get size(): number {
    return this.#end - this.#freed;
  }

  // Numbers of nodes are always within the array: the zeros are for the type checker.
  level(node: number): number {
    return this.#nodes[node * STRIDE + LEVEL] ?? 0;
  }

  low(node: number): number {
    return this.#nodes[node * STRIDE + LOW] ?? 0;
  }

  high(node: number): number {
    return this.#nodes[node * STRIDE + HIGH] ?? 0;
  }

  /** Both branches lie deeper than `level`. */
  make(level: number, low: number, high: number): number {
    if (low === high) return low;
    const nodes = this.#nodes;
    let bucket = this.#bucketOf(level, low, high);
    for (let node = this.#buckets[bucket] ?? NONE; node !== NONE; node = nodes[node * STRIDE + NEXT] ?? NONE) {
      const at = node * STRIDE;
      if (nodes[at + LOW] === low && nodes[at + HIGH] === high && nodes[at + LEVEL] === level) return node;
    }
    if (this.#free === NONE && this.#end === this.capacity) {
      this.#grow();
      bucket = this.#bucketOf(level, low, high);
    }
    const node = this.#take();
    const at = node * STRIDE;
    this.#nodes[at + LEVEL] = level;
    this.#nodes[at + LOW] = low;
    this.#nodes[at + HIGH] = high;
    this.#nodes[at + NEXT] = this.#buckets[bucket] ?? NONE;
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
        this.#nodes[node * STRIDE + LEVEL] = FREE;
        this.#nodes[node * STRIDE + NEXT] = this.#free;
        this.#free = node;
        this.#freed++;
      }
    }
  }

  #take(): number {
    if (this.#free === NONE) return this.#end++;
    const node = this.#free;
    this.#free = this.#nodes[node * STRIDE + NEXT] ?? NONE;
    this.#freed--;
    return node;
  }

  #enter(node: number): void {
    const bucket = this.#bucketOf(this.level(node), this.low(node), this.high(node));
    this.#nodes[node * STRIDE + NEXT] = this.#buckets[bucket] ?? NONE;
    this.#buckets[bucket] = node;
  }

  #bucketOf(level: number, low: number, high: number): number {
    let hash = Math.imul(level, 0x9e3779b1) ^ Math.imul(low, 0x85ebca6b) ^ Math.imul(high, 0xc2b2ae35);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return (hash ^ (hash >>> 13)) & (this.#buckets.length - 1);
  }

  #grow(): void {
    const capacity = this.capacity * 2;
    const larger = new Int32Array(capacity * STRIDE);
    larger.set(this.#nodes);
    this.#nodes = larger;
    this.#buckets = new Int32Array(capacity).fill(NONE);
    for (let node = FULL + 1; node < this.#end; node++) this.#enter(node);
  }
}
