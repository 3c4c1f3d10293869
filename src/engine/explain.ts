/** Why a packet arrives or does not, from what the file compiles to: nothing is sent, and nothing has to run. */
import type { Address, Family } from '../address/ip.ts';
import { parseAddress } from '../address/parse.ts';
import type { Home } from '../backend/home.ts';
import { readHostFacts } from '../backend/host/facts.ts';
import { compile } from '../compile/compile.ts';
import { fabricOf, namespaceOf } from '../compile/placement.ts';
import type { Network, Node } from '../network/network.ts';
import { createReport } from '../network/report.ts';
import { readServices } from '../network/services.ts';
import { codeOf } from '../proof/field-codes.ts';
import { recognizes, responseTo } from '../proof/path/answer.ts';
import { withEveryHook } from '../proof/path/every-hook.ts';
import { follow, type Opening, type Network as Run } from '../proof/path/follow.ts';
import type { IcmpError } from '../proof/path/icmp-error.ts';
import { modelOf } from '../proof/path/model.ts';
import type { Trace } from '../proof/path/step.ts';
import type { Resource } from '../resource/kinds.ts';
import { HOST } from '../resource/resource.ts';
import type { BottleFile } from '../spec/schema.ts';
import { EngineError } from './error.ts';
import { nodeOf } from './running.ts';

export interface Asked {
  /** A machine or router, an address of one, or `host`. */
  readonly from: string;
  /** The same, or any address. */
  readonly to: string;
  /** `http`, `tcp/443`, `ping`. */
  readonly service: string;
}

export interface Explained {
  /** `tcp/80`, `ping`. */
  readonly exchange: string;
  readonly family: Family;
  /** Where it was asked for; else its sender chooses. */
  readonly source?: Address;
  readonly there: Trace;
  /** The answer, or the reset of whoever refuses it; absent where there is none. */
  readonly back?: Trace;
  /** The ICMP error that it brings back, unless the sender's own kernel makes it. */
  readonly error?: { readonly is: IcmpError; readonly trace: Trace };
  /** Whether whoever sent it knows what comes back for an answer to it, or for an error about it. */
  readonly recognized: boolean;
}

/** A port of whoever asks; which one does not matter to rules that speak of none. */
const ASKING_PORT = 40000;

interface Place {
  readonly namespace: string;
  readonly addresses: readonly Address[];
  /** Whether it was named by its address. */
  readonly exact: boolean;
  readonly node?: Node;
}

/** What the host would hold if the file were up. */
export const compiled = (home: Home, network: Network): readonly Resource[] => compile(network, readHostFacts(home));

/** @throws EngineError `no-machine`, `usage` */
export function explain(network: Network, file: BottleFile, resources: readonly Resource[], asked: Asked): readonly Explained[] {
  const from = placeOf(network, asked.from);
  if (from === undefined)
    throw new EngineError('usage', `nobody in ${network.name} has the address ${asked.from}`, {
      remedy: 'Name a machine or router, or one of its addresses.',
    });
  const to = placeOf(network, asked.to) ?? elsewhere(asked.to);
  const model = modelOf(resources);
  const found: Explained[] = [];
  for (const { name, opening } of openingsOf(file, asked.service)) {
    for (const destination of destinationsOf(from, to)) {
      const { family } = destination;
      const source = from.exact ? from.addresses.find((address) => address.family === family) : undefined;
      const run = { model, trackings: new Map() };
      const there = withEveryHook(
        follow(run, from.namespace, { ...opening(family), family, destination, ...(source !== undefined && { source }) }),
      );
      const asked = source === undefined ? {} : { source };
      found.push({ exchange: name, family, ...asked, there, ...returnOf(run, from.namespace, there) });
    }
  }
  if (found.length === 0)
    throw new EngineError('usage', `${asked.from} and ${asked.to} have no address family in common`, {
      remedy: 'Nothing can pass between them.',
    });
  return found;
}

