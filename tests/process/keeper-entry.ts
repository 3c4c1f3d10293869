/** What the CLI's hidden command `keeper DIRECTORY` does, for tests that start a keeper from its sources. */
import { runKeeper } from '../../src/backend/process/keeper-daemon.ts';

const directory = process.argv[3];
if (directory === undefined) throw new Error('usage: keeper DIRECTORY');
await runKeeper(directory);
