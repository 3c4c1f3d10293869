/** Families of generic netlink (genetlink, linux/genetlink.h): parts of the kernel that are spoken to by a name. */
import { SystemError } from '../system-error.ts';
import { withSocket } from './socket.ts';

const NETLINK_GENERIC = 16;
const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR_FAMILY_NAME = 2;
const GENLMSGHDR = 4;
const VERSION = 1;

/** Whether there is one by this name. The kernel loads the module for it where it can. */
export function hasFamily(name: string): boolean {
  return withSocket((socket) => {
    try {
      socket.ask(GENL_ID_CTRL, GENLMSGHDR, (writer, body, at) => {
        body.writeUInt8(CTRL_CMD_GETFAMILY, at);
        body.writeUInt8(VERSION, at + 1);
        writer.text(CTRL_ATTR_FAMILY_NAME, name);
      });
      return true;
    } catch (error) {
      if (error instanceof SystemError && error.code === 'ENOENT') return false;
      throw error;
    }
  }, NETLINK_GENERIC);
}
