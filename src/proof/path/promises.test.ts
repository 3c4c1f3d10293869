import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Family } from '../../address/ip.ts';
import { compile } from '../../compile/compile.ts';
import { namespaceOf } from '../../compile/placement.ts';
import { resolve } from '../../network/resolve.ts';
import type { Ask } from '../../observe/question.ts';
import { questionsOf } from '../../observe/questions.ts';
import { loadBottle } from '../../spec/load.ts';
import { codeOf } from '../field-codes.ts';
import { responseTo } from './answer.ts';
import { modelOf } from './build/model-of.ts';
import { follow, type Opening } from './follow.ts';
import type { Model } from './model.ts';

/**
 * The promises of the examples are measured on the real kernel (tests/examples): every one of them holds. Whoever follows
 * the same packets through the model has to come to the same end.
 */
const examples = join(import.meta.dirname, '..', '..', '..', 'examples');
const files = readdirSync(examples, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.yaml'));
const host = { ipv6: true, advertised: [], neighbourTables: false, vlanFiltering: true, vlanDevices: true, nameServers: [] };

const icmp = (family: Family, name: string): Pick<Opening, 'protocol' | 'icmpType'> => ({
  protocol: Number(codeOf('inet_proto', family === 4 ? 'icmp' : 'icmpv6')),
  icmpType: Number(codeOf(family === 4 ? 'icmp_type' : 'icmpv6_type', name)),
});

function isAnswered(model: Model, bottle: string, { probe }: Ask): boolean {
  const { from, source, to, protocol, port } = probe;
  const { family } = to;
  const run = { model, trackings: new Map() };
  const isEcho = protocol === 'icmp';
  const transport = { protocol: isEcho ? 0 : Number(codeOf('inet_proto', protocol)), sourcePort: 40000, destinationPort: port ?? 0 };
  const there = follow(run, namespaceOf(bottle, from), {
    family,
    destination: to,
    ...(source !== undefined && { source }),
    ...(isEcho ? icmp(family, 'echo-request') : transport),
  });
  // Whoever measures sees to it that somebody listens.
  const { ending } = there;
  const isHeard = ending.kind === 'delivered' && ending.listener === 'nobody';
  const answer = responseTo(isHeard ? { ...there, ending: { ...ending, listener: 'built-in' } } : there);
  if (answer?.what !== 'answer') return false;
  const back = follow(run, answer.at, answer.opening);
  return back.ending.kind === 'delivered' && back.ending.at === namespaceOf(bottle, from);
}

describe.each(files)('%s', (name) => {
  test('of every packet that is promised an answer or none, the model says the same', async () => {
    const { file } = await loadBottle(join(examples, name));
    const network = file && resolve(file).network;
    if (network === undefined) throw new Error(`${name} is wrong`);
    const model = modelOf(compile(network, host));
    const asks = questionsOf(network).flatMap((question) => question.asks);
    expect(asks).not.toEqual([]);
    const wrong = asks.filter((ask) => isAnswered(model, network.name, ask) !== (ask.expected === 'answer'));
    expect(wrong.map(({ probe, expected }) => ({ ...probe, expected }))).toEqual([]);
  });
});
