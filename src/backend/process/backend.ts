/** What runs in machines, through the bottle's keeper. A bottle in which nothing runs has none. */
import type { Backend, Making, Observed } from '../../plan/backend.ts';
import type { Resource } from '../../resource/kinds.ts';
import { bottleDirectory, type Home } from '../home.ts';
import { applyToKeeper, endKeeper, readKeeper, startKeeper } from './keeper-client.ts';
import type { KeeperAction, Kept } from './keeper-protocol.ts';
import { orphansIn } from './keeper-record.ts';
import { ProcessError } from './process-error.ts';

const isKept = (resource: Resource): resource is Kept => resource.kind === 'process' || resource.kind === 'listener';

/** `argv0` starts Netbottle itself: the keeper is one of its commands. */
export function processBackend(home: Home, argv0: readonly string[]): Backend {
  const act = async (bottle: string, actions: readonly KeeperAction[]): Promise<void> => {
    for (const result of await applyToKeeper(home, bottle, actions)) {
      if (!result.ok)
        throw new ProcessError(result.error.code, [result.error.message, ...(result.error.log ?? [])].join('\n  '), result.error.remedy);
    }
  };
  return {
    name: 'process',
    kinds: new Set(['listener', 'process'] as const),
    read: (bottle) => read(home, bottle),
    remove: async (bottle, resources) => {
      const status = await readKeeper(home, bottle);
      const going = resources.filter(isKept);
      // One that is dead may have left processes behind; ending it ends them.
      if (status === undefined || status.resources.length <= going.length) return endKeeper(home, bottle);
      await act(
        bottle,
        going.map((resource) => ({ action: 'stop', resource })),
      );
    },
    make: async (bottle, makings) => {
      await startKeeper(home, bottle, argv0);
      await act(bottle, makings.flatMap(actionsOf));
    },
  };
}

function actionsOf({ before, after }: Making): readonly KeeperAction[] {
  if (!isKept(after)) return [];
  const start = { action: 'start', resource: looked(after) } as const;
  return before !== undefined && isKept(before) ? [{ action: 'stop', resource: before }, start] : [start];
}

/** What is started has a keeper, also where an undo puts back what had none. */
function looked(resource: Kept): Kept {
  if (resource.kind !== 'process') return resource;
  const { orphaned: _, ...rest } = resource;
  return rest;
}

/** What ended in failure is not there: the next `up` starts it again. What ended well has done its work. */
async function read(home: Home, bottle: string): Promise<Observed> {
  const status = await readKeeper(home, bottle);
  if (status === undefined) {
    const orphans = orphansIn(bottleDirectory(home, bottle));
    return { resources: orphans.map((orphan) => ({ ...orphan, origin: [], orphaned: true })), taken: [] };
  }
  const resources = status.resources.filter(({ state }) => state !== 'failed').map(({ resource }) => ({ ...resource, origin: [] }));
  return { resources, taken: [] };
}
