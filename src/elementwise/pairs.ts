import type { ArrayLike } from "../array/convert.js";
import { dtypes } from "../base/dtype.js";
import { KernelRef, type KernelsOf } from "../core/chapter.js";
import { pairs } from "../core/chapters/pairs.js";
import type { UfuncOptions } from "../operations/apply.js";
import type { Loops } from "../operations/loops.js";
import type { Traits } from "../operations/op.js";
import { applySeveral, defineSeveral, type PairOptions } from "../operations/several.js";
import type { BinaryPairUfunc, ScaledUfunc, UnaryPairUfunc } from "../operations/signatures.js";

// Elementwise functions of two results, and of operands that differ in dtype: a line each, as in ufuncs.ts.

type Name = KernelsOf<(typeof pairs)["kernels"]>;

function unary<L extends Loops, B>(name: Name, row: L, traits: Traits): UnaryPairUfunc<L, B> {
  const op = defineSeveral("x", name, row, null, new KernelRef(pairs, name), traits);
  return function (x: ArrayLike, options?: PairOptions) {
    return applySeveral(op, [x], options, arguments.length);
  } as UnaryPairUfunc<L, B>; // one result for each dtype of the row
}
function binary<L extends Loops>(name: Name, row: L, traits: Traits): BinaryPairUfunc<L> {
  const op = defineSeveral("x, y", name, row, null, new KernelRef(pairs, name), traits);
  return function (x: ArrayLike, y: ArrayLike, options?: PairOptions) {
    return applySeveral(op, [x, y], options, arguments.length);
  } as BinaryPairUfunc<L>; // one result for each dtype of the row
}
function scaled<L extends Loops>(name: Name, row: L, traits: Traits): ScaledUfunc<L> {
  const op = defineSeveral("x, y", name, row, null, new KernelRef(pairs, name), traits);
  return function (x: ArrayLike, y: ArrayLike, options?: UfuncOptions) {
    return applySeveral(op, [x, y], options, arguments.length)[0];
  } as ScaledUfunc<L>; // one result for each dtype of the row
}

/** The quotients `floorDivide(x, y)` and what they leave, `remainder(x, y)`, at once: two arrays. */
export const divmod = binary("divmod", "real", { second: null });
/** The fractions and the whole parts of the elements, both with their sign: two arrays. */
export const modf = unary<"realFloat", null>("modf", "realFloat", { second: null });
/** Mantissas from 1/2 on and below 1, and int32 exponents: two arrays m and e, so that x is m times 2**e. */
export const frexp = unary<"realFloat", "int32">("frexp", "realFloat", { second: dtypes.int32 });
/** The elements of x times 2**y, where y are integers: what `frexp` takes apart. */
export const ldexp = scaled("ldexp", "realFloat", { reads: [null, dtypes.int64] });
