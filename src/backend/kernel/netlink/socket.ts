import { closeSync } from 'node:fs';
import { AF_NETLINK, recv, SOCK_RAW, send, setSocketOption, socket } from '../libc.ts';
import { SystemError } from '../system-error.ts';
import { eachAttribute, HEADER, type Message, MessageWriter, messagesIn, NLM_F_DUMP, textOf } from './message.ts';

export const NETLINK_ROUTE = 0;
export const NETLINK_NETFILTER = 12;
const SOL_NETLINK = 270;
const NETLINK_EXT_ACK = 11;
const NETLINK_CAP_ACK = 10;
const NETLINK_GET_STRICT_CHK = 12;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLM_F_DUMP_INTR = 0x10;
const NLM_F_ACK_TLVS = 0x200;
const NLMSGERR_ATTR_MSG = 1;
const EINTR = 4;

/** Above this a batch is sent: larger ones gain nothing, and an error for each message still fits the receive buffer. */
const BATCH_BYTES = 48 * 1024;
const BATCH_MESSAGES = 200;

/** Writers of closed sockets: a thousand namespaces are visited one after the other, and need one buffer. */
const spare: MessageWriter[] = [];

const ONE = Buffer.from([1, 0, 0, 0]);
const received = Buffer.alloc(1 << 18);
/** The kernel sends a dump in parts of 32 KiB or less (netlink_dump in af_netlink.c). */
const LARGEST_PART = 1 << 16;

/** What became of one message of a batch. */
export interface Failure {
  /** Which message, counting from 0 over the life of the batch. */
  readonly index: number;
  readonly error: SystemError;
}

/** Writes the body, which starts at `at` of `body`, and the attributes of a message. */
export type Fill = (writer: MessageWriter, body: Buffer, at: number) => void;

/** Runs `act` with a socket of the namespace that the thread is in. */
export function withSocket<T>(act: (socket: NetlinkSocket) => T, protocol: number = NETLINK_ROUTE): T {
  const socket = new NetlinkSocket(protocol);
  try {
    return act(socket);
  } finally {
    socket.close();
  }
}

/** A netlink socket (netlink(7)) of the namespace that the thread was in when it was opened. */
export class NetlinkSocket {
  /** For ioctl(2). */
  readonly fd: number;
  readonly #writer = spare.pop() ?? new MessageWriter();
  #sequence = 1;
  /** Sequence number of the first message that has not been sent. */
  #unsent = 1;
  /** What each unsent message is about, for errors. */
  #subjects: string[] = [];
  #failures: Failure[] = [];

  /** Whether failures come with the kernel's reason and without the message that failed. */
  #reasoned = false;
  #strict = false;

  /** The kernel binds it when it is first used. */
  constructor(protocol: number) {
    this.fd = socket(AF_NETLINK, SOCK_RAW, protocol);
  }

