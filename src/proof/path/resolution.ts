/** Whether neighbours find each other across switches whose flows may stop ARP (RFC 826) and neighbour discovery (RFC 4861). */
import type { Address, Family } from '../../address/ip.ts';
import type { Decision, PacketView } from '../evaluate.ts';
import { codeOf, nameCode } from '../field-codes.ts';
import { viewOf } from '../packet.ts';
import { decideFrame, type Program } from './flows/program.ts';
import type { Station } from './model.ts';
import { NotFollowed } from './not-followed.ts';
import type { Arrival, BridgeCrossing } from './wire.ts';

/** A switch that stops the question, or the answer to it. */
export interface Unresolved {
  readonly crossing: BridgeCrossing;
  readonly program: Program;
  readonly decision: Decision;
}

interface Asking {
  readonly sender: Station;
  readonly device: string;
  /** Whom it asks for. */
  readonly next: Address;
  /** Where it is known for which packet it asks: a sender asks from the address that the packet is from. */
  readonly source?: Address;
}

/** The program of the switch that a frame crosses, where flows decide about it. @throws NotFollowed */
export function programAt({ station, bridge }: BridgeCrossing): Program | undefined {
  const program = station.programs.get(bridge);
  if (program instanceof NotFollowed) throw program;
  return program;
}

export function unresolved({ sender, device, next, source }: Asking, arrival: Arrival): Unresolved | undefined {
  const ruled = arrival.crossings.flatMap((crossing) => {
    const program = crossing.kind === 'bridge' ? programAt(crossing) : undefined;
    return crossing.kind === 'bridge' && program !== undefined ? [{ crossing, program }] : [];
  });
  if (ruled.length === 0) return undefined;
  const own = sender.devices.get(device)?.mac ?? '';
  const theirs = arrival.station.devices.get(arrival.device)?.mac ?? '';
  const frames = askersOf(sender, device, next, source).map((asker) => framesOf(next.family, asker, next, own, theirs));
  const found = frames.map(({ question, answer }) => {
    for (const { crossing, program } of ruled) {
      const { inPort, outPort = crossing.bridge } = crossing;
      for (const decision of [decide(program, question, inPort, outPort), decide(program, answer, outPort, inPort)])
        if (decision.verdict !== 'accept') return { crossing, program, decision };
    }
    return undefined;
  });
  if (found.some((one) => one === undefined) && found.some((one) => one !== undefined))
    throw new NotFollowed(`whether ${sender.namespace} finds its neighbours hangs on the address that it asks from`);
  return found[0];
}

/** Whether all of these neighbours are found. @throws NotFollowed where some are, and others not */
export function finds(sender: Station, device: string, nexts: readonly Address[], arrival: Arrival): boolean {
  const found = nexts.map((next) => unresolved({ sender, device, next }, arrival) === undefined);
  if (found.includes(true) && found.includes(false))
    throw new NotFollowed(`${sender.namespace} finds ${arrival.station.namespace} by some of its addresses only`);
  return !found.includes(false);
}

/** Whoever answers has heard from the one that it answers, or from somebody else: which of them it still knows is not followed. */
export function answerNotFollowed({ namespace }: Station): NotFollowed {
  return new NotFollowed(`flows keep ${namespace} from asking who it answers, and whether it still knows is not followed`);
}

const same = (one: Address, other: Address): boolean => one.family === other.family && one.value === other.value;

/** The addresses that it may ask from: that of its packet if it is its own, else any of the device's. */
function askersOf({ addresses }: Station, device: string, { family }: Address, source: Address | undefined): readonly Address[] {
  const own = addresses.filter(({ address }) => address.family === family);
  const sent = own.find(({ address }) => source !== undefined && same(address, source));
  const candidates = sent === undefined ? own.filter((one) => one.device === device) : [sent];
  return candidates.map(({ address }) => address);
}

const decide = (program: Program, view: PacketView, inPort: string, outPort: string): Decision =>
  decideFrame(
    program,
    (field) => (field === 'iifname' ? nameCode(inPort) : field === 'oifname' ? nameCode(outPort) : view(field)),
    outPort,
  );

interface Frames {
  readonly question: PacketView;
  readonly answer: PacketView;
}

const framesOf = (family: Family, asker: Address, next: Address, own: string, theirs: string): Frames =>
  family === 4
    ? { question: arp(1, asker, next, own, 'ff:ff:ff:ff:ff:ff'), answer: arp(2, next, asker, theirs, own) }
    : {
        question: discovery(135, asker, solicitedNode(next), own, multicastMac(next)),
        answer: discovery(136, next, asker, theirs, own),
      };

const macCode = (mac: string): bigint => BigInt(`0x${mac.replaceAll(':', '') || '0'}`);

const arp =
  (operation: number, source: Address, target: Address, mac: string, to: string): PacketView =>
  (field) => {
    switch (field) {
      case 'ether type':
      case 'meta protocol':
        return codeOf('ether_type', 'arp');
      case 'ether saddr':
      case 'arp saddr ether':
        return macCode(mac);
      case 'ether daddr':
        return macCode(to);
      case 'arp operation':
        return BigInt(operation);
      case 'arp saddr ip':
        return source.value;
      case 'arp daddr ip':
        return target.value;
      default:
        return undefined;
    }
  };

const discovery = (icmpType: number, source: Address, destination: Address, mac: string, to: string): PacketView =>
  viewOf({
    family: 6,
    protocol: Number(codeOf('inet_proto', 'icmpv6')),
    source,
    destination,
    icmpType,
    hopLimit: 255,
    etherSource: mac,
    etherDestination: to,
    state: 'untracked',
    dnat: false,
    local: false,
  });

/** RFC 4291, 2.7.1: ff02::1:ffXX:XXXX. */
const solicitedNode = ({ value }: Address): Address => ({ family: 6, value: (0xff02n << 112n) | (0x1ffn << 24n) | (value & 0xffffffn) });

/** RFC 2464, 7. */
const multicastMac = ({ value }: Address): string =>
  ['33', '33', 'ff', ...[16n, 8n, 0n].map((shift) => ((value >> shift) & 0xffn).toString(16).padStart(2, '0'))].join(':');
