import type { ArrayLike } from "../array/convert.js";
import { make, type NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { AxisError, DTypeError, ShapeError, ValueError } from "../base/errors.js";
import { broadcastShapes, checkAxis, shapeText } from "../base/layout.js";
import { multiply, subtract } from "../elementwise/ufuncs.js";
import { at } from "../indexing/indexing.js";
import type { PromotePair } from "../operations/loops.js";
import { sum } from "../reducing/reductions.js";
import { diagonal } from "../shaping/diagonals.js";
import { arranged, productDescr } from "./arranging.js";

const CROSS = takes("cross(a, b)", { axisa: "integer", axisb: "integer", axisc: "integer", axis: "integer" }),
  TRACE = takes("trace(a)", { offset: "integer", axis1: "integer", axis2: "integer", dtype: "dtype?", out: "out?" });

/** What `cross` takes. */
export interface CrossOptions {
  /** The axis of the vectors in a, in b, and in the result: the last by default. `axis` is all three. */
  axisa?: number;
  axisb?: number;
  axisc?: number;
  axis?: number;
}

/**
 * The cross products of vectors of three elements, along the last axes by default; all others broadcast. Vectors of two
 * elements have a third of zero; of two such only the third of the product is given. Returns a copy. Errors: vectors of
 * other lengths; shapes that do not broadcast; bools.
 *
 * @example
 * cross([1, 0, 0], [0, 1, 0]) // [0. 0. 1.]
 */
export function cross<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
  options?: CrossOptions,
): NDArray<PromotePair<"any", X, Y>>;
export function cross(a: ArrayLike, b: ArrayLike, options?: CrossOptions): NDArray<DType> {
  const { axis, axisa = axis ?? -1, axisb = axis ?? -1, axisc = axis ?? -1 } = CROSS.read(options, arguments.length);
  using work = new Temporaries("cross");
  const [x, y] = [work.array(a), work.array(b)];
  if (x.ndim === 0 || y.ndim === 0) throw new ValueError("At least one array has zero dimension");
  const us = parts(x, axisa, "axisa", work),
    vs = parts(y, axisb, "axisb", work);
  if (![2, 3].includes(us.length) || ![2, 3].includes(vs.length))
    throw new ValueError("incompatible dimensions for cross product\n(dimension must be 2 or 3)");
  const shape = commonOuter(shapeOf(us[0]), shapeOf(vs[0])),
    descr = productDescr(x, y);
  if (descr.kind === "b")
    throw new DTypeError(
      "numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.",
    );
  if (us.length === 2 && vs.length === 2) {
    const out = work.use(make(shape, descr, "cross"));
    minor(us[0], vs[1], us[1], vs[0], out, work);
    return work.release(out) as NDArray<DType>; // of whatever dtype
  }
  const at = checkAxis(axisc, shape.length + 1),
    out = work.use(make([...shape.slice(0, at), 3, ...shape.slice(at)], descr, "cross")),
    into = parts(out, at, "axisc", work);
  for (let k = 0; k < 3; k++) {
    const [i, j] = [(k + 1) % 3, (k + 2) % 3];
    minor(us[i], vs[j], us[j], vs[i], into[k], work);
  }
  return work.release(out) as NDArray<DType>; // of whatever dtype
}

// out = a * b - c * d, where a part that a vector has not is zero.
function minor(
  a: NDArray | undefined,
  b: NDArray | undefined,
  c: NDArray | undefined,
  d: NDArray | undefined,
  out: NDArray,
  work: Temporaries,
): void {
  if (a !== undefined && b !== undefined) multiply(a, b, { out });
  else multiply(out, 0, { out });
  if (c === undefined || d === undefined) return;
  const product = work.use(make(shapeOf(out), out.descr, "cross"));
  multiply(c, d, { out: product });
  subtract(out, product, { out });
  work.drop(product);
}

// The elements of vectors along an axis, each a view.
function parts(x: NDArray, axis: number, name: string, work: Temporaries): NDArray[] {
  const k = checkNamed(axis, x.ndim, name),
    rest = shapeOf(x).flatMap((_, i) => (i === k ? [] : [i]));
  const moved = arranged(x, [k, ...rest], work);
  return Array.from({ length: shapeOf(moved)[0] }, (_, i) => work.use(at(moved, i)));
}

function checkNamed(axis: number, ndim: number, name: string): number {
  try {
    return checkAxis(axis, ndim);
  } catch (error) {
    if (!(error instanceof AxisError)) throw error;
    error.message = `${name}: ${error.message}`;
    throw error;
  }
}

function commonOuter(x: readonly number[], y: readonly number[]): readonly number[] {
  try {
    return broadcastShapes(x, y);
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new ShapeError(
      `shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape ${shapeText(x)} and arg 1 with shape ${shapeText(y)}.`,
    );
  }
}

/** What `trace` takes. */
export interface TraceOptions<D extends DType = DType> {
  /** How far right of the main diagonal, negative below it. */
  offset?: number;
  /** The axes of the matrices: the first two by default. */
  axis1?: number;
  axis2?: number;
  /** The dtype of the sums: small integers and bools widen, if it is not told. */
  dtype?: DType;
  out?: NDArray<D>;
}

/**
 * The sums along diagonals: of a matrix the sum of the elements whose two indices are equal. Returns a copy, or `out`.
 * Errors: fewer than two axes, twice the same.
 *
 * @example
 * trace([[1, 2], [3, 4]]) // 5.0
 */
export function trace<R extends DType>(a: ArrayLike, options: TraceOptions & { out: NDArray<R> }): NDArray<R>;
export function trace<D extends DType>(a: ArrayLike, options: TraceOptions & { out?: undefined; dtype: D }): NDArray<D>;
export function trace(a: ArrayLike, options?: TraceOptions): NDArray;
export function trace(a: ArrayLike, options?: TraceOptions): NDArray<DType> {
  const { offset = 0, axis1 = 0, axis2 = 1, dtype, out } = TRACE.read(options, arguments.length);
  using work = new Temporaries("trace");
  const line = work.use(diagonal(work.array(a), { offset, axis1, axis2 })) as unknown as NDArray; // whatever its dtype
  return sum(line, -1, { ...(dtype && { dtype }), ...(out && { out }) }) as NDArray<DType>; // an axis gives an array
}
