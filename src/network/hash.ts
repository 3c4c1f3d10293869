/** 64 bits as two numbers of 32. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** The same on every host and in every version: addresses, MACs and device names hang on it. */
export function hash(text: string): Hash {
  return { high: murmur3(text, 0x9747b28c), low: murmur3(text, 0x5bd1e995) };
}

/** MurmurHash3 x86_32 over the low bytes of the characters (names are ASCII). Unsigned. */
export function murmur3(text: string, seed: number): number {
  let state = seed;
  const blocks = text.length & ~3;
  for (let index = 0; index < blocks; index += 4) {
    state ^= scramble(
      byteAt(text, index) | (byteAt(text, index + 1) << 8) | (byteAt(text, index + 2) << 16) | (byteAt(text, index + 3) << 24),
    );
    state = (state << 13) | (state >>> 19);
    state = (Math.imul(state, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let index = text.length - 1; index >= blocks; index -= 1) tail = (tail << 8) | byteAt(text, index);
  state ^= scramble(tail) ^ text.length;
  state = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

function byteAt(text: string, index: number): number {
  return text.charCodeAt(index) & 255;
}
