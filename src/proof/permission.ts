/** Whether rules let a connection be made: what has to be asked again for those that exist when rules change. */
import type { Address } from '../address/ip.ts';
import { parseAddress } from '../address/parse.ts';
import type { Hook } from '../resource/ruleset/chain.ts';
import type { Nat, NatTarget } from '../resource/ruleset/statement.ts';
import type { Table } from '../resource/table.ts';
import { type Decision, type PacketView, TableEvaluator } from './evaluate.ts';
import { type Packet, viewOf } from './packet.ts';

/** The first packet of a connection, before and after its destination was translated, and where it may come in and go out. */
export interface Opening {
  readonly asSent: Packet;
  readonly asDelivered: Packet;
  readonly hook: 'input' | 'forward' | 'output';
  readonly inDevices: readonly string[];
  readonly outDevices: readonly string[];
}

export interface Permission {
  /** Whether some way in and out is open to it. */
  readonly permits: (opening: Opening) => boolean;
  /** Whether it is this table that translates the destination as it was translated. */
  readonly translates: (opening: Opening) => boolean;
}

/** What one table has to say; nothing at all where there is none, or where somebody put rules in that are not understood. */
export function permissionOf(table: Table | undefined): Permission {
  if (table === undefined || table.chains.some(({ rules }) => rules.some(({ unknown }) => unknown !== undefined)))
    return { permits: () => true, translates: () => false };
  const evaluator = new TableEvaluator(table);
  const chainsAt = (hook: Hook['hook'], type: Hook['type']) =>
    table.chains.filter((chain) => chain.hook?.hook === hook && chain.hook.type === type);
  const filters = {
    input: chainsAt('input', 'filter'),
    forward: chainsAt('forward', 'filter'),
    output: chainsAt('output', 'filter'),
  };
  const nats = { input: chainsAt('prerouting', 'nat'), forward: chainsAt('prerouting', 'nat'), output: chainsAt('output', 'nat') };

  const passes = (hook: Opening['hook'], packet: Packet): boolean =>
    filters[hook].every((chain) => evaluator.decide(chain, viewOf(packet)).verdict === 'accept');
  return {
    permits: ({ asDelivered, hook, inDevices, outDevices }) =>
      waysOf(hook, inDevices, outDevices).some((way) => passes(hook, { ...asDelivered, ...way })),
    translates: ({ asSent, asDelivered, hook, inDevices, outDevices }) =>
      nats[hook].some((chain) =>
        waysOf(hook === 'output' ? 'output' : 'input', inDevices, outDevices).some((way) => {
          const view = viewOf({ ...asSent, ...way });
          return leadsTo(evaluator, evaluator.decide(chain, view), view, asDelivered);
        }),
      ),
  };
}

type Way = Pick<Packet, 'inDevice' | 'outDevice'>;

function waysOf(hook: Opening['hook'], inDevices: readonly string[], outDevices: readonly string[]): readonly Way[] {
  const ins: readonly Way[] = hook === 'output' ? [{}] : inDevices.map((inDevice) => ({ inDevice }));
  return hook === 'input' ? ins : ins.flatMap((way) => outDevices.map((outDevice) => ({ ...way, outDevice })));
}

function leadsTo(evaluator: TableEvaluator, { nat }: Decision, view: PacketView, wanted: Packet): boolean {
  if (nat === undefined || nat.kind !== 'dnat') return false;
  const target = targetOf(evaluator, nat, view);
  if (target === undefined) return false;
  const sameAddress = target.address === undefined || equals(target.address, wanted.destination);
  return sameAddress && includes(target.port, wanted.destinationPort);
}

function targetOf(evaluator: TableEvaluator, { to }: Nat, view: PacketView): NatTarget | undefined {
  if (!('map' in to)) return to;
  const value = evaluator.dataOf(to.fields, to.map, view);
  if (value === undefined) return undefined;
  const [address, port] = value;
  return { address: String(address), ...(port !== undefined && { port: Number(port) }) };
}

function equals(text: string, address: Address): boolean {
  const parsed = parseAddress(text);
  return parsed.ok && parsed.value.family === address.family && parsed.value.value === address.value;
}

function includes(port: NatTarget['port'], wanted: number | undefined): boolean {
  if (port === undefined || wanted === undefined) return true;
  return typeof port === 'number' ? port === wanted : Number(port.from) <= wanted && wanted <= Number(port.to);
}
