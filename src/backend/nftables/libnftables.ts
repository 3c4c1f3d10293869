/** libnftables(3), in the namespace that the thread is in. */
import { loadLibrary } from '../kernel/libc.ts';

/** nft refused, or could not be run. */
export class NftError extends Error {
  constructor(message: string) {
    super(message.trim());
    this.name = 'NftError';
  }
}

/** Debian and others: libnftables1; Fedora: nftables-libs. */
const LIBRARY = 'libnftables.so.1';

/** How output looks: NFT_CTX_OUTPUT_* of nftables/libnftables.h. */
export const STATELESS = 1 << 2;
export const HANDLES = 1 << 3;
export const JSON_OUTPUT = 1 << 4;
/** Sets without their elements. */
export const TERSE = 1 << 11;
/** Protocols as numbers: their names come from /etc/protocols, which may say anything or not be there. */
export const NUMERIC_PROTOCOLS = 1 << 7;

interface Library {
  readonly create: (flags: number) => unknown;
  readonly free: (context: unknown) => void;
  readonly bufferOutput: (context: unknown) => number;
  readonly bufferError: (context: unknown) => number;
  readonly setFlags: (context: unknown, flags: number) => void;
  readonly run: (context: unknown, commands: string) => number;
  readonly output: (context: unknown) => string;
  readonly error: (context: unknown) => string;
}

let loaded: Library | undefined;

function library(): Library {
  loaded ??= load();
  return loaded;
}

function load(): Library {
  const nft = open();
  const foreign = <F>(signature: string): F => nft.func(signature) as unknown as F;
  return {
    create: foreign('void *nft_ctx_new(uint32_t flags)'),
    free: foreign('void nft_ctx_free(void *ctx)'),
    bufferOutput: foreign('int nft_ctx_buffer_output(void *ctx)'),
    bufferError: foreign('int nft_ctx_buffer_error(void *ctx)'),
    setFlags: foreign('void nft_ctx_output_set_flags(void *ctx, unsigned int flags)'),
    run: foreign('int nft_run_cmd_from_buffer(void *ctx, const char *buf)'),
    output: foreign('const char *nft_ctx_get_output_buffer(void *ctx)'),
    error: foreign('const char *nft_ctx_get_error_buffer(void *ctx)'),
  };
}

function open(): ReturnType<typeof loadLibrary> {
  try {
    return loadLibrary(LIBRARY);
  } catch (error) {
    throw new NftError(`${LIBRARY} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Whether the library is installed. */
export function hasLibrary(): boolean {
  try {
    library();
    return true;
  } catch (error) {
    if (error instanceof NftError) return false;
    throw error;
  }
}

/**
 * Speaks to the namespace that the thread was in when it was opened. A table with `flags owner` goes when its session does,
 * however that happens: the kernel removes it with the socket (NFT_TABLE_F_OWNER, Linux 5.12).
 */
export interface NftSession {
  /** Runs commands as one transaction: all of them or none. Returns what they print. */
  run(commands: string): string;
  close(): void;
}

export function openNft(output = 0): NftSession {
  const { create, free, bufferOutput, bufferError, setFlags, run, output: printed, error } = library();
  const context = create(0);
  bufferOutput(context);
  bufferError(context);
  setFlags(context, output);
  return {
    run: (commands) => {
      if (run(context, commands) !== 0) throw new NftError(error(context));
      return printed(context);
    },
    close: () => free(context),
  };
}

/** Runs nft commands as one transaction: all of them or none. Returns what they print. */
export function nft(commands: string, output = 0): string {
  const session = openNft(output);
  try {
    return session.run(commands);
  } finally {
    session.close();
  }
}
