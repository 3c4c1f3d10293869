/** What the kernel was seen to do, in the smallest file that shows it. Found by `npm run judge`. */
import { expect, test } from 'vitest';
import { compile } from '../../compile/compile.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { resolve } from '../../network/resolve.ts';
import { at } from '../../observe/network.fixture.ts';
import { parseBottle } from '../../spec/load.ts';
import { codeOf } from '../field-codes.ts';
import { recognizes, responseTo } from './answer.ts';
import { modelOf } from './build/model-of.ts';
import { follow } from './follow.ts';
import type { Trace } from './step.ts';

const host = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

interface Sent {
  readonly from: string;
  readonly source?: string;
  readonly to: string;
  readonly service: string;
  readonly hopLimit?: number;
}

/** A packet, and the answer or the error that it brings back; somebody listens everywhere. */
function send(text: string, { from, source, to, service, hopLimit }: Sent): readonly Trace[] {
  const { file } = parseBottle(text, 'bottle.yaml');
  const network = file && resolve(file).network;
  if (network === undefined) throw new Error('the file is wrong');
  const run = { model: modelOf(compile(network, host)), trackings: new Map() };
  const [protocol = '', port] = service.split('/');
  const destination = at(to);
  const there = follow(run, namespaceOf(network.name, from), {
    family: destination.family,
    destination,
    ...(source !== undefined && { source: at(source) }),
    protocol: Number(codeOf('inet_proto', protocol)),
    sourcePort: 40000,
    destinationPort: Number(port),
    ...(hopLimit !== undefined && { hopLimit }),
  });
  const { ending } = there;
  const isHeard = ending.kind === 'delivered' && ending.listener === 'nobody';
  const answer = responseTo(isHeard ? { ...there, ending: { ...ending, listener: 'built-in' } } : there);
  return answer === undefined ? [there] : [there, follow(run, answer.at, answer.opening)];
}

test('an answer whose question went another way begins no connection, and is not translated', () => {
  const text = `
name: lab
networks: { front: { subnet: 10.0.0.0/24 }, back: { subnet: 10.1.0.0/24 } }
routers: { gate: { networks: { front: 10.0.0.20, back: 10.1.0.20 }, nat: { masquerade: front } } }
machines:
  inner: { networks: { back: 10.1.0.30 } }
  both: { networks: { front: 10.0.0.31, back: 10.1.0.31 } }
`;
  const asked = { from: 'both', source: '10.0.0.31', to: '10.1.0.30' };
  const [, handshake] = send(text, { ...asked, service: 'tcp/80' });
  expect(handshake?.packet.source).toEqual(at('10.1.0.30'));
  // Connection tracking has nothing to tell a question from an answer by in UDP.
  const [, datagram] = send(text, { ...asked, service: 'udp/80' });
  expect(datagram?.packet.source).toEqual(at('10.0.0.20'));
});

test('host-only is asked before the policy: nobody is told of a network that there is no way to', () => {
  const text = `
name: lab
networks: { open: { subnet: 10.1.0.0/24, mode: routed }, closed: { subnet: 10.3.0.0/24, mode: host-only } }
machines: { asker: { networks: { open: 10.1.0.31 } } }
policy: { otherwise: reject }
`;
  const [there] = send(text, { from: 'asker', to: '10.3.0.34', service: 'udp/5004' });
  expect(there?.ending.kind).toBe('dropped');
});

test('an answer that comes back to a router with an address of its own is dropped in IPv4, and passed on in IPv6', () => {
  const text = `
name: lab
networks:
  front: { subnet: [10.0.0.0/24, fd00::/64] }
  back: { subnet: [10.1.0.0/24, fd00:1::/64] }
links: { wire: { subnet: [10.90.0.0/31, fd00:90::/127], ends: { asker: [10.90.0.0, 'fd00:90::'], far: [10.90.0.1, fd00:90::1] } } }
routers:
  gate: { networks: { front: [10.0.0.20, fd00::20], back: [10.1.0.20, fd00:1::20] }, nat: { masquerade: front } }
  far: { networks: { back: [10.1.0.22, fd00:1::22], front: [10.0.0.22, fd00::22] } }
machines: { asker: { networks: { back: [10.1.0.30, fd00:1::30] }, routes: { front: gate } } }
`;
  const [, four] = send(text, { from: 'asker', source: '10.90.0.0', to: '10.0.0.22', service: 'tcp/80' });
  expect(four?.ending).toEqual({ kind: 'martian-source', at: 'lab.far' });
  const [, six] = send(text, { from: 'asker', source: 'fd00:90::', to: 'fd00::22', service: 'tcp/80' });
  expect(six?.ending).toMatchObject({ kind: 'delivered', at: 'lab.asker' });
});

