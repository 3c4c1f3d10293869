const [QUOTE, BACKSLASH, OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET] = [...'"\\{}[]'].map((char) => char.charCodeAt(0));

/**
 * Finds the values in a stream of JSON that has nothing between them but blanks (JSON-RPC 1.0 over a stream, RFC 7047,
 * section 4): one ends where its brackets do.
 */
export class JsonStream {
  #parts: Buffer[] = [];
  #depth = 0;
  #inText = false;
  #escaped = false;

  /**
   * The objects and arrays that end in this piece.
   * @throws SyntaxError for what is not JSON
   */
  push(chunk: Buffer): readonly unknown[] {
    const values: unknown[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      if (!this.#ends(chunk[at])) continue;
      this.#parts.push(chunk.subarray(start, at + 1));
      start = at + 1;
      values.push(JSON.parse(Buffer.concat(this.#parts).toString('utf8')));
      this.#parts = [];
    }
    if (start < chunk.length) this.#parts.push(chunk.subarray(start));
    return values;
  }

  /** Bytes of UTF-8 beyond ASCII are never one of these. */
  #ends(byte: number | undefined): boolean {
    if (this.#escaped) this.#escaped = false;
    else if (this.#inText) {
      if (byte === BACKSLASH) this.#escaped = true;
      else if (byte === QUOTE) this.#inText = false;
    } else if (byte === QUOTE) this.#inText = true;
    else if (byte === OPEN_BRACE || byte === OPEN_BRACKET) this.#depth++;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) return --this.#depth <= 0;
    return false;
  }
}
