/** The only place that calls into C. Each function returns what the C function does, or throws a `SystemError`. */
import koffi from 'koffi';
import { SystemError } from './system-error.ts';

const libc = koffi.load('libc.so.6');

type Foreign = (...args: unknown[]) => number;
const foreign = (signature: string): Foreign => libc.func(signature) as unknown as Foreign;

const calls = {
  unshare: foreign('int unshare(int flags)'),
  setns: foreign('int setns(int fd, int nstype)'),
  mount: foreign('int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)'),
  umount2: foreign('int umount2(const char *target, int flags)'),
  socket: foreign('int socket(int domain, int type, int protocol)'),
  bind: foreign('int bind(int fd, const uint8_t *address, uint32_t length)'),
  connect: foreign('int connect(int fd, const uint8_t *address, uint32_t length)'),
  listen: foreign('int listen(int fd, int backlog)'),
  accept4: foreign('int accept4(int fd, void *address, void *length, int flags)'),
  send: foreign('long send(int fd, const uint8_t *data, size_t length, int flags)'),
  sendto: foreign('long sendto(int fd, const uint8_t *data, size_t length, int flags, const uint8_t *address, uint32_t alen)'),
  sendmmsg: foreign('int sendmmsg(int fd, uint8_t *messages, unsigned int count, int flags)'),
  recv: foreign('long recv(int fd, _Out_ uint8_t *data, size_t length, int flags)'),
  recvfrom: foreign('long recvfrom(int fd, _Out_ uint8_t *data, size_t length, int flags, _Out_ uint8_t *address, _Inout_ uint32_t *alen)'),
  recvmsg: foreign('long recvmsg(int fd, _Inout_ uint8_t *message, int flags)'),
  recvmmsg: foreign('int recvmmsg(int fd, _Inout_ uint8_t *messages, unsigned int count, int flags, void *timeout)'),
  setsockopt: foreign('int setsockopt(int fd, int level, int name, const uint8_t *value, uint32_t length)'),
  getsockopt: foreign('int getsockopt(int fd, int level, int name, _Out_ uint8_t *value, _Inout_ uint32_t *length)'),
  getsockname: foreign('int getsockname(int fd, _Out_ uint8_t *address, _Inout_ uint32_t *length)'),
  poll: foreign('int poll(_Inout_ uint8_t *fds, unsigned long count, int timeout)'),
  ioctl: foreign('int ioctl(int fd, unsigned long request, _Inout_ uint8_t *argument)'),
  flock: foreign('int flock(int fd, int operation)'),
} as const;

const memcpy = libc.func('void *memcpy(_Out_ uint8_t *to, size_t from, size_t length)');

/** Calls `name`; -1 becomes a `SystemError` that says what was being done to what. */
function call(name: keyof typeof calls, subject: string, ...args: unknown[]): number {
  const result = Number(calls[name](...args));
  if (result < 0) throw new SystemError(name, koffi.errno(), subject);
  return result;
}

/** Bytes of these structs of recv(2) and sendmmsg(2). */
const MSGHDR = 56;
const MMSGHDR = 64;
const IOVEC = 16;

export const CLONE_NEWNET = 0x40000000;

export const MS_BIND = 0x1000;
export const MS_SHARED = 0x100000;
export const MNT_DETACH = 2;

export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
const SOCK_CLOEXEC = 0o2000000;
const MSG_TRUNC = 0x20;
const MSG_DONTWAIT = 0x40;

export const POLLIN = 1;
export const POLLOUT = 4;
export const POLLERR = 8;
export const POLLHUP = 16;

export const LOCK_EX = 2;
export const LOCK_NB = 4;

export const unshare = (flags: number): void => void call('unshare', `flags 0x${flags.toString(16)}`, flags);
export const setns = (fd: number, type: number, subject: string): void => void call('setns', subject, fd, type);
export const mount = (source: string, target: string, flags: number): void => void call('mount', target, source, target, null, flags, null);
/** A file system in memory; `options` as mount(8) takes them. */
export const mountTmpfs = (target: string, options: string): void => void call('mount', target, 'tmpfs', target, 'tmpfs', 0, options);
export const umount = (target: string, flags: number): void => void call('umount2', target, target, flags);
export const socket = (domain: number, type: number, protocol: number): number =>
  call('socket', `domain ${domain}, type ${type & 0xf}`, domain, type | SOCK_CLOEXEC, protocol);
export const bind = (fd: number, address: Uint8Array): void => void call('bind', `descriptor ${fd}`, fd, address, address.length);
export const listen = (fd: number, backlog: number): void => void call('listen', `descriptor ${fd}`, fd, backlog);
export const send = (fd: number, data: Uint8Array, flags = 0): number => call('send', `descriptor ${fd}`, fd, data, data.length, flags);
export const recv = (fd: number, into: Uint8Array, flags = 0): number => call('recv', `descriptor ${fd}`, fd, into, into.length, flags);
export const setSocketOption = (fd: number, level: number, name: number, value: Uint8Array): void =>
  void call('setsockopt', `option ${level}/${name}`, fd, level, name, value, value.length);
