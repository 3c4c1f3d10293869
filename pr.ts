import { readdirSync } from 'node:fs';
import { load } from './src/engine/load.ts';
import { compile } from './src/compile/compile.ts';
import { prove, packetText } from './src/engine/prove.ts';
const files = process.argv[2] ? [process.argv[2]] : readdirSync('examples', { recursive: true, encoding: 'utf8' }).filter(n => n.endsWith('.yaml')).map(f => 'examples/' + f);
for (const f of files) {
  const { network } = await load(f);
  const r = compile(network, { loopback: [], nameServers: [], advertised: [], ipv6: true, neighbourTables: true } as never);
  const t = performance.now();
  try {
  const ps = prove(network, r);
  console.log(f, ps.length, ps.filter(p => p.state === 'proved').length, (performance.now() - t).toFixed(0), 'ms');
  for (const p of ps) if (p.state !== 'proved') console.log('   ', p.state, p.expectation.text, p.reason ?? '', p.counterexamples.map(c => `${c.kind} ${c.from} ${packetText(c.packet)} ${c.there.ending.kind}`).slice(0, 3));
  } catch (e) { console.log(f, (e as Error).stack); }
}