/** What comes back of a packet that has been followed. */
export function returnOf(run: Run, from: string, there: Trace): Pick<Explained, 'back' | 'error' | 'recognized'> {
  const response = responseTo(there);
  const sent = there.steps.find((step) => step.kind === 'sent')?.packet;
  if (response === undefined || sent === undefined) return { recognized: false };
  const { at, opening, what } = response;
  if (typeof what === 'object' && at === from) return { recognized: false };
  const trace = withEveryHook(follow(run, at, opening));
  const recognized = trace.ending.kind === 'delivered' && trace.ending.at === from && recognizes(sent, trace);
  return typeof what === 'object' ? { error: { is: what, trace }, recognized } : { back: trace, recognized };
}

function placeOf(network: Network, text: string): Place | undefined {
  if (text === 'host') return { namespace: HOST, addresses: hostAddresses(network), exact: false };
  const parsed = parseAddress(text);
  if (!parsed.ok) {
    const node = nodeOf(network, text);
    return { namespace: namespaceOf(network.name, node.name), addresses: addressesOf(node), exact: false, node };
  }
  const isIt = (address: Address): boolean => address.family === parsed.value.family && address.value === parsed.value.value;
  const node = network.nodes.find((one) => addressesOf(one).some(isIt));
  if (node !== undefined) return { namespace: namespaceOf(network.name, node.name), addresses: [parsed.value], exact: true, node };
  return hostAddresses(network).some(isIt) ? { namespace: HOST, addresses: [parsed.value], exact: true } : undefined;
}

function elsewhere(text: string): Place {
  const parsed = parseAddress(text);
  return { namespace: '', addresses: parsed.ok ? [parsed.value] : [], exact: true };
}

const addressesOf = (node: Node): readonly Address[] =>
  [...node.interfaces.flatMap(({ addresses }) => addresses), ...(node.bridge?.addresses ?? [])].map(({ address }) => address);

const hostAddresses = ({ segments }: Network): readonly Address[] =>
  segments.flatMap(({ attachment }) => ('host' in attachment ? attachment.host.addresses.map(({ address }) => address) : []));

/** One a family: an address in a segment that both are in if there is one, else the first. */
function destinationsOf(from: Place, to: Place): readonly Address[] {
  if (to.exact) return to.addresses;
  const near = new Set(from.node?.interfaces.map(({ segment }) => segment));
  const shared =
    to.node?.interfaces.filter(({ segment }) => near.has(segment)).flatMap(({ addresses }) => addresses.map(({ address }) => address)) ??
    [];
  return ([4, 6] as const).flatMap((family) => {
    if (!from.addresses.some((address) => address.family === family)) return [];
    return [...shared, ...to.addresses].find((address) => address.family === family) ?? [];
  });
}

interface Exchange {
  readonly name: string;
  readonly opening: (family: Family) => Omit<Opening, 'family' | 'destination'>;
}

function openingsOf(file: BottleFile, text: string): readonly Exchange[] {
  const report = createReport();
  const services = readServices(file, createReport()).read(text, [], report);
  const [wrong] = report.diagnostics;
  if (wrong !== undefined) throw new EngineError('usage', wrong.message, wrong.remedy === undefined ? {} : { remedy: wrong.remedy });
  return services.map(({ protocol, ports }): Exchange => {
    if (protocol === 'icmp')
      return {
        name: 'ping',
        opening: (family) => ({
          protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
          icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', 'echo-request')),
        }),
      };
    const destinationPort = ports?.from ?? 1;
    return {
      name: `${protocol}/${destinationPort}`,
      opening: () => ({ protocol: Number(codeOf('inet_proto', protocol)), sourcePort: ASKING_PORT, destinationPort }),
    };
  });
}

/** A namespace in the words of the file: a machine's name, `host`, or the switches. */
export function nameOfNamespace(network: Network, namespace: string): string {
  if (namespace === HOST) return 'host';
  return namespace === fabricOf(network.name) ? 'switch' : namespace.slice(network.name.length + 1);
}
