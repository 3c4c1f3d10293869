/** What a host holds of a bottle, from what its file says and what commands have changed since. */
import type { Home } from '../backend/home.ts';
import { readHostFacts } from '../backend/host/facts.ts';
import { compile } from '../compile/compile.ts';
import type { Network } from '../network/network.ts';
import type { Resource } from '../resource/kinds.ts';
import type { Interim } from './state.ts';
import { unusedTrunks } from './unused-trunks.ts';

/** With all of its machines and cables, save for what `interim` says. */
export function desire(home: Home, network: Network, { stopped, impaired = {}, pulled }: Interim = {}): readonly Resource[] {
  const facts = readHostFacts(home, { vlans: network.switches.length > 0 });
  const options = { stopped: new Set(stopped), impaired: new Map(Object.entries(impaired)), pulled: new Set(pulled) };
  const resources = compile(network, facts, options);
  const unused = unusedTrunks(network, resources);
  return unused.size === 0 ? resources : compile(network, facts, { ...options, unused });
}
