import { realpathSync } from 'node:fs';

/** How to start Netbottle again, as a keeper or inside of a user namespace. */
export const program = (): readonly string[] => [process.execPath, realpathSync(process.argv[1] ?? '')];
