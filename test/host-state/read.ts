/** Prints the state of the host that it runs in as JSON: `privateHost` starts it inside of one. */
import { type Extent, hostState } from './host-state.ts';

console.log(JSON.stringify(hostState((process.argv[2] ?? 'ours') as Extent)));
