/** What operations on nodes came to. One place an entry: a later one takes the place of an earlier one. */

/** Operation, three operands, result. */
const STRIDE = 5;
const SMALLEST = 1 << 12;
const LARGEST = 1 << 20;

export class OperationCache {
  #entries = new Int32Array(SMALLEST * STRIDE);
  #mask = SMALLEST - 1;

  /** -1 where it is not known. */
  find(operation: number, a: number, b: number, c: number): number {
    const at = this.#placeOf(operation, a, b, c);
    const entries = this.#entries;
    return entries[at] === operation && entries[at + 1] === a && entries[at + 2] === b && entries[at + 3] === c
      ? (entries[at + 4] ?? -1)
      : -1;
  }

  store(operation: number, a: number, b: number, c: number, result: number): number {
    const at = this.#placeOf(operation, a, b, c);
    const entries = this.#entries;
    entries[at] = operation;
    entries[at + 1] = a;
    entries[at + 2] = b;
    entries[at + 3] = c;
    entries[at + 4] = result;
    return result;
  }

  clear(): void {
    this.#entries.fill(0);
  }

  /** Grows along with the nodes; what was known is found out again. */
  fit(nodes: number): void {
    const size = Math.min(LARGEST, nodes);
    if (size <= this.#mask + 1) return;
    this.#entries = new Int32Array(size * STRIDE);
    this.#mask = size - 1;
  }

  #placeOf(operation: number, a: number, b: number, c: number): number {
    let hash = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b) ^ Math.imul(c, 0xc2b2ae35) ^ Math.imul(operation, 0x27d4eb2f);
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    return ((hash ^ (hash >>> 13)) & this.#mask) * STRIDE;
  }
}
