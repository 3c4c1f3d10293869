/** Filter expressions (pcap-filter(7)), compiled by libpcap to programs that the kernel runs on each frame. */
import { loadLibrary, memoryAt } from '../kernel/libc.ts';

/** Why there is no program. */
export class FilterError extends Error {
  /** The library is missing, or the expression is wrong. */
  readonly reason: 'missing' | 'wrong';

  constructor(reason: FilterError['reason'], message: string) {
    super(message);
    this.name = 'FilterError';
    this.reason = reason;
  }
}

/** Debian and others: libpcap0.8 or libpcap0.8t64; Fedora: libpcap. */
const LIBRARIES = ['libpcap.so.0.8', 'libpcap.so.1'];

/** DLT_EN10MB of pcap/dlt.h: Ethernet. */
const ETHERNET = 1;
const LOOPBACK = 'lo';
/** Room for PCAP_ERRBUF_SIZE. */
const ERROR_SIZE = 256;
const NETMASK_UNKNOWN = 0xffffffff;

interface Library {
  readonly create: (device: string, error: Uint8Array) => unknown;
  readonly activate: (handle: unknown) => number;
  readonly dead: (linkType: number, snapLength: number) => unknown;
  readonly compile: (handle: unknown, program: Uint8Array, expression: string, optimize: number, netmask: number) => number;
  readonly release: (program: Uint8Array) => void;
  readonly error: (handle: unknown) => string;
  readonly close: (handle: unknown) => void;
}

function load(): Library {
  const pcap = open();
  const foreign = <F>(signature: string): F => pcap.func(signature) as unknown as F;
  return {
    create: foreign('void *pcap_create(const char *source, _Out_ uint8_t *errbuf)'),
    activate: foreign('int pcap_activate(void *p)'),
    dead: foreign('void *pcap_open_dead(int linktype, int snaplen)'),
    compile: foreign('int pcap_compile(void *p, _Out_ uint8_t *fp, const char *str, int optimize, uint32_t netmask)'),
    release: foreign('void pcap_freecode(_Inout_ uint8_t *fp)'),
    error: foreign('const char *pcap_geterr(void *p)'),
    close: foreign('void pcap_close(void *p)'),
  };
}

function open(): ReturnType<typeof loadLibrary> {
  for (const name of LIBRARIES) {
    try {
      return loadLibrary(name);
    } catch {
      // It may go by another name.
    }
  }
  throw new FilterError('missing', `filters need libpcap, and none of ${LIBRARIES.join(', ')} can be loaded`);
}

/** Whether the library is installed. */
export function hasLibpcap(): boolean {
  try {
    open();
    return true;
  } catch (error) {
    if (error instanceof FilterError) return false;
    throw error;
  }
}

/**
 * The program of an expression for Ethernet frames whose VLAN tag the kernel keeps apart: 8 bytes an instruction.
 * @throws FilterError
 */
export function compileFilter(expression: string, snapLength: number): Uint8Array {
  const library = load();
  const handle = handleOf(library, snapLength);
  const program = Buffer.alloc(16);
  try {
    if (library.compile(handle, program, expression, 1, NETMASK_UNKNOWN) !== 0) throw new FilterError('wrong', library.error(handle));
    const instructions = memoryAt(program.readBigUInt64LE(8), program.readUInt32LE(0) * 8);
    library.release(program);
    return instructions;
  } finally {
    library.close(handle);
  }
}

/**
 * Only for a live device does libpcap know `inbound`, and look for VLAN tags where the kernel puts them. The loopback is
 * Ethernet too; where it is down, all other words work still.
 */
function handleOf({ create, activate, close, dead }: Library, snapLength: number): unknown {
  const live = create(LOOPBACK, Buffer.alloc(ERROR_SIZE));
  if (live !== null && activate(live) >= 0) return live;
  if (live !== null) close(live);
  return dead(ETHERNET, snapLength);
}
