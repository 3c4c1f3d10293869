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
];

const read = (text: string): Address => {
  const parsed = parseAddress(text);
  if (!parsed.ok) throw new Error(`${text} is no address`);
  return parsed.value;
};

describe('what sets say of a packet', () => {
  test.each(cases)('%s', (_, file, from, [source, to], service, isAnswered) => {
    const network = readFile(file)?.network;
    if (network === undefined) throw new Error('the file is wrong');
    const model = modelOf(
      compile(network, { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] }),
    );
    const asked: Asked = { from, source: read(source), to: read(to), listened: true, ...service };
    const prediction = predict(model, network.name, asked);
    expect(prediction.said?.kind).toBe(isAnswered ? 'answered' : 'silence');
    expect(new Sets(network, model).word(asked, prediction)?.answered).toBe(isAnswered);
  });
});
