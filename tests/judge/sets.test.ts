import { describe, expect, test } from 'vitest';
import type { Address } from '../../src/address/ip.ts';
import { parseAddress } from '../../src/address/parse.ts';
import { compile } from '../../src/compile/compile.ts';
import { modelOf } from '../../src/proof/path/build/model-of.ts';
import { Random } from '../mutation/random.ts';
import { type File, readFile } from './file.ts';
import { generate } from './generate.ts';
import type { Asked } from './packets.ts';
import { predict } from './predict.ts';
import { Sets } from './sets.ts';

/** Networks in which sets and evaluator once disagreed. */
const cases: readonly (readonly [string, File, string, readonly [string, string], Pick<Asked, 'protocol' | 'port'>, boolean])[] = [
  [
    'an answer that comes twice by a router, first as another than the one that it waits for',
    {
      name: 'lab',
      networks: { one: { subnet: '10.0.0.0/24' }, two: { subnet: '10.2.0.0/24' }, outer: { subnet: '10.3.0.0/24', mode: 'nat' } },
      routers: {
        left: { networks: { outer: '10.3.0.20', one: '10.0.0.20' } },
        right: { networks: { two: '10.2.0.22', outer: '10.3.0.22' } },
      },
      machines: { both: { networks: { two: '10.2.0.34', one: '10.0.0.34' } } },
      forwards: { 'host udp/53': 'both' },
    },
    'both',
    ['10.0.0.34', '10.3.0.1'],
    { protocol: 'udp', port: 53 },
    true,
  ],
  [
    'an answer that goes round the router that has changed what it answers',
    generate(new Random(31)),
    'r2',
    ['10.2.0.22', '10.1.0.30'],
    { protocol: 'tcp', port: 22 },
    false,
  ],
  [
    'an answer that comes back to whoever has sent it, from its own address',
    {
      name: 'lab',
      networks: { zero: { subnet: '10.0.0.0/24' }, one: { subnet: '10.1.0.0/24' }, two: { subnet: '10.2.0.0/24' } },
      routers: {
        r0: { networks: { zero: '10.0.0.20', one: '10.1.0.20' }, listen: ['tcp/80'] },
        r1: { networks: { one: '10.1.0.21', two: '10.2.0.21' }, nat: { masquerade: 'one' } },
        r2: { networks: { two: '10.2.0.22', zero: '10.0.0.22' }, routes: { one: 'r1' } },
      },
    },
    'r2',
    ['10.0.0.22', '10.1.0.20'],
    { protocol: 'tcp', port: 80 },
    false,
  ],
];

const read = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`${text} is no address`);
  return parsed.value;
};

const gate = { networks: { left: '10.1.0.1', right: '10.2.0.1' } };
const routers = {
  back: { networks: { left: '10.1.0.20', over: '10.9.0.20', far: '10.4.0.20' }, routes: { right: 'gate' } },
  there: { networks: { far: '10.4.0.21', side: '10.5.0.21' } },
};

/** `asker` has another way to `both` than the answers, which go through a tunnel whose ends do not see each other as they are. */
const astray: File = {
  name: 'lab',
  networks: {
    left: { subnet: '10.1.0.0/24' },
    right: { subnet: '10.2.0.0/24' },
    far: { subnet: '10.4.0.0/24' },
    side: { subnet: '10.5.0.0/24' },
    over: { subnet: '10.9.0.0/24', overlay: { over: ['left', 'right'], id: 7 } },
  },
  routers: { ...routers, gate: { ...gate, nat: { masquerade: 'left' } } },
  machines: {
    both: { networks: { right: '10.2.0.30', over: '10.9.0.30', side: '10.5.0.30' }, routes: { left: 'gate', far: '10.9.0.20' } },
    asker: { networks: { far: '10.4.0.31' }, routes: { side: '10.4.0.21' } },
  },
};

const factsOf = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

/** What the evaluator says becomes of it, and whether sets have it answered; undefined where they say nothing. */
function said(file: File, asked: Asked): readonly [string | undefined, boolean | undefined] {
  const network = readFile(file)?.network;
  if (network === undefined) throw new Error('the file is wrong');
  const model = modelOf(compile(network, factsOf));
  const prediction = predict(model, network.name, asked);
  return [prediction.said?.kind, new Sets(network, model).word(asked, prediction)?.answered];
}

test('nothing is said of answers through VXLAN that has learned an address which NAT has made', () => {
  const asked: Asked = { from: 'asker', source: read('10.4.0.31'), to: read('10.5.0.30'), listened: true, protocol: 'tcp', port: 80 };
  expect(said(astray, asked)).toEqual([undefined, undefined]);
  expect(said({ ...astray, routers: { ...routers, gate } }, asked)).toEqual(['answered', true]);
});

/** Frames of `twice` come to `both` from its address in `right`, if NAT makes it so; answers to the one in `left` are not let through. */
const elsewhere = (nat: object): File => ({
  name: 'lab',
  networks: {
    left: { subnet: 'fd00:1::/64' },
    right: { subnet: 'fd00:2::/64' },
    over: { subnet: '10.9.0.0/24', overlay: { over: ['left', 'right'], id: 7 } },
  },
  routers: {
    gate: { networks: { left: 'fd00:1::1', right: 'fd00:2::1' } },
    twice: { networks: { left: 'fd00:1::20', right: 'fd00:2::20', over: '10.9.0.20' }, ...nat },
  },
  machines: {
    both: { networks: { right: 'fd00:2::30', over: '10.9.0.30' }, routes: { left: 'gate' } },
    asker: { networks: { left: 'fd00:1::31', over: '10.9.0.31' } },
  },
  forwards: { 'twice udp/5000': 'both:53' },
  policy: { otherwise: 'drop' },
});

test('nothing is said of answers through VXLAN that may have learned an address which NAT has made', () => {
  const asked: Asked = { from: 'asker', source: read('10.9.0.31'), to: read('10.9.0.20'), listened: true, protocol: 'udp', port: 5000 };
  expect(said(elsewhere({ nat: { masquerade: 'right' } }), asked)).toEqual([undefined, undefined]);
  expect(said(elsewhere({}), asked)).toEqual(['told', false]);
});

describe('what sets say of a packet', () => {
  test.each(cases)('%s', (_, file, from, [source, to], service, isAnswered) => {
    const asked: Asked = { from, source: read(source), to: read(to), listened: true, ...service };
    expect(said(file, asked)).toEqual([isAnswered ? 'answered' : 'silence', isAnswered]);
  });
});
