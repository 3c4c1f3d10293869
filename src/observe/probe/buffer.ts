import { setSocketOption } from '../../backend/kernel/libc.ts';
import { SystemError } from '../../backend/kernel/system-error.ts';
import { ints, SO_RCVBUF, SO_RCVBUFFORCE, SO_SNDBUF, SO_SNDBUFFORCE, SOL_SOCKET } from './sockaddr.ts';

const options = { receive: [SO_RCVBUFFORCE, SO_RCVBUF], send: [SO_SNDBUFFORCE, SO_SNDBUF] } as const;

/** Makes room for some thousand packets; in a user namespace no more than net.core.rmem_max and wmem_max allow (socket(7)). */
export function enlargeBuffer(descriptor: number, direction: 'receive' | 'send'): void {
  const [force, ask] = options[direction];
  try {
    setSocketOption(descriptor, SOL_SOCKET, force, ints(8 << 20));
  } catch (error) {
    if (!(error instanceof SystemError && error.code === 'EPERM')) throw error;
    setSocketOption(descriptor, SOL_SOCKET, ask, ints(8 << 20));
  }
}
