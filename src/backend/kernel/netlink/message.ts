/** Netlink messages (netlink(7)): a header, a fixed body, and attributes that may nest. Everything is in host order. */

const NLM_F_REQUEST = 0x1;
const NLM_F_ACK = 0x4;
export const NLM_F_DUMP = 0x300;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
export const NLM_F_CREATE = 0x400;

export const HEADER = 16;
const NESTED = 0x8000;
const TYPE_MASK = 0x3fff;

const align = (length: number): number => (length + 3) & ~3;

/** Writes one message after another into one buffer, so that a batch is one system call. */
export class MessageWriter {
  #buffer = Buffer.alloc(1 << 16);
  #end = 0;
  #start = 0;

  /** Bytes written so far. */
  get length(): number {
    return this.#end;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#end);
  }

  reset(): void {
    this.#end = 0;
  }

  /** Starts a message; returns where its body is, zeroed, for the caller to fill. */
  begin(type: number, flags: number, sequence: number, bodyLength: number): { readonly buffer: Buffer; readonly at: number } {
    const start = this.#end;
    this.#reserve(HEADER + align(bodyLength));
    this.#start = start;
    this.#buffer.writeUInt16LE(type, start + 4);
    this.#buffer.writeUInt16LE(flags | NLM_F_REQUEST, start + 6);
    this.#buffer.writeUInt32LE(sequence, start + 8);
    return { buffer: this.#buffer, at: start + HEADER };
  }

  finish(): void {
    this.#buffer.writeUInt32LE(this.#end - this.#start, this.#start);
  }

  /** Asks for an acknowledgement of the message that was finished last. */
  acknowledgeLast(): void {
    const at = this.#start + 6;
    this.#buffer.writeUInt16LE(this.#buffer.readUInt16LE(at) | NLM_F_ACK, at);
  }

  u8(type: number, value: number): void {
    this.#buffer.writeUInt8(value, this.#attribute(type, 1));
  }

  u32(type: number, value: number): void {
    this.#buffer.writeUInt32LE(value, this.#attribute(type, 4));
  }

  raw(type: number, value: Uint8Array): void {
    this.#buffer.set(value, this.#attribute(type, value.length));
  }

  /** Text with the zero byte that C wants. */
  text(type: number, value: string): void {
    const length = Buffer.byteLength(value);
    this.#buffer.write(value, this.#attribute(type, length + 1));
  }

  /** Attributes that were read from the kernel, inside of a nest. */
  append(attributes: Uint8Array): void {
    const at = this.#end;
    this.#reserve(align(attributes.length));
    this.#buffer.set(attributes, at);
  }

  nest(type: number, fill: () => void): void {
    const start = this.#end;
    this.#attribute(type | NESTED, 0);
    fill();
    this.#buffer.writeUInt16LE(this.#end - start, start);
  }

  /** A fixed body inside of a nest, as the ifinfomsg of a veth's peer. */
  body(length: number): void {
    this.#reserve(align(length));
  }

  #attribute(type: number, length: number): number {
    const start = this.#end;
    this.#reserve(align(4 + length));
    this.#buffer.writeUInt16LE(4 + length, start);
    this.#buffer.writeUInt16LE(type, start + 2);
    return start + 4;
  }

  #reserve(length: number): void {
    while (this.#end + length > this.#buffer.length) {
      const larger = Buffer.alloc(this.#buffer.length * 2);
      this.#buffer.copy(larger, 0, 0, this.#end);
      this.#buffer = larger;
    }
    this.#buffer.fill(0, this.#end, this.#end + length);
    this.#end += length;
  }
}

export interface Message {
  readonly type: number;
  readonly flags: number;
  readonly sequence: number;
  /** What follows the header. It is a view: copy what is to outlive the next read. */
  readonly body: Buffer;
}

export function messagesIn(data: Buffer): readonly Message[] {
  const messages: Message[] = [];
  for (let at = 0; at + HEADER <= data.length; ) {
    const length = data.readUInt32LE(at);
    if (length < HEADER || at + length > data.length) throw new Error('a netlink message is longer than what was received');
    messages.push({
      type: data.readUInt16LE(at + 4),
      flags: data.readUInt16LE(at + 6),
      sequence: data.readUInt32LE(at + 8),
      body: data.subarray(at + HEADER, at + length),
    });
    at += align(length);
  }
  return messages;
}

/**
 * Calls `visit` for each attribute of `data` from `from` to before `to`, with the place of its value. There are a hundred
 * in what is said of a device, and few are looked at: an object for each would cost more than all the rest of reading.
 */
export function eachAttribute(data: Buffer, from: number, to: number, visit: (type: number, start: number, end: number) => void): void {
  for (let at = from; at + 4 <= to; ) {
    const length = u16(data, at);
    if (length < 4 || at + length > to) return;
    visit(u16(data, at + 2) & TYPE_MASK, at + 4, at + length);
    at += align(length);
  }
}

// Buffer's own method checks what is known here, a hundred times for each device.
const u16 = (data: Buffer, at: number): number => (data[at] ?? 0) | ((data[at + 1] ?? 0) << 8);

/** Text without its closing zero byte. */
export const textOf = (data: Buffer, start: number, end: number): string =>
  data.toString('utf8', start, end > start && data[end - 1] === 0 ? end - 1 : end);
