import type { Network } from '../../network/network.ts';
import { modelOf } from '../../proof/path/build/model-of.ts';
import { Ground } from '../../proof/reach/ground.ts';
import { Space } from '../../proof/reach/space.ts';
import type { Resource } from '../../resource/kinds.ts';
import { askedAbout } from './asked-about.ts';

const made = new WeakMap<readonly Resource[], Ground>();

/** What questions about a network stand on; made once for the same resources, for it takes as long as many a question. */
export function groundFor(network: Network, resources: readonly Resource[]): Ground {
  const known = made.get(resources);
  if (known !== undefined) return known;
  const model = modelOf(resources);
  const ground = new Ground(new Space([model], { asked: askedAbout(network) }), model);
  made.set(resources, ground);
  return ground;
}
