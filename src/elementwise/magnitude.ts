import type { ArrayLike } from "../array/convert.js";
import { type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, canCast, type Descr, type DType, dtypes, partDescr } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { copyKernel } from "../core/boxes.js";
import { KernelRef } from "../core/chapter.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { math } from "../core/chapters/math.js";
import { apply, define, signatureOf, UFUNC, type UfuncOptions } from "../operations/apply.js";
import { Lazy } from "../operations/lazy.js";
import type { UnaryUfunc } from "../operations/signatures.js";

// Magnitudes and conjugates: what complex numbers do in another way than reals.

const ABSOLUTE = takes("absolute(x)", UFUNC),
  CONJUGATE = takes("conjugate(x)", UFUNC);

const absoluteOp = define("absolute", "ordered", null, new KernelRef(arithmetic, "absolute")),
  magnitudeOp = define("absolute", "realFloat", null, new KernelRef(math, "hypot"));

// Whether a dtype holds the magnitudes of complex numbers with such parts; to another their parts are cast first.
function holds(dtype: DType, real: Descr): boolean {
  return dtypes[dtype].kind === "f" && canCast(real.name, dtype);
}

/**
 * The distances from 0; of complex numbers as reals. The lowest integer of a dtype stays itself. Also `abs`.
 *
 * @example
 * absolute([-1, 2]) // [1. 2.]
 * absolute(array([{ re: 3, im: 4 }])) // [5.]
 */
export const absolute = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  ABSOLUTE.count(arguments.length);
  if (x instanceof Lazy) {
    if (x.descr.kind !== "c") return apply(absoluteOp, [x], options);
    throw new DTypeError("absolute of a complex lazy expression is not elementwise in its parts: evaluate() it first");
  }
  using work = new Temporaries("absolute");
  const a = work.array(x);
  if (a.descr.kind !== "c") return apply(absoluteOp, [a], options);
  const real = partDescr(a.descr),
    given = options && signatureOf(absoluteOp, 1).read(options);
  if (given?.dtype !== undefined && !holds(given.dtype, real)) return apply(absoluteOp, [a], given);
  const part = (at: number): NDArray => work.use(viewOf<DType>(a, real, shapeOf(a), stridesOf(a), a.offset + at));
  return apply(magnitudeOp, [part(0), part(real.itemsize)], given);
} as UnaryUfunc<"ordered", "magnitude">;

/** The complex conjugates; real numbers stay as they are. Returns a copy. Also `conj`. */
export const conjugate = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  CONJUGATE.count(arguments.length);
  return apply(conjugateOp, [x], options);
} as UnaryUfunc<"counted">;
const conjugateOp = define("conjugate", "counted", null, (code, box) =>
  byCode[code].kind === "c" ? arithmetic.kernels.conjugate(code, box) : copyKernel(code, box),
);

export { absolute as abs, conjugate as conj };
