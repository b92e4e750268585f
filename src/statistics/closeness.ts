import type { ArrayLike } from "../array/convert.js";
import { NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { imag, real } from "../array/reinterpret.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, type DType, isInexact, isInteger } from "../base/dtype.js";
import { broadcastShapes, sameShape } from "../base/layout.js";
import { codeOfScalar, fits, isScalar, type ScalarLike, weakCode } from "../core/scalar.js";
import { full } from "../creating/creation.js";
import { absolute } from "../elementwise/magnitude.js";
import * as u from "../elementwise/ufuncs.js";
import { type Lazy, lazy } from "../operations/lazy.js";
import { all } from "../reducing/reductions.js";

// Whether arrays are equal, or nearly so. Each is one lazy expression that runs block by block in scratch, so that
// nothing of an operand's size is made on the way, and ends at the first block that decides.

/** What `isclose` and `allclose` take: |a - b| ≤ atol + rtol |b|. */
export interface CloseOptions {
  /** The distance in proportion to |b|: 1e-5. */
  rtol?: number;
  /** The distance that is always allowed: 1e-8. */
  atol?: number;
  /** Whether NaN is close to NaN: false. */
  equalNan?: boolean;
}

/** What `arrayEqual` takes. */
export interface EqualOptions {
  /** Whether NaN equals NaN: false. */
  equalNan?: boolean;
}

const CLOSE = { rtol: "number", atol: "number", equalNan: "boolean" } as const;
const ISCLOSE = takes("isclose(a, b)", CLOSE);
const ALLCLOSE = takes("allclose(a, b)", CLOSE);
const EQUAL = takes("arrayEqual(a1, a2)", { equalNan: "boolean" });
const EQUIV = takes("arrayEquiv(a1, a2)");

/**
 * Where |a - b| ≤ atol + rtol |b|, element by element; infinities are close to themselves only. Numbers keep the dtype
 * of an array beside them, integers are told apart exactly. Returns a copy: bools, also of two numbers. Errors: shapes
 * that do not broadcast.
 */
export function isclose(a: ArrayLike, b: ArrayLike, options?: CloseOptions): NDArray<"bool"> {
  const given = ISCLOSE.read(options, arguments.length);
  return withPair(a, b, "isclose", (x, y, work) => closeness(x, y, given, work).evaluate());
}

/** Whether all elements are close, as `isclose` judges them; true for none. Allocates blocks of scratch, and ends early. */
export function allclose(a: ArrayLike, b: ArrayLike, options?: CloseOptions): boolean {
  const given = ALLCLOSE.read(options, arguments.length);
  return withPair(a, b, "allclose", (x, y, work) => all(closeness(x, y, given, work)));
}

/**
 * Whether two arrays have one shape and equal elements, whatever their dtypes. Allocates blocks of scratch, and ends at
 * the first that differs. NumPy: `array_equal`.
 */
export function arrayEqual(a1: ArrayLike, a2: ArrayLike, options?: EqualOptions): boolean {
  const { equalNan = false } = EQUAL.read(options, arguments.length);
  return withPair(a1, a2, "arrayEqual", (x, y) => {
    if (!sameShape(shapeOf(x), shapeOf(y))) return false;
    const equal = u.equal(lazy(x), y);
    return all(equalNan ? u.logicalOr(equal, u.logicalAnd(u.isnan(lazy(x)), u.isnan(lazy(y)))) : equal);
  });
}

/** Whether two arrays broadcast to each other and their elements are equal then. NumPy: `array_equiv`. */
export function arrayEquiv(a1: ArrayLike, a2: ArrayLike): boolean {
  EQUIV.count(arguments.length);
  return withPair(a1, a2, "arrayEquiv", (x, y) => broadcast(x, y) && all(u.equal(lazy(x), y)));
}

function broadcast(x: NDArray<DType>, y: NDArray<DType>): boolean {
  try {
    broadcastShapes(shapeOf(x), shapeOf(y));
    return true;
  } catch {
    return false;
  }
}

function withPair<R>(
  a: ArrayLike,
  b: ArrayLike,
  op: string,
  body: (x: NDArray<DType>, y: NDArray<DType>, work: Temporaries) => R,
): R {
  using work = new Temporaries(op);
  // Equal is what has one value: 0.1 is no float16, and 2 ** 62 none that is finite. Close is what a number is beside an array.
  const isClose = op === "isclose" || op === "allclose";
  const arrayOf = (value: ArrayLike, beside: ArrayLike): NDArray<DType> => {
    const weak = isScalar(value) && beside instanceof NDArray && (isClose || isWhole(value, beside.descr));
    return weak ? work.use(besideArray(value, beside as NDArray<DType>)) : work.array(value);
  };
  return body(arrayOf(a, b), arrayOf(b, a), work);
}

// Beside integers a whole number is one of them: float64 would not tell 64 bits apart.
function isWhole(value: ScalarLike, descr: Descr): boolean {
  return isInteger(descr) && (typeof value === "bigint" || Number.isInteger(value));
}

// A number in the dtype it takes beside an array, unless that cannot hold it.
function besideArray(value: ScalarLike, { descr }: NDArray<DType>): NDArray<DType> {
  const code = weakCode(value, descr.code);
  return full([], value, { dtype: byCode[fits(value, code) ? code : codeOfScalar(value)].name });
}

function closeness(
  x: NDArray<DType>,
  y: NDArray<DType>,
  { rtol = 1e-5, atol = 1e-8, equalNan = false }: CloseOptions,
  work: Temporaries,
): Lazy<"bool"> {
  const equal = u.equal(lazy(x), y),
    [distance, size] = distanceOf(x, y, work);
  const near = u.lessEqual(distance, u.add(u.multiply(size, rtol), atol)),
    close = u.logicalOr(u.logicalAnd(near, u.isfinite(size)), equal);
  return equalNan ? u.logicalOr(close, u.logicalAnd(u.isnan(lazy(x)), u.isnan(lazy(y)))) : close;
}

// Which real dtype it is makes no difference to what follows.
type Real = Lazy<"float64">;
const asReal = (x: unknown): Real => x as Real;

// |x - y| and |y|.
function distanceOf(x: NDArray<DType>, y: NDArray<DType>, work: Temporaries): [distance: Real, size: Real] {
  if (x.descr.kind === "c" || y.descr.kind === "c") {
    const parts = [real(x), imag(x), real(y), imag(y)] as NDArray<DType>[],
      [xr, xi, yr, yi] = parts.map((part) => asReal(lazy(work.use(part))));
    return [u.hypot(u.subtract(xr, yr), u.subtract(xi, yi)), u.hypot(yr, yi)].map(asReal) as [Real, Real];
  }
  if (isInexact(x.descr) || isInexact(y.descr))
    return [asReal(absolute(asReal(u.subtract(lazy(x), y)))), absolute(asReal(lazy(y)))];
  // Integers that differ are at least 1 apart, also where float64 no longer shows it.
  const wide = { dtype: "float64" } as const,
    apart = absolute(asReal(u.subtract(lazy(x), y, wide)));
  return [u.maximum(apart, 1), absolute(asReal(u.multiply(lazy(y), 1, wide)))];
}