test('an error about a packet that goes no further is translated as an answer would be, though nobody has heard of its flow yet', () => {
  const text = `
name: lab
networks: { front: { subnet: 10.1.0.0/24 }, back: { subnet: 10.2.0.0/24 } }
routers: { gate: { networks: { front: 10.1.0.21, back: auto } } }
machines: { inner: { networks: { front: auto } }, asker: { networks: { back: auto } } }
forwards: { gate udp/53: inner }
`;
  const [there, error] = send(text, { from: 'asker', to: '10.1.0.21', service: 'udp/53', hopLimit: 1 });
  expect(there?.ending).toMatchObject({ kind: 'hop-limit', at: 'lab.gate' });
  expect(error?.ending).toMatchObject({ kind: 'delivered', at: 'lab.asker' });
  expect(error?.packet.source).toEqual(at('10.1.0.21'));
  const [sent] = there?.steps ?? [];
  expect(error && sent?.kind === 'sent' && recognizes(sent.packet, error)).toBe(true);
});

test('an IPv6 error comes from the network where the packet came in, an IPv4 error from the one that it goes back by', () => {
  const text = `
name: lab
networks:
  open: { subnet: [10.0.0.0/24, fd00::/64], mode: routed }
  closed: { subnet: [10.1.0.0/24, fd00:1::/64], mode: host-only }
  far: { subnet: [10.2.0.0/24, fd00:2::/64] }
routers: { gate: { networks: { open: auto, closed: [10.1.0.20, fd00:1::20] } } }
machines: { target: { networks: { far: [10.2.0.32, fd00:2::32] } } }
policy: { '10.1.0.0/24 -> target': udp/5000, 'fd00:1::/64 -> target': udp/5000, otherwise: reject }
`;
  const [, four] = send(text, { from: 'gate', source: '10.1.0.20', to: '10.2.0.32', service: 'udp/5000' });
  expect(four?.ending).toMatchObject({ kind: 'delivered', at: 'lab.gate' });
  // The router does not believe that it is where it comes from.
  const [, six] = send(text, { from: 'gate', source: 'fd00:1::20', to: 'fd00:2::32', service: 'udp/5000' });
  expect(six?.packet.source).toEqual(at('fd00::1'));
  expect(six?.ending).toMatchObject({ kind: 'dropped', at: 'lab.gate' });
});

test('what comes to the port of a tunnel is for the kernel, whoever sends it, and nobody says a word', () => {
  const text = `
name: lab
networks:
  under: { subnet: [10.0.0.0/24, fd00::/64] }
  over: { subnet: 10.9.0.0/24, overlay: { over: under, id: 7, port: 8472 } }
machines:
  a: { networks: { under: [10.0.0.1, fd00::1], over: auto } }
  b: { networks: { under: [10.0.0.2, fd00::2], over: auto }, listen: udp/8472 }
  stranger: { networks: { under: [10.0.0.3, fd00::3] } }
`;
  const asked = (to: string, port: number): readonly Trace[] => send(text, { from: 'stranger', to, service: `udp/${port}` });
  const taken = asked('10.0.0.2', 8472);
  expect(taken.map(({ ending }) => ending)).toEqual([{ kind: 'delivered', at: 'lab.b', listener: 'kernel' }]);
  expect(asked('10.0.0.2', 8473)).toHaveLength(2);
  // The tunnel is between IPv4 addresses.
  expect(asked('fd00::2', 8472)[1]?.ending).toMatchObject({ kind: 'delivered', at: 'lab.stranger' });
});

test.each([
  { open: 'left -> right', stopped: 'b' },
  { open: 'right -> left', stopped: 'a' },
])('where tunnels are open one way only, $open, nobody is found through them: not the question or not the answer', ({ open, stopped }) => {
  const text = `
name: lab
networks:
  left: { subnet: 10.1.0.0/24 }
  right: { subnet: 10.2.0.0/24 }
  over: { subnet: 10.9.0.0/24, overlay: { over: [left, right], id: 7 } }
routers: { gate: { networks: { left: 10.1.0.254, right: 10.2.0.254 } } }
machines:
  a: { networks: { left: 10.1.0.1, over: 10.9.0.1 } }
  b: { networks: { right: 10.2.0.1, over: 10.9.0.2 } }
policy: { ${open}: udp/4789 }
`;
  const [there, told] = send(text, { from: 'a', to: '10.9.0.2', service: 'udp/80' });
  expect(there?.steps.filter(({ kind }) => kind === 'encapsulated')).toMatchObject([{ at: `lab.${stopped}` }]);
  expect(there?.ending).toMatchObject({ kind: 'dropped', at: 'lab.gate' });
  // By its own kernel: nobody answered.
  expect(told?.ending).toMatchObject({ kind: 'delivered', at: 'lab.a' });
  expect(told?.packet).toMatchObject({ icmpType: 3, icmpCode: 1 });
});
