/** Where the way of a packet ends, and why. */
import { formatAddress, formatPrefix } from '../address/format.ts';
import type { Seen } from '../engine/trace/seen.ts';
import type { Listener } from '../proof/path/step.ts';
import { ruleOf, type TraceWords } from './trace-words.ts';

const listenerText: { readonly [L in Listener]?: string } = {
  nobody: ', where nobody in the file listens',
  kernel: ', where the kernel takes it and says nothing',
};

export function endingText(words: TraceWords, { ending, steps = [] }: Pick<Seen, 'ending'> & Partial<Pick<Seen, 'steps'>>): string {
  const at = words.nameOf(ending.at, steps);
  switch (ending.kind) {
    case 'delivered':
      return `arrives at ${at}${listenerText[ending.listener] ?? ''}`;
    case 'dropped':
    case 'rejected': {
      const { comment, place } = ruleOf(words, ending.decision);
      const why = comment === undefined ? '' : ` by ${comment}${place === undefined ? '' : ` (${place.file}:${place.line})`}`;
      return `${ending.kind} at ${at}${why}`;
    }
    case 'no-route':
      return `${at} has no route for it`;
    case 'unreachable': {
      const place = ending.route && words.locate(ending.route.origin);
      return `${at} has a route that says it is unreachable${place === undefined ? '' : ` (${place.file}:${place.line})`}`;
    }
    case 'undecided':
      return `${at} has ${ending.route.learned?.hops.length ?? 0} equally good ways to ${formatPrefix(ending.route.to)}, and takes one for each flow`;
    case 'not-forwarded':
      return `${at} is no router, and forwards nothing`;
    case 'hop-limit':
      return `its hop limit ends at ${at}${ending.circle ? ': the routers send it in a circle' : ''}`;
    case 'martian-source':
      return `${at} drops it: it comes from outside with an address of ${at}'s own, or of nobody (martian source)`;
    case 'martian-destination':
      return `${at} drops it: what is for such an address stays inside (martian destination)`;
    case 'reverse-path':
      return `${at} drops it: packets to its source would not leave by ${ending.device} (reverse path filter)`;
    case 'beyond-scope':
      return `${at} does not pass on what comes from a link-local address`;
    case 'too-big':
      return `${at} cannot send it: it is larger than the ${ending.mtu} bytes of ${ending.device}, and not to be cut up`;
    case 'frame-too-big':
      return `${at} drops it: it is larger than the ${ending.mtu} bytes of port ${ending.device}, and a bridge says so to nobody`;
    case 'no-source':
      return `${at} has no address to send from`;
    case 'nobody-there': {
      const stopped = words.stopped?.(ending.address);
      return `${at} finds nobody with the address ${formatAddress(ending.address)} behind ${ending.device}${stopped === undefined ? '' : `: ${stopped} is stopped`}`;
    }
    case 'nobody-has-mac':
      return `nobody behind ${ending.device} of ${at} has the MAC address ${ending.mac}: bridges send it everywhere, and nobody takes it`;
    case 'link-down':
      return `${at} finds nobody behind ${ending.device}: ${words.nameOfDown(ending.down)} is down`;
    case 'to-all':
      return ending.device === undefined
        ? `${at} takes it for itself: a ${ending.what} is not passed on`
        : `goes to everybody behind ${ending.device} of ${at}, and no further: it is a ${ending.what}`;
    case 'vanished':
      return `was seen last at ${at}, in ${ending.hook}, and the kernel does not say why`;
    case 'not-sent':
      return `${at} did not send it (${ending.reason})`;
    case 'outside':
      return 'leaves by the host, out of what the file describes';
  }
}
