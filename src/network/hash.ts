/** 64 bits as two numbers of 32. */
export interface Hash {
  readonly high: number;
  readonly low: number;
}

/** The same on every host and in every version: addresses, MACs and device names hang on it. Two of `murmur3`, in one go. */
export function hash(text: string): Hash {
  let [high, low] = [0x9747b28c, 0x5bd1e995];
  const blocks = text.length & ~3;
  for (let index = 0; index < blocks; index += 4) {
    const block = blockAt(text, index);
    high = stir(high ^ block);
    low = stir(low ^ block);
  }
  const tail = tailOf(text, blocks);
  return { high: settle(high ^ tail), low: settle(low ^ tail) };
}

/** MurmurHash3 x86_32 over the low bytes of the characters (names are ASCII). Unsigned. */
export function murmur3(text: string, seed: number): number {
  let state = seed;
  const blocks = text.length & ~3;
  for (let index = 0; index < blocks; index += 4) state = stir(state ^ blockAt(text, index));
  return settle(state ^ tailOf(text, blocks));
}

const blockAt = (text: string, index: number): number =>
  scramble(
    (text.charCodeAt(index) & 255) |
      ((text.charCodeAt(index + 1) & 255) << 8) |
      ((text.charCodeAt(index + 2) & 255) << 16) |
      (text.charCodeAt(index + 3) << 24),
  );

function scramble(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}

const stir = (state: number): number => (Math.imul((state << 13) | (state >>> 19), 5) + 0xe6546b64) | 0;

/** What is left behind the last block, and the length. */
function tailOf(text: string, blocks: number): number {
  let tail = 0;
  for (let index = text.length - 1; index >= blocks; index -= 1) tail = (tail << 8) | (text.charCodeAt(index) & 255);
  return scramble(tail) ^ text.length;
}

function settle(last: number): number {
  let state = Math.imul(last ^ (last >>> 16), 0x85ebca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
