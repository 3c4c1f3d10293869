/** The words of Z3 that packets need. */
import { type BitVec, type Bool, type Context, init, killThreads } from 'z3-solver';

export type Truth = Bool<'main'>;
export type Bits = BitVec<number, 'main'>;
export type Z3 = Context<'main'>;

/** Looks for what meets something besides what always holds. Many questions in a row are faster than each on its own. */
interface Questions {
  /** Undefined where nothing does. @throws Error where Z3 does not know */
  readonly ask: (truth: Truth) => Found | undefined;
}

/** What was found, part by part. */
type Found = (part: Truth | Bits) => string;

export interface Solver {
  readonly z3: Z3;
  readonly given: (always: readonly Truth[]) => Questions;
}

/** Z3_lbool of z3_api.h. */
const NOTHING_MEETS = -1;
const SOMETHING_MEETS = 1;

export async function withZ3<T>(act: (solver: Solver) => Promise<T>): Promise<T> {
  const { Context, em, setParam } = await init();
  // The table of patterns is made by a parser that the build for WebAssembly lacks.
  setParam('pi.use_database', false);
  try {
    const z3 = new Context('main');
    return await act({ z3, given: (always) => questions(z3, em as Emscripten, always) });
  } finally {
    await killThreads(em);
  }
}

interface Emscripten {
  readonly _Z3_solver_check: (context: unknown, solver: unknown) => number;
}

function questions(z3: Z3, em: Emscripten, always: readonly Truth[]): Questions {
  const solver = new z3.Solver('QF_BV');
  solver.add(...always);
  return {
    ask: (truth) => {
      solver.push();
      solver.add(truth);
      // On this thread: with `solver.check()` Z3 works in another one, and is not safe from JavaScript's freeing terms meanwhile.
      const answer = em._Z3_solver_check(z3.ptr, solver.ptr);
      if (answer !== NOTHING_MEETS && answer !== SOMETHING_MEETS) throw new Error(`Z3 does not know: ${solver.reasonUnknown()}`);
      const model = answer === SOMETHING_MEETS ? solver.model() : undefined;
      solver.pop();
      return model && ((part) => String(model.eval(part as Truth, true)));
    },
  };
}

export const number = (z3: Z3, value: bigint | number, bits: number): Bits => z3.BitVec.val(BigInt(value), bits);

export const is = (z3: Z3, bits: Bits, value: bigint | number): Truth => bits.eq(number(z3, value, bits.size()));

/** Both ends belong to it. */
export function between(z3: Z3, bits: Bits, from: bigint, to: bigint): Truth {
  if (from === to) return is(z3, bits, from);
  return z3.And(z3.ULE(number(z3, from, bits.size()), bits), z3.ULE(bits, number(z3, to, bits.size())));
}

/** As many as `length`, from `offset` on; the first bit of a header is its most significant. */
export const cut = (z3: Z3, header: Bits, offset: number, length: number): Bits =>
  z3.Extract(header.size() - 1 - offset, header.size() - offset - length, header);

/** A header with other bits from `offset` on. */
export function spliced(z3: Z3, header: Bits, offset: number, part: Bits): Bits {
  const end = offset + part.size();
  const before = offset === 0 ? [] : [cut(z3, header, 0, offset)];
  const after = end === header.size() ? [] : [cut(z3, header, end, header.size() - end)];
  const parts = [...before, part, ...after];
  return parts.length === 1 ? part : z3.Concat(...parts);
}

export const any = (z3: Z3, all: readonly Truth[]): Truth => (all.length === 0 ? z3.Bool.val(false) : z3.Or(...all));
export const every = (z3: Z3, all: readonly Truth[]): Truth => (all.length === 0 ? z3.Bool.val(true) : z3.And(...all));
