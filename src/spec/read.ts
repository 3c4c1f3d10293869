import { open } from 'node:fs/promises';
import type { DiagnosticCode } from '../diagnostic/codes.ts';
import type { Diagnostic } from '../diagnostic/diagnostic.ts';
import { wholeFile } from './source.ts';

/** Bytes. */
const maxSize = 5_000_000;

/** The text of a file, without its byte order mark, or why it could not be had. */
export type Content = { readonly text: string } | { readonly diagnostic: Diagnostic };

export async function readText(file: string): Promise<Content> {
  try {
    const handle = await open(file, 'r');
    try {
      const status = await handle.stat();
      if (status.isDirectory())
        return fault(
          file,
          'file-unreadable',
          'this is a directory, not a file',
          `Name the file in it, such as \`${file.replace(/\/+$/, '')}/bottle.yaml\`.`,
        );
      if (status.size > maxSize) return tooLarge(file, status.size);
      // A pipe has no size: no more is taken from it than a file may have.
      const bytes = new Uint8Array(Math.max(status.size, status.isFile() ? 0 : maxSize) + 1);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await handle.read(bytes, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      if (length > maxSize) return tooLarge(file, length);
      return decode(file, bytes.subarray(0, length));
    } finally {
      await handle.close();
    }
  } catch (error) {
    return systemFault(file, error);
  }
}

function decode(file: string, bytes: Uint8Array): Content {
  const remedy = 'Save it as UTF-8 text.';
  const nul = bytes.indexOf(0);
  if (nul >= 0) return fault(file, 'file-not-text', `this is not UTF-8 text: byte ${nul + 1} is 0`, remedy);
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch (error) {
    if (error instanceof TypeError) return fault(file, 'file-not-text', 'this is not UTF-8 text', remedy);
    throw error;
  }
}

function systemFault(file: string, error: unknown): { readonly diagnostic: Diagnostic } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return fault(file, 'file-not-found', 'there is no such file', 'Name a bottle file, or write one with `bottle init`.');
  if (code === 'EACCES' || code === 'EPERM')
    return fault(file, 'file-unreadable', 'you may not read this file', 'Check its permissions and those of the directories above it.');
  if (code === undefined) throw error;
  return fault(file, 'file-unreadable', `this file cannot be read (${code})`);
}

function tooLarge(file: string, size: number): { readonly diagnostic: Diagnostic } {
  const megabytes = (Math.ceil(size / 100_000) / 10).toFixed(1);
  return fault(
    file,
    'file-too-large',
    `this file has ${megabytes} MB or more; at most 5 MB are read`,
    'Make a network of this size with TypeScript (bottle.ts).',
  );
}

function fault(file: string, code: DiagnosticCode, message: string, remedy?: string): { readonly diagnostic: Diagnostic } {
  return { diagnostic: { code, severity: 'error', message, place: wholeFile(file), ...(remedy !== undefined && { remedy }) } };
}
