/**
 * Compiling the program takes longer than many a command. So V8's code for it is kept beside the program, under the
 * version of V8, its flags and what the processor can do.
 *
 * What is kept is run, with all the rights of who runs it. It is believed only where nobody can have written it who cannot
 * write the program itself, and only the program's owner writes it; where there is none, V8 compiles what is called.
 */
import {
  closeSync,
  constants,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { cachedDataVersionTag, setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { crc32 } from 'node:zlib';

/** Bytes before the code: V8 does not look whether it is damaged, nor whether it is of this very text. */
const CHECKSUM = 4;

/** A CommonJS module, as Node wraps it. */
type Wrapped = (exports: object, require: NodeJS.Require, module: { readonly exports: object }, filename: string) => void;

/** The module in `file`, from the code in `directory` if there is any for it. @throws what reading `file` throws */
export function compiled(file: string, directory: string): Wrapped {
  return scriptOf(file, directory).runInThisContext() as Wrapped;
}

function scriptOf(file: string, directory: string): Script {
  const bytes = readFileSync(file);
  const text = `(function (exports, require, module, __filename) {${bytes.toString()}\n})`;
  const owner = statSync(file).uid;
  const place = { path: join(directory, `program.${cachedDataVersionTag().toString(16)}`), owner, text: crc32(bytes) };
  const code = kept(place);
  const script = code === undefined ? undefined : new Script(text, { filename: file, cachedData: code });
  if (script?.cachedDataRejected === false) return script;
  if (process.getuid?.() !== owner) return script ?? new Script(text, { filename: file });
  const whole = wholly(text, file);
  keep(place, whole.createCachedData());
  return whole;
}

interface Place {
  readonly path: string;
  /** Of the program. */
  readonly owner: number;
  /** Checksum of the program. */
  readonly text: number;
}

/** Otherwise V8 compiles a function when it is called, and the code would be that of what this one command calls. */
function wholly(text: string, file: string): Script {
  setFlagsFromString('--no-lazy');
  try {
    return new Script(text, { filename: file });
  } finally {
    setFlagsFromString('--lazy');
  }
}

/** Undefined where there is none that may be believed. */
function kept({ path, owner, text }: Place): Buffer | undefined {
  return unlessRefused(() => {
    if (!mayHoldCode(dirname(path), owner)) return undefined;
    const fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const status = fstatSync(fd);
      if (!status.isFile() || !isOnlyOf(owner, status)) return undefined;
      const bytes = readFileSync(fd);
      const code = bytes.subarray(CHECKSUM);
      return code.length > 0 && bytes.readUInt32LE(0) === crc32(code, text) ? code : undefined;
    } finally {
      closeSync(fd);
    }
  });
}

/** In one step: who starts meanwhile finds all of it or nothing. */
function keep({ path, owner, text }: Place, code: Buffer): void {
  unlessRefused(() => {
    const directory = dirname(path);
    mkdirSync(directory, { recursive: true, mode: 0o755 });
    if (!mayHoldCode(directory, owner)) return;
    const sum = Buffer.alloc(CHECKSUM);
    sum.writeUInt32LE(crc32(code, text));
    const unfinished = `${path}.${process.pid}`;
    writeFileSync(unfinished, Buffer.concat([sum, code]), { mode: 0o644 });
    renameSync(unfinished, path);
  });
}

/** In a directory that others write to, a file of the owner's could be one that is meant for something else. */
function mayHoldCode(directory: string, owner: number): boolean {
  const status = lstatSync(directory);
  return status.isDirectory() && isOnlyOf(owner, status);
}

const isOnlyOf = (owner: number, { uid, mode }: { readonly uid: number; readonly mode: number }): boolean =>
  uid === owner && (mode & 0o022) === 0;

/** What the system refuses (there is nothing yet, the disk is full or read-only) only costs time. */
function unlessRefused<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    return undefined;
  }
}
