import type { ArrayLike } from "../array/convert.js";
import { finfo } from "../array/limits.js";
import { type NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { imag, real } from "../array/reinterpret.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, isInexact, type Part } from "../base/dtype.js";
import { DTypeError } from "../base/errors.js";
import { full } from "../creating/creation.js";
import { lazy } from "../operations/lazy.js";
import { all } from "../reducing/reductions.js";
import { absolute } from "./magnitude.js";
import * as u from "./ufuncs.js";

// The parts of complex numbers, and the signs of infinities.

/** Where the result is written, for functions that take nothing else. */
export interface OutOption<D extends DType> {
  /** The array to write into; it is also returned. */
  out?: NDArray<D>;
}

const ISPOSINF = takes("isposinf(x)", { out: "out" }),
  ISNEGINF = takes("isneginf(x)", { out: "out" }),
  ISCOMPLEX = takes("iscomplex(x)"),
  ISREAL = takes("isreal(x)"),
  ANGLE = takes("angle(z)", { deg: "boolean" }),
  REAL_IF_CLOSE = takes("realIfClose(a)", { tol: "limit" });

/**
 * Where elements are +∞. Returns a copy: bools, or `out`. Errors: `DTypeError` for complex numbers.
 *
 * @example
 * isposinf([-Infinity, 0, Infinity]) // [False False True]
 */
export function isposinf(x: ArrayLike, options?: OutOption<"bool">): NDArray<"bool"> {
  return isInfinity("isposinf", Infinity, x, ISPOSINF.read(options, arguments.length));
}

/** Where elements are -∞. Returns a copy: bools, or `out`. Errors: `DTypeError` for complex numbers. */
export function isneginf(x: ArrayLike, options?: OutOption<"bool">): NDArray<"bool"> {
  return isInfinity("isneginf", -Infinity, x, ISNEGINF.read(options, arguments.length));
}

function isInfinity(op: string, value: number, x: ArrayLike, options: OutOption<"bool">): NDArray<"bool"> {
  using work = new Temporaries(op);
  const a = work.array(x);
  if (a.descr.kind === "c")
    throw new DTypeError(`This operation is not supported for ${a.dtype} values because it would be ambiguous.`);
  // Integers and bools are none: they are not made floats to find out.
  const found = isInexact(a.descr) ? u.equal(a, value, options) : u.notEqual(a, a, options);
  return found as NDArray<"bool">; // a new array of bools, or out
}

/** Where the imaginary part is not 0. Returns a copy: bools. */
export function iscomplex(x: ArrayLike): NDArray<"bool"> {
  ISCOMPLEX.count(arguments.length);
  return imaginary("iscomplex", x, false);
}

/** Where the imaginary part is 0. Returns a copy: bools. */
export function isreal(x: ArrayLike): NDArray<"bool"> {
  ISREAL.count(arguments.length);
  return imaginary("isreal", x, true);
}

function imaginary(op: string, x: ArrayLike, zero: boolean): NDArray<"bool"> {
  using work = new Temporaries(op);
  const a = work.array(x);
  if (a.descr.kind !== "c") return full(shapeOf(a), zero);
  const part = work.use(imag(a));
  return zero ? u.equal(part, 0) : u.notEqual(part, 0);
}

/**
 * The angles of complex numbers from -π to π, in radians or degrees (`deg`); 0 or π for reals. Returns a copy.
 *
 * @example
 * angle([1, -1], { deg: true }) // [ 0. 180.]
 */
export function angle(z: ArrayLike, options?: { deg?: boolean }): NDArray {
  const { deg = false } = ANGLE.read(options, arguments.length);
  using work = new Temporaries("angle");
  const a = work.array(z),
    complex = a.descr.kind === "c";
  const x = lazy(complex ? work.use(real(a)) : a) as Floats,
    y = complex ? (lazy(work.use(imag(a))) as Floats) : 0;
  const turned = u.arctan2(y, x);
  return (deg ? u.multiply(turned, 180 / Math.PI) : turned).evaluate() as NDArray;
}
// Which float dtype it is makes no difference to what follows.
type Floats = ReturnType<typeof lazy<"float64">>;

/**
 * The real parts, if the imaginary parts are all smaller than `tol` (100) times the dtype's eps, or than `tol` itself
 * where that is at most 1. Returns a view of the real parts, or the array as it is. NumPy: `real_if_close`.
 */
export function realIfClose<D extends DType>(a: NDArray<D>, options?: { tol?: number }): NDArray<D> | NDArray<Part<D>> {
  const { tol = 100 } = REAL_IF_CLOSE.read(options, arguments.length);
  using work = new Temporaries("realIfClose");
  const x = work.array(a);
  if (x.descr.kind !== "c") return a;
  const bound = tol > 1 ? finfo(x).eps * tol : tol,
    part = lazy(work.use(imag(x))) as Floats;
  return all(u.less(absolute(part), bound)) ? real(a) : a;
}
