import type { EngineCode } from './codes.ts';

/**
 * Something that kept a command from doing its work, other than what is wrong with the file.
 * `code` is stable and listed in the docs.
 */
export class EngineError extends Error {
  readonly code: EngineCode;
  readonly remedy: string | undefined;
  /** Further lines: what exactly failed, one after the other. */
  readonly details: readonly string[];

  constructor(
    code: EngineCode,
    message: string,
    options: { readonly remedy?: string; readonly details?: readonly string[]; readonly cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'EngineError';
    this.code = code;
    this.remedy = options.remedy;
    this.details = options.details ?? [];
  }
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
