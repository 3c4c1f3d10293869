import { type DeviceCounters, deviceCounters } from '../../backend/kernel/netlink/link-counters.ts';
import { enter, visit } from '../../backend/kernel/visit.ts';
import { readCounters } from '../../backend/nftables/counters.ts';
import { tablesHere } from '../../backend/nftables/marks.ts';
import { fabricOf } from '../../compile/placement.ts';
import type { Origin } from '../../diagnostic/diagnostic.ts';
import { originOf } from '../../resource/ruleset/comment.ts';
import type { Context } from '../context.ts';
import { nameOfNamespace } from '../explain/place-names.ts';
import type { Running } from '../running.ts';
import { type Stack, stacksOf } from './whose.ts';

interface ShownInterface extends DeviceCounters {
  readonly at: string;
  /** The network or link that it leads into. */
  readonly network: string;
}

interface ShownRule {
  /** A machine, router, `host`, or `switch` for what the switches themselves let pass. */
  readonly at: string;
  /** `inet netbottle`. */
  readonly table: string;
  /** The chain of a rule, or the set of an element. */
  readonly in: string;
  /** The keys that lead to what it comes from in the file; absent where the file has no such thing any more. */
  readonly origin?: Origin;
  readonly packets: number;
  readonly bytes: number;
}

export interface ShownCounters {
  readonly interfaces: readonly ShownInterface[];
  /** Of each rule and set element that counts. */
  readonly rules: readonly ShownRule[];
}

/** What interfaces and rules of a bottle, or of one machine, have counted. Without a name, those of the switches' rules are among them. */
export function showCounters({ home }: Context, running: Running, only?: string): ShownCounters {
  const { network, state } = running;
  const site = { home, bottle: network.name };
  const stacks = stacksOf(running, only);
  const places = new Set([...stacks.map(({ namespace }) => namespace), ...(only === undefined ? [fabricOf(network.name)] : [])]);
  return {
    interfaces: stacks.flatMap((stack) => interfacesOf(stack, visit(site, stack.namespace, deviceCounters))),
    rules: state.resources.flatMap((resource): readonly ShownRule[] => {
      if (resource.kind !== 'table' || !places.has(resource.namespace)) return [];
      const { namespace, family, name } = resource;
      const counters = enter(site, namespace, () =>
        // Somebody may have flushed it; `bottle plan` tells.
        tablesHere().some((table) => table.family === family && table.name === name) ? readCounters(family, name) : undefined,
      );
      if (counters === undefined) return [];
      const all = [
        ...counters.rules.map(({ chain, ...counted }) => ({ in: chain, ...counted })),
        ...counters.elements.map(({ set, ...counted }) => ({ in: set, ...counted })),
      ];
      return all.map(({ in: where, comment, packets, bytes }) => {
        const origin = originOf(comment, state.file);
        return {
          at: nameOfNamespace(network, namespace),
          table: `${family} ${name}`,
          in: where,
          ...(origin === undefined ? {} : { origin }),
          packets,
          bytes,
        };
      });
    }),
  };
}

const interfacesOf = ({ at, devices }: Stack, counted: readonly DeviceCounters[]): readonly ShownInterface[] =>
  counted.flatMap((one) => {
    const network = devices.get(one.device);
    return network === undefined ? [] : [{ at, network, ...one }];
  });
