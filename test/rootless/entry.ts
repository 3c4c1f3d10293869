/** What a command does as an ordinary user, one action a call; results are JSON on standard output. */
import { homeFor } from '../../src/backend/home.ts';
import { endHolder, ensureHolder, enterHolder, findHolder, startUplink } from '../../src/backend/rootless/holder.ts';
import { userNamespaceObstacle } from '../../src/backend/rootless/user-namespaces.ts';

const [action, ...args] = process.argv.slice(2);
const home = homeFor(process.env, process.getuid?.() ?? 0);

async function act(): Promise<unknown> {
  const holder = findHolder(home, 'corp');
  switch (action) {
    case 'ensure':
      return await ensureHolder(home, 'corp');
    case 'find':
      return holder ?? null;
    case 'obstacle':
      return userNamespaceObstacle() ?? null;
    case 'uplink':
      if (!holder) throw new Error('there is no holder');
      return (await startUplink(holder)) ?? null;
    case 'enter':
      if (!holder) throw new Error('there is no holder');
      process.exitCode = (await enterHolder(holder, args, process.env)).code;
      return undefined;
    case 'end':
      return (await endHolder(home, 'corp')) ?? null;
    default:
      throw new Error(`no such action: ${action}`);
  }
}

try {
  const result = await act();
  if (result !== undefined) process.stdout.write(`${JSON.stringify(result)}\n`);
} catch (error) {
  process.stdout.write(`${JSON.stringify({ error: { ...(error as object), message: String(error) } })}\n`);
  process.exitCode = 1;
}
