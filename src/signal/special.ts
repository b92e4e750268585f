import type { ArrayLike } from "../array/convert.js";
import { KernelRef } from "../core/chapter.js";
import { math } from "../core/chapters/math.js";
import { apply, define, signatureOf, type UfuncOptions } from "../operations/apply.js";
import type { UnaryUfunc } from "../operations/signatures.js";

// Special functions, element by element.

const sincOp = define("sinc", "quotient", null, new KernelRef(math, "sinc")),
  i0Op = define("i0", "realQuotient", null, new KernelRef(math, "i0"));

/**
 * sin(πx) / (πx), and 1 at 0: the sinc function of signal processing. Returns a copy, or `out`.
 *
 * @example
 * sinc([0, 0.5]) // [1. 0.63661977]
 */
export const sinc = function (x: ArrayLike, options?: UfuncOptions) {
  signatureOf(sincOp, 1).count(arguments.length);
  return apply(sincOp, [x], options);
} as UnaryUfunc<"quotient">;

/**
 * The modified Bessel function of the first kind and order 0, of reals. Returns a copy, or `out`. By the Chebyshev
 * series of Cephes, as in NumPy.
 *
 * @example
 * i0([0, 1]) // [1. 1.26606588]
 */
export const i0 = function (x: ArrayLike, options?: UfuncOptions) {
  signatureOf(i0Op, 1).count(arguments.length);
  return apply(i0Op, [x], options);
} as UnaryUfunc<"realQuotient">;