/** Reads an option into `value`, and returns its length in bytes. */
export function getSocketOption(fd: number, level: number, name: number, value: Uint8Array): number {
  const length = [value.length];
  call('getsockopt', `option ${level}/${name}`, fd, level, name, value, length);
  return length[0] ?? 0;
}
export function getSocketName(fd: number, address: Uint8Array): number {
  const length = [address.length];
  call('getsockname', `descriptor ${fd}`, fd, address, length);
  return length[0] ?? 0;
}
/** `fds` is an array of struct pollfd (poll(2)), 8 bytes each; `timeout` in milliseconds. Returns how many are ready. */
export const poll = (fds: Uint8Array, timeout: number): number =>
  call('poll', `${fds.length / 8} descriptors`, fds, fds.length / 8, timeout);
export const flock = (fd: number, operation: number, subject: string): void => void call('flock', subject, fd, operation);

/**
 * What fails as a matter of course on a non-blocking descriptor: the negative errno is the result, not an error.
 * Thousands of sockets at once would otherwise make an error object each for EINPROGRESS and EAGAIN.
 */
const attempt = (name: keyof typeof calls, ...args: unknown[]): number => {
  const result = Number(calls[name](...args));
  return result < 0 ? -koffi.errno() : result;
};
export const tryBind = (fd: number, address: Uint8Array): number => attempt('bind', fd, address, address.length);
export const tryListen = (fd: number, backlog: number): number => attempt('listen', fd, backlog);
export const tryConnect = (fd: number, address: Uint8Array): number => attempt('connect', fd, address, address.length);
export const tryAccept = (fd: number): number => attempt('accept4', fd, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
export const trySend = (fd: number, data: Uint8Array): number => attempt('send', fd, data, data.length, MSG_DONTWAIT);
export const trySendTo = (fd: number, data: Uint8Array, address: Uint8Array): number =>
  attempt('sendto', fd, data, data.length, MSG_DONTWAIT, address, address.length);
export const tryReceive = (fd: number, into: Uint8Array): number => attempt('recv', fd, into, into.length, MSG_DONTWAIT);
/** Receives with recvmsg(2), without waiting: data `into` one buffer, and what the kernel says along with it into `control`, zeros where nothing. */
export function messageReceiver(into: Uint8Array, control: Uint8Array): (fd: number) => number {
  const vector = Buffer.alloc(IOVEC);
  vector.writeBigUInt64LE(BigInt(koffi.address(into)), 0);
  vector.writeBigUInt64LE(BigInt(into.length), 8);
  const header = Buffer.alloc(MSGHDR);
  header.writeBigUInt64LE(BigInt(koffi.address(vector)), 16);
  header.writeBigUInt64LE(1n, 24);
  header.writeBigUInt64LE(BigInt(koffi.address(control)), 32);
  // The closure keeps what the pointers lead to.
  return (fd) => {
    control.fill(0);
    header.writeBigUInt64LE(BigInt(control.length), 40);
    return vector.length > 0 ? attempt('recvmsg', fd, header, MSG_DONTWAIT) : 0;
  };
}
/** Fills `address` with the sender's sockaddr. */
export const tryReceiveFrom = (fd: number, into: Uint8Array, address: Uint8Array): number =>
  attempt('recvfrom', fd, into, into.length, MSG_DONTWAIT, address, [address.length]);

/** Several messages that are received in one call. What a message left is a view, good until the next call. */
export interface Inbox {
  /** How many came, up to `count`, or a negative errno. */
  receive(fd: number): number;
  /** Bytes that the message had, though fewer may have found room. */
  length(message: number): number;
  data(message: number): Buffer;
  /** Who it is from: a sockaddr. */
  address(message: number): Buffer;
  /** What the kernel says along with it (cmsg(3)), zeros where nothing. */
  control(message: number): Buffer;
}

/** For recvmmsg(2), without waiting: `count` messages of at most `size` bytes each. */
export function inbox(
  count: number,
  size: number,
  { addressSize, controlSize }: Readonly<Record<'addressSize' | 'controlSize', number>>,
): Inbox {
  const [data, addresses, controls] = [size, addressSize, controlSize].map((each) => Buffer.alloc(count * each)) as [
    Buffer,
    Buffer,
    Buffer,
  ];
  const vectors = Buffer.alloc(IOVEC * count);
  const headers = Buffer.alloc(MMSGHDR * count);
  const [atData, atAddresses, atControls, atVectors] = [data, addresses, controls, vectors].map((each) => BigInt(koffi.address(each))) as [
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  for (let i = 0; i < count; i++) {
    vectors.writeBigUInt64LE(atData + BigInt(i * size), i * IOVEC);
    vectors.writeBigUInt64LE(BigInt(size), i * IOVEC + 8);
    headers.writeBigUInt64LE(atAddresses + BigInt(i * addressSize), i * MMSGHDR);
    headers.writeBigUInt64LE(atVectors + BigInt(i * IOVEC), i * MMSGHDR + 16);
    headers.writeBigUInt64LE(1n, i * MMSGHDR + 24);
    headers.writeBigUInt64LE(atControls + BigInt(i * controlSize), i * MMSGHDR + 32);
  }
  return {
    receive: (fd) => {
      controls.fill(0);
      for (let i = 0; i < count; i++) {
        headers.writeUInt32LE(addressSize, i * MMSGHDR + 8);
        headers.writeBigUInt64LE(BigInt(controlSize), i * MMSGHDR + 40);
      }
      // The closure keeps what the pointers lead to.
      return vectors.length > 0 ? attempt('recvmmsg', fd, headers, count, MSG_DONTWAIT | MSG_TRUNC, null) : 0;
    },
    length: (message) => headers.readUInt32LE(message * MMSGHDR + MSGHDR),
    data: (message) => data.subarray(message * size, message * size + Math.min(size, headers.readUInt32LE(message * MMSGHDR + MSGHDR))),
    address: (message) => addresses.subarray(message * addressSize, (message + 1) * addressSize),
    control: (message) => controls.subarray(message * controlSize, (message + 1) * controlSize),
  };
}

const SOL_SOCKET = 1;
const SO_ATTACH_FILTER = 26;

/** Lets a classic BPF program (struct sock_filter, 8 bytes an instruction) decide what a socket receives. */
export function attachFilter(fd: number, program: Uint8Array): void {
  const filter = Buffer.alloc(16);
  filter.writeUInt16LE(program.length / 8, 0);
  filter.writeBigUInt64LE(BigInt(koffi.address(program)), 8);
  setSocketOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, filter);
}

/** Loads another C library; only `backend/nftables` and `backend/pcap` have need of one. */
export const loadLibrary = (name: string): ReturnType<typeof koffi.load> => koffi.load(name);

/** A copy of what C keeps somewhere in memory. */
export function memoryAt(address: bigint, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  memcpy(bytes, address, length);
  return bytes;
}

const SIOCGIFINDEX = 0x8933;
const SIOCETHTOOL = 0x8946;
const IFNAMSIZ = 16;
const IFREQ = 40;

/** The index of a device in the namespace that the socket is of; `ENODEV` where there is none. */
export function deviceIndex(fd: number, device: string): number {
  const request = Buffer.alloc(IFREQ);
  request.write(device, 0, IFNAMSIZ - 1);
  call('ioctl', `index of ${device}`, fd, SIOCGIFINDEX, request);
  return request.readInt32LE(IFNAMSIZ);
}

/** A struct ethtool_value, and the struct ifreq that leads to it. They are filled anew for each of thousands of devices. */
const ethtool = { value: Buffer.alloc(8), request: Buffer.alloc(IFREQ) };
ethtool.request.writeBigUInt64LE(BigInt(koffi.address(ethtool.value)), IFNAMSIZ);

/** The ethtool commands that carry one number; returns the number as the kernel left it. */
export function ethtoolValue(fd: number, device: string, command: number, data: number): number {
  const { value, request } = ethtool;
  value.writeUInt32LE(command, 0);
  value.writeUInt32LE(data, 4);
  request.fill(0, request.write(device, 0, IFNAMSIZ - 1), IFNAMSIZ);
  call('ioctl', `ethtool of ${device}`, fd, SIOCETHTOOL, request);
  return value.readUInt32LE(4);
}

/** @internal For measurements: what sends packets of `size` bytes, one after the other in `packets`, in one call. */
export function inOneCall(packets: Uint8Array, size: number): (fd: number) => number {
  const count = Math.floor(packets.length / size);
  const start = BigInt(koffi.address(packets));
  const vectors = Buffer.alloc(IOVEC * count);
  const messages = Buffer.alloc(MMSGHDR * count);
  const firstVector = BigInt(koffi.address(vectors));
  for (let i = 0; i < count; i++) {
    vectors.writeBigUInt64LE(start + BigInt(i * size), i * IOVEC);
    vectors.writeBigUInt64LE(BigInt(size), i * IOVEC + 8);
    messages.writeBigUInt64LE(firstVector + BigInt(i * IOVEC), i * MMSGHDR + 16);
    messages.writeBigUInt64LE(1n, i * MMSGHDR + 24);
  }
  // The closure keeps what the pointers lead to.
  return (fd) => (packets.length + vectors.length > 0 ? call('sendmmsg', `descriptor ${fd}`, fd, messages, count, 0) : 0);
}
