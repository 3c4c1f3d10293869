/** Prints the state of the host that it runs in as JSON: `privateHost` starts it inside of one. */
import { hostState } from './host-state.ts';
import type { Extent } from './snapshot.ts';

console.log(JSON.stringify(hostState((process.argv[2] ?? 'ours') as Extent)));