  close(): void {
    closeSync(this.fd);
    this.#writer.reset();
    spare.push(this.#writer);
  }

  /**
   * Adds a message to the batch. `fill` writes the body and the attributes; `subject` is what an error names.
   * Returns the index by which `flush` reports a failure.
   */
  add(type: number, flags: number, bodyLength: number, subject: string, fill: Fill): number {
    if (this.#subjects.length >= BATCH_MESSAGES || this.#writer.length > BATCH_BYTES) this.#send();
    const sequence = this.#sequence++;
    const { buffer, at } = this.#writer.begin(type, flags, sequence, bodyLength);
    fill(this.#writer, buffer, at);
    this.#writer.finish();
    this.#subjects.push(subject);
    return sequence - 1;
  }

  /** Sends what is left, and tells what failed since the last flush. The kernel goes on after a failure. */
  flush(): readonly Failure[] {
    this.#send();
    const failures = this.#failures;
    this.#failures = [];
    return failures;
  }

  /**
   * Has the kernel take what is written in the body of a dump for a filter; before Linux 4.20 it does not, and tells everything.
   * Then it refuses what it does not know, too.
   */
  askStrictly(): void {
    if (this.#strict) return;
    this.#strict = true;
    try {
      setSocketOption(this.fd, SOL_NETLINK, NETLINK_GET_STRICT_CHK, ONE);
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'ENOPROTOOPT') throw error;
    }
  }

  /** Everything of one kind: `visit` gets each message of the dump, valid only during the call. */
  dump(type: number, bodyLength: number, fill: Fill, visit: (message: Message) => void): void {
    this.#send();
    // A table that changes while it is read is read again; on a busy host it may never be quiet, so not for ever.
    for (let attempts = 5; attempts > 0; attempts--) {
      const { messages, consistent } = this.#dumpOnce(type, bodyLength, fill);
      if (!consistent && attempts > 1) continue;
      messages.forEach(visit);
      return;
    }
  }

  /** The answer to one question. @throws SystemError */
  ask(type: number, bodyLength: number, fill: Fill): Message {
    this.#send();
    const sequence = this.#sequence++;
    this.#unsent = this.#sequence;
    const { buffer, at } = this.#writer.begin(type, 0, sequence, bodyLength);
    fill(this.#writer, buffer, at);
    this.#writer.finish();
    send(this.fd, this.#writer.bytes());
    this.#writer.reset();
    for (;;) {
      const answer = Buffer.alloc(LARGEST_PART);
      for (const message of messagesIn(answer.subarray(0, this.#receive(answer, 0)))) {
        if (message.sequence !== sequence) continue;
        if (message.type === NLMSG_ERROR) throw new SystemError('netlink', -message.body.readInt32LE(0), `message type ${type}`);
        return message;
      }
    }
  }

  #dumpOnce(type: number, bodyLength: number, fill: Fill): { readonly messages: readonly Message[]; readonly consistent: boolean } {
    const sequence = this.#sequence++;
    this.#unsent = this.#sequence;
    this.#writer.reset();
    const { buffer, at } = this.#writer.begin(type, NLM_F_DUMP, sequence, bodyLength);
    fill(this.#writer, buffer, at);
    this.#writer.finish();
    send(this.fd, this.#writer.bytes());
    this.#writer.reset();
    const messages: Message[] = [];
    let consistent = true;
    // Parts are kept one behind the other until the last one says whether all of them are good.
    let [parts, used] = [received, 0];
    for (let open = true; open; ) {
      if (parts.length - used < LARGEST_PART) [parts, used] = [Buffer.allocUnsafe(received.length), 0];
      const length = this.#receive(parts, used);
      const part = parts.subarray(used, used + length);
      used += length;
      for (const message of messagesIn(part)) {
        if (message.sequence !== sequence) continue;
        if ((message.flags & NLM_F_DUMP_INTR) !== 0) consistent = false;
        if (message.type === NLMSG_DONE) open = false;
        else if (message.type === NLMSG_ERROR) throw new SystemError('netlink dump', -message.body.readInt32LE(0), `message type ${type}`);
        else messages.push(message);
      }
    }
    return { messages, consistent };
  }

  #send(): void {
    if (this.#subjects.length === 0) return;
    if (!this.#reasoned) {
      setSocketOption(this.fd, SOL_NETLINK, NETLINK_EXT_ACK, ONE);
      setSocketOption(this.fd, SOL_NETLINK, NETLINK_CAP_ACK, ONE);
      this.#reasoned = true;
    }
    // Failures are always reported; one acknowledgement, of the last message, says that all are through.
    this.#writer.acknowledgeLast();
    const last = this.#sequence - 1;
    send(this.fd, this.#writer.bytes());
    for (let open = true; open; ) {
      for (const message of messagesIn(received.subarray(0, this.#receive(received, 0)))) {
        if (message.type !== NLMSG_ERROR) continue;
        if (message.sequence === last) open = false;
        const errno = -message.body.readInt32LE(0);
        if (errno !== 0) this.#failures.push({ index: message.sequence - 1, error: this.#error(errno, message) });
      }
    }
    this.#writer.reset();
    this.#subjects = [];
    this.#unsent = this.#sequence;
  }

  #error(errno: number, message: Message): SystemError {
    let reason = '';
    if ((message.flags & NLM_F_ACK_TLVS) !== 0) {
      // struct nlmsgerr: the error, then the header of the message that failed.
      eachAttribute(message.body, 4 + HEADER, message.body.length, (type, start, end) => {
        if (type === NLMSGERR_ATTR_MSG) reason = textOf(message.body, start, end);
      });
    }
    const subject = this.#subjects[message.sequence - this.#unsent] ?? 'a message';
    return new SystemError('netlink', errno, reason === '' ? subject : `${subject}: ${reason}`);
  }

  #receive(into: Buffer, from: number): number {
    for (;;) {
      try {
        return recv(this.fd, from === 0 ? into : into.subarray(from));
      } catch (error) {
        if (!(error instanceof SystemError) || error.errno !== EINTR) throw error;
      }
    }
  }
}
