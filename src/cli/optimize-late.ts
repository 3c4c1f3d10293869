import { setFlagsFromString } from 'node:v8';

/** V8 begins with 66 KiB. */
const BUDGET = 4 * 66 * 1024;

/**
 * Has V8 wait longer before it optimizes a function: until so many bytes of its bytecode have been run through. Most commands end
 * before what is optimized early has paid for it, in time of the other processors too. What runs for seconds comes to it all
 * the same, and knows the types better then: it is not thrown away so often. Does nothing for code that was run before.
 */
export const optimizeLate = (): void => setFlagsFromString(`--interrupt-budget=${BUDGET}`);
