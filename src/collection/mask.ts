/** A set of indexes below a fixed number, a bit each: cheap to join and to take away. */
export type Mask = Uint32Array;

export function createMask(size: number): Mask {
  return new Uint32Array(Math.ceil(size / 32));
}

export function set(mask: Mask, index: number): void {
  mask[index >>> 5] = (mask[index >>> 5] ?? 0) | (1 << (index & 31));
}

export function add(mask: Mask, other: Mask): void {
  for (let word = 0; word < mask.length; word += 1) mask[word] = (mask[word] ?? 0) | (other[word] ?? 0);
}

export function remove(mask: Mask, other: Mask): void {
  for (let word = 0; word < mask.length; word += 1) mask[word] = (mask[word] ?? 0) & ~(other[word] ?? 0);
}

export function indexesOf(mask: Mask): readonly number[] {
  const indexes: number[] = [];
  for (const [word, bits] of mask.entries()) for (let bit = 0; bit < 32; bit += 1) if (bits & (1 << bit)) indexes.push(word * 32 + bit);
  return indexes;
}
