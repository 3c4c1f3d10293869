/** Reads capture files (pcapng) by the letter of the specification, and insists that they are whole. */

export interface CaptureFile {
  readonly comment: string;
  readonly interfaces: readonly { readonly name: string; readonly filter: string; readonly dropped: number | undefined }[];
  /** By address. */
  readonly names: ReadonlyMap<string, readonly string[]>;
  readonly packets: readonly CapturedPacket[];
}

export interface CapturedPacket {
  /** Name of the interface. */
  readonly at: string;
  /** Nanoseconds since 1970. */
  readonly time: bigint;
  readonly data: Buffer;
  /** Bytes on the wire. */
  readonly length: number;
  readonly direction: 'in' | 'out';
}

const padded = (length: number): number => (length + 3) & ~3;

function optionsIn(body: Buffer, from: number): ReadonlyMap<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = from; at + 4 <= body.length; ) {
    const [code, length] = [body.readUInt16LE(at), body.readUInt16LE(at + 2)];
    if (code === 0) return found;
    found.set(code, body.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  return found;
}

function blocksIn(file: Buffer): readonly { readonly type: number; readonly body: Buffer }[] {
  const blocks: { type: number; body: Buffer }[] = [];
  for (let at = 0; at < file.length; ) {
    if (at + 12 > file.length) throw new Error(`the file ends within a block, at ${at}`);
    const [type, length] = [file.readUInt32LE(at), file.readUInt32LE(at + 4)];
    if (length % 4 !== 0 || at + length > file.length) throw new Error(`a block at ${at} has ${length} bytes`);
    if (file.readUInt32LE(at + length - 4) !== length) throw new Error(`the block at ${at} ends with another length`);
    blocks.push({ type, body: file.subarray(at + 8, at + length - 4) });
    at += length;
  }
  return blocks;
}

function namesIn(body: Buffer): readonly (readonly [string, readonly string[]])[] {
  const found: [string, readonly string[]][] = [];
  for (let at = 0; ; ) {
    const [type, length] = [body.readUInt16LE(at), body.readUInt16LE(at + 2)];
    if (type === 0) return found;
    const value = body.subarray(at + 4, at + 4 + length);
    const size = type === 1 ? 4 : 16;
    const address = type === 1 ? value.subarray(0, 4).join('.') : value.toString('hex', 0, 16);
    found.push([address, value.toString('utf8', size).split('\0').slice(0, -1)]);
    at += 4 + padded(length);
  }
}

export function readCapture(file: Buffer): CaptureFile {
  const interfaces: { name: string; filter: string; dropped: number | undefined }[] = [];
  const names = new Map<string, readonly string[]>();
  const packets: CapturedPacket[] = [];
  let comment = '';
  const text = (value: Buffer | undefined): string => value?.toString('utf8') ?? '';
  const blocks = blocksIn(file);
  if (blocks[0]?.type !== 0x0a0d0d0a || blocks[0].body.readUInt32LE(0) !== 0x1a2b3c4d) throw new Error('this is no pcapng file');
  for (const { type, body } of blocks) {
    if (type === 0x0a0d0d0a) comment = text(optionsIn(body, 16).get(1));
    if (type === 1) {
      const options = optionsIn(body, 8);
      if (body.readUInt16LE(0) !== 1 || options.get(9)?.[0] !== 9) throw new Error('an interface without Ethernet or nanoseconds');
      interfaces.push({ name: text(options.get(2)), filter: text(options.get(11)).slice(1), dropped: undefined });
    }
    if (type === 4) for (const [address, called] of namesIn(body)) names.set(address, called);
    if (type === 5) {
      const one = interfaces[body.readUInt32LE(0)];
      if (one === undefined) throw new Error('statistics of no interface');
      one.dropped = Number(optionsIn(body, 12).get(5)?.readBigUInt64LE());
    }
    if (type === 6) packets.push(packetIn(body, interfaces));
  }
  return { comment, interfaces, names, packets };
}

function packetIn(body: Buffer, interfaces: readonly { readonly name: string }[]): CapturedPacket {
  const at = interfaces[body.readUInt32LE(0)];
  if (at === undefined) throw new Error('a packet of no interface that was described before it');
  const kept = body.readUInt32LE(12);
  const flags =
    optionsIn(body, 20 + padded(kept))
      .get(2)
      ?.readUInt32LE() ?? 0;
  return {
    at: at.name,
    time: (BigInt(body.readUInt32LE(4)) << 32n) | BigInt(body.readUInt32LE(8)),
    data: body.subarray(20, 20 + kept),
    length: body.readUInt32LE(16),
    direction: (flags & 3) === 2 ? 'out' : 'in',
  };
}
