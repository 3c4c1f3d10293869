import fc from 'fast-check';
import type { BottleFile } from '../spec/schema/bottle.ts';

interface Plan {
  readonly networks: number;
  /** Networks of each router. */
  readonly routers: readonly (readonly number[])[];
  /** Networks of each machine. */
  readonly machines: readonly (readonly number[])[];
  readonly modes: readonly ('internal' | 'nat' | 'routed' | 'host-only')[];
  readonly dual: readonly boolean[];
  readonly internet: boolean;
}

export const plan: fc.Arbitrary<Plan> = fc.integer({ min: 1, max: 8 }).chain((networks) => {
  const index = fc.integer({ min: 0, max: networks - 1 });
  const some = (minLength: number, maxLength: number) =>
    fc.uniqueArray(index, { minLength: Math.min(minLength, networks), maxLength: Math.min(maxLength, networks) });
  return fc.record({
    networks: fc.constant(networks),
    routers: networks < 2 ? fc.constant([]) : fc.array(some(2, 4), { maxLength: 8 }),
    machines: fc.array(some(1, 2), { minLength: 1, maxLength: 10 }),
    modes: fc.array(fc.constantFrom('internal', 'internal', 'internal', 'nat', 'routed', 'host-only'), {
      minLength: networks,
      maxLength: networks,
    }),
    dual: fc.array(fc.boolean(), { minLength: networks, maxLength: networks }),
    internet: fc.boolean(),
  });
});

/** The file of a plan, which has no errors in it. */
export function fileOf({ networks, routers, machines, modes, dual, internet }: Plan): BottleFile {
  const name = (index: number) => (internet && index === 0 ? 'internet' : `n${index}`);
  const within = (list: readonly number[]) => ({ networks: Object.fromEntries(list.map((index) => [name(index), 'auto'])) });
  return {
    name: 'lab',
    networks: Object.fromEntries(
      Array.from({ length: networks }, (_, index) => [
        name(index),
        {
          subnet: dual[index] === true ? [`10.${index}.0.0/24`, `fd00:${index}::/64`] : `10.${index}.0.0/24`,
          mode: modes[index] ?? 'internal',
        },
      ]),
    ),
    routers: Object.fromEntries(routers.map((list, index) => [`r${index}`, within(list)])),
    machines: Object.fromEntries(machines.map((list, index) => [`m${index}`, within(list)])),
  };
}
