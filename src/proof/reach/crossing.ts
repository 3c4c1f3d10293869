/** The way over bridges and through tunnels, from one interface to another. */
import { exchanged } from '../path/exchange.ts';
import { follow } from '../path/follow.ts';
import type { Model, Station } from '../path/model.ts';
import { programAt } from '../path/resolution.ts';
import type { Arrival, TunnelCrossing } from '../path/wire.ts';
import type { Node } from '../sets/diagram.ts';
import { EMPTY } from '../sets/node-table.ts';
import type { Hooks, Situation } from './hooks.ts';

/** What comes out at the other end of packets that a station sends. */
export function crossed(model: Model, hooks: Hooks, sender: Station, situation: Situation, arrival: Arrival, packets: Node): Node {
  const { inDevice: _in, outDevice, ...rest } = situation;
  const macs = {
    etherSource: sender.devices.get(outDevice ?? '')?.mac ?? '',
    etherDestination: arrival.station.devices.get(arrival.device)?.mac ?? '',
  };
  let on = packets;
  for (const crossing of arrival.crossings) {
    if (on === EMPTY) return EMPTY;
    if (crossing.kind === 'tunnel') {
      if (!isOpen(model, crossing, situation.turned === true)) return EMPTY;
      continue;
    }
    const { station, bridge, inPort, outPort } = crossing;
    const framed: Situation = { ...rest, ...macs, inDevice: inPort };
    const program = programAt(crossing);
    if (program !== undefined) on = hooks.switched(station, program, { ...framed, outDevice: outPort ?? bridge }, on);
    on = hooks.filter(station, 'prerouting', framed, on, { bridge: true });
    const onward = outPort === undefined ? framed : { ...framed, outDevice: outPort };
    on = hooks.filter(station, outPort === undefined ? 'input' : 'forward', onward, on, { bridge: true });
  }
  return on;
}

/** Whether packets between the ends of a tunnel arrive: all frames in it are the same to whoever is between. @throws NotFollowed */
function isOpen(model: Model, crossing: TunnelCrossing, isAnswer: boolean): boolean {
  const network = { model, trackings: new Map(), depth: 1 };
  return exchanged(model, crossing, isAnswer, (from, opening) => follow(network, from, opening)).every(({ arrived }) => arrived);
}
