/**
 * What a device receives is sent through another one first (tc-u32(8), tc-mirred(8), linux/pkt_cls.h). Of the classifiers that
 * match everything, u32 is the one that most kernels have.
 */
import { eachAttribute, NLM_F_CREATE, NLM_F_EXCL, textOf } from './message.ts';
import type { NetlinkSocket } from './socket.ts';

const RTM_NEWQDISC = 36;
const RTM_DELQDISC = 37;
const RTM_NEWTFILTER = 44;
const RTM_GETTFILTER = 46;
const TCMSG = 20;
const TC_H_INGRESS = 0xfffffff1;
/** The only one that an ingress qdisc can have. */
const INGRESS_HANDLE = 0xffff0000;
const TCA_KIND = 1;
const TCA_OPTIONS = 2;
const ETH_P_ALL = 0x0003;
const PRIORITY = 1;
const TCA_U32_SEL = 5;
const TCA_U32_ACT = 7;
const TC_U32_TERMINAL = 1;
const FIRST_ACTION = 1;
const TCA_ACT_KIND = 1;
const TCA_ACT_OPTIONS = 2;
const TCA_MIRRED_PARMS = 2;
const TC_ACT_STOLEN = 4;
const TCA_EGRESS_REDIR = 1;

/** Sends all that the device with index `from` receives through the one with index `through`. What else is done to it there has to be gone. */
export function redirect(socket: NetlinkSocket, from: number, through: number, subject: string): void {
  socket.add(RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, TCMSG, subject, (writer, body, at) => {
    address(body, at, from, INGRESS_HANDLE, TC_H_INGRESS);
    writer.text(TCA_KIND, 'ingress');
  });
  socket.add(RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, TCMSG, subject, (writer, body, at) => {
    address(body, at, from, 0, INGRESS_HANDLE);
    body.writeUInt16BE(ETH_P_ALL, at + 16);
    body.writeUInt16LE(PRIORITY, at + 18);
    writer.text(TCA_KIND, 'u32');
    writer.nest(TCA_OPTIONS, () => {
      // A struct tc_u32_sel with one key, of which no bit is looked at.
      const selector = Buffer.alloc(16 + 16);
      selector.writeUInt8(TC_U32_TERMINAL, 0);
      selector.writeUInt8(1, 2);
      writer.raw(TCA_U32_SEL, selector);
      writer.nest(TCA_U32_ACT, () =>
        writer.nest(FIRST_ACTION, () => {
          writer.text(TCA_ACT_KIND, 'mirred');
          // A struct tc_mirred: index, capab, action, two counts, what to do, and the device to do it with.
          const parameters = Buffer.alloc(28);
          parameters.writeInt32LE(TC_ACT_STOLEN, 8);
          parameters.writeInt32LE(TCA_EGRESS_REDIR, 20);
          parameters.writeUInt32LE(through, 24);
          writer.nest(TCA_ACT_OPTIONS, () => writer.raw(TCA_MIRRED_PARMS, parameters));
        }),
      );
    });
  });
}

/** What the kernel answers where there is nothing to end. */
export const NOTHING_TO_END = ['EINVAL', 'ENOENT', 'ENODEV'];

/** Ends all that is done to what the device with this index receives: without the ifb that it is sent to it would be lost. */
export function endRedirect(socket: NetlinkSocket, from: number, subject: string): void {
  socket.add(RTM_DELQDISC, 0, TCMSG, subject, (_writer, body, at) => address(body, at, from, INGRESS_HANDLE, TC_H_INGRESS));
}

const address = (body: Buffer, at: number, index: number, handle: number, parent: number): void => {
  body.writeInt32LE(index, at + 4);
  body.writeUInt32LE(handle, at + 8);
  body.writeUInt32LE(parent, at + 12);
};

/** The index of the device through which all that this one receives is sent; 0 for none. */
export function redirectedTo(socket: NetlinkSocket, from: number): number {
  let through = 0;
  socket.dump(
    RTM_GETTFILTER,
    TCMSG,
    (_writer, body, at) => address(body, at, from, 0, INGRESS_HANDLE),
    ({ type, body }) => {
      if (type === RTM_NEWTFILTER) through = actionIn(body) ?? through;
    },
  );
  return through;
}

function actionIn(body: Buffer): number | undefined {
  let kind = '';
  let found: number | undefined;
  eachAttribute(body, TCMSG, body.length, (type, start, end) => {
    if (type === TCA_KIND) kind = textOf(body, start, end);
    if (type !== TCA_OPTIONS || kind !== 'u32') return;
    within(body, start, end, [TCA_U32_ACT, FIRST_ACTION, TCA_ACT_OPTIONS, TCA_MIRRED_PARMS], (at) => {
      if (body.readInt32LE(at + 20) === TCA_EGRESS_REDIR) found = body.readUInt32LE(at + 24);
    });
  });
  return found;
}

/** Calls `visit` with the place of the value at the end of a path of attributes. */
function within(body: Buffer, from: number, to: number, [first, ...rest]: readonly number[], visit: (at: number) => void): void {
  eachAttribute(body, from, to, (type, start, end) => {
    if (type !== first) return;
    if (rest.length === 0) visit(start);
    else within(body, start, end, rest, visit);
  });
}
