/** What a command does as an ordinary user, one action a call; results are JSON on standard output. */
import { homeFor } from '../../src/backend/home.ts';
import { endKeeper } from '../../src/backend/process/keeper-client.ts';
import { logPath } from '../../src/backend/process/keeper-protocol.ts';
import { processesIn } from '../../src/backend/process/living.ts';
import { lastLines } from '../../src/backend/process/log-file.ts';
import { endHolder, ensureHolder, enterHolder, findHolder } from '../../src/backend/rootless/holder.ts';
import { startUplink } from '../../src/backend/rootless/uplink.ts';
import { userNamespaceObstacle } from '../../src/backend/rootless/user-namespaces.ts';
import { eventually, TestBottle } from './test-bottle.ts';

const [action, ...args] = process.argv.slice(2);
const home = homeFor(process.env, process.getuid?.() ?? 0);

async function machinesInside(): Promise<unknown> {
  const bottle = new TestBottle('web');
  await bottle.keeper();
  const line = 'echo $(hostname) uid $(id -u) $(cut -d" " -f2 /etc/resolv.conf); exec sleep 1000';
  const started = await bottle.start(bottle.process('web', 'app', line), bottle.listener('web', 'tcp', 80, 'http'));
  const log = await eventually(() => lastLines(logPath(bottle.directory, 'web', 'app'), 1)[0]);
  const fetch = 'fetch("http://[::1]/").then((r) => r.text()).then((t) => console.log(t.split(",")[0]))';
  const page = bottle.in('web', [process.execPath, '-e', fetch]).trim();
  const inodes = new Set([bottle.inode('web')]);
  await endKeeper(bottle.home, bottle.name);
  const left = processesIn(inodes);
  await bottle.remove();
  return { started, log, page, left };
}

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
    case 'machines':
      if (!holder) throw new Error('there is no holder');
      process.exitCode = (
        await enterHolder(holder, [process.execPath, ...process.execArgv, process.argv[1] ?? '', 'inside'], process.env)
      ).code;
      return undefined;
    case 'inside':
      return await machinesInside();
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
