/** Ends of a question: one place, or the typical ones of a network, a group, a prefix, `internet` or `any`. */
import type { Prefix } from '../../address/ip.ts';
import { parseAddress } from '../../address/parse.ts';
import { bitsOf, parsePrefix } from '../../address/prefix.ts';
import type { End } from '../../network/end.ts';
import type { Network } from '../../network/network.ts';
import { sourcesOf, targetsOf } from '../../observe/ends.ts';
import type { ForeignAddress } from '../../proof/path/build/model-of.ts';
import { EngineError } from '../error.ts';
import { nodeOf } from '../running.ts';
import { addressPlace, hostPlace, nodePlace, outsidePlace, type Place } from './place.ts';

export interface Ends {
  readonly places: readonly Place[];
  /** Whether a single place was named. */
  readonly single: boolean;
}

/** What is asked about, and what the host has besides what the bottle gives it. */
export interface Setting {
  readonly network: Network;
  readonly foreign: readonly ForeignAddress[];
}

const one = (place: Place): Ends => ({ places: [place], single: true });

/** @throws EngineError `no-machine`, `usage` */
export const fromOf = (setting: Setting, text: string): Ends => endsOf(setting, text, 'from');

/** @throws EngineError `no-machine`, `usage` */
export const toOf = (setting: Setting, text: string): Ends => endsOf(setting, text, 'to');

function endsOf(setting: Setting, text: string, side: 'from' | 'to'): Ends {
  const { network, foreign } = setting;
  if (text === 'host') return one(hostPlace(network, foreign));
  const address = parseAddress(text);
  if (address.ok) return one(addressPlace(network, foreign, address.value, text));
  const end = endOf(network, text);
  if (end === undefined) return one(nodePlace(network, nodeOf(network, text)));
  if (end.kind === 'outside') return one(outsidePlace(network));
  const places = side === 'from' ? senders(setting, end) : receivers(setting, end);
  if (places.length === 0)
    throw new EngineError('usage', `there is nobody in ${text} to send ${side === 'from' ? 'anything' : 'anything to'}`, {
      remedy: 'Name a machine or router, a network, a group, an address or prefix, `host`, `internet` or `any`.',
    });
  return { places, single: false };
}

/** Undefined for the name of a machine, and for what is none of anything. */
function endOf(network: Network, text: string): End | undefined {
  if (text === 'any') return { kind: 'any' };
  if (network.nodes.some(({ name }) => name === text)) return undefined;
  if (network.segments.some(({ name }) => name === text))
    return { kind: 'nodes', text, members: [text], nodes: machinesIn(network, text), segment: text };
  const group = network.groups.find(({ name }) => name === text);
  if (group !== undefined) {
    const nodes = group.members.flatMap((member) =>
      network.nodes.some(({ name }) => name === member) ? [member] : machinesIn(network, member),
    );
    return { kind: 'nodes', text, members: group.members, nodes: [...new Set(nodes)] };
  }
  if (text === 'internet') return { kind: 'outside' };
  const prefix = parsePrefix(text);
  return prefix.ok ? { kind: 'prefix', text, prefix: prefix.value } : undefined;
}

const machinesIn = ({ nodes }: Network, segment: string): readonly string[] =>
  nodes.filter(({ kind, interfaces }) => kind === 'machine' && interfaces.some((one) => one.segment === segment)).map(({ name }) => name);

function senders({ network, foreign }: Setting, end: End): readonly Place[] {
  const places = sourcesOf(network, end).items.map(({ node, address }) =>
    address === undefined ? nodePlace(network, node) : addressPlace(network, foreign, address, node.name),
  );
  return end.kind === 'any' ? [...places, ...world(network)] : places;
}

function receivers({ network, foreign }: Setting, end: End): readonly Place[] {
  const places = targetsOf(network, end).items.flatMap(({ node, addresses, all }): readonly Place[] => {
    if (node === undefined) return [];
    const own = addresses.map(({ address }) => address);
    if (all) return own.map((address) => addressPlace(network, foreign, address, node.name));
    const first = ([4, 6] as const).flatMap((family) => own.find((address) => address.family === family) ?? []);
    return [
      end.kind === 'nodes' && end.segment !== undefined
        ? { ...nodePlace(network, node), addresses: first, exact: true }
        : nodePlace(network, node),
    ];
  });
  if (end.kind === 'any') return [...places, ...world(network)];
  if (places.length > 0 || end.kind !== 'prefix') return places;
  return [addressPlace(network, foreign, firstOf(end.prefix), end.text)];
}

/** The world outside, where the host leads to it. */
const world = (network: Network): readonly Place[] =>
  network.segments.some(({ attachment }) => attachment.mode === 'nat' || attachment.mode === 'routed') ? [outsidePlace(network)] : [];

/** The first that a machine can have. */
const firstOf = ({ family, value, length }: Prefix) => ({ family, value: value + (length < bitsOf(family) - 1 ? 1n : 0n) });
