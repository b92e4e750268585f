import type { ArrayLike } from "../array/convert.js";
import { make, type NDArray, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { DTypeError, IndexError, ShapeError, ValueError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { checkAxis } from "../base/layout.js";
import { shown } from "../base/shown.js";
import { multiply } from "../elementwise/ufuncs.js";
import type { PromotePair } from "../operations/loops.js";
import { arranged, grouped, productDescr, shaped } from "./arranging.js";
import { productOf } from "./products.js";

const TENSORDOT = takes("tensordot(a, b, axes)"),
  KRON = takes("kron(a, b)");

const contracted = productOf("tensordot");

/** Which axes are summed over: so many of the last of a and the first of b, or the axes of each by name. */
export type TensorAxes = number | readonly [a: number | readonly number[], b: number | readonly number[]];

/**
 * The sums of products over axes of both: the last two of a and the first two of b, if not told. The others follow, those
 * of a first. Returns a copy; axes that cannot be read as one where they lie are copied, as in NumPy. Errors: axes of
 * different lengths, axes twice, an `IndexError` for an axis that there is not.
 *
 * @example
 * tensordot([[1, 2], [3, 4]], [[1, 1], [1, 1]]) // 10.0
 */
export function tensordot<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
  axes?: TensorAxes,
): NDArray<PromotePair<"any", X, Y>>;
export function tensordot(a: ArrayLike, b: ArrayLike, axes: TensorAxes = 2): NDArray<DType> {
  TENSORDOT.count(arguments.length);
  using work = new Temporaries("tensordot");
  const [x, y] = [work.array(a), work.array(b)],
    [over, under] = axesFor(axes);
  if (over.length !== under.length || !over.every((axis, i) => lengthOf(x, axis) === lengthOf(y, under[i])))
    throw new ShapeError("shape-mismatch for sum");
  const [ax, ay] = [over.map((axis) => checkAxis(axis, x.ndim)), under.map((axis) => checkAxis(axis, y.ndim))];
  if (new Set(ax).size !== ax.length || new Set(ay).size !== ay.length)
    throw new ValueError("duplicate axes are not allowed in tensordot");
  const rest = (z: NDArray, summed: readonly number[]): number[] =>
    shapeOf(z).flatMap((_, axis) => (summed.includes(axis) ? [] : [axis]));
  const [rows, cols] = [rest(x, ax), rest(y, ay)],
    shape = [...rows.map((axis) => shapeOf(x)[axis]), ...cols.map((axis) => shapeOf(y)[axis])];
  const left = grouped(x, [rows, ax], work),
    right = grouped(y, [ay, cols], work),
    out = work.use(make(shape, productDescr(x, y), "tensordot"));
  contracted(left, right, { out: shaped(out, [shapeOf(left)[0], shapeOf(right)[1]], work) });
  return work.release(out) as NDArray<DType>; // of whatever dtype
}

function axesFor(axes: TensorAxes): [readonly number[], readonly number[]] {
  if (typeof axes === "number" || typeof axes === "bigint") {
    const count = asIndex(axes);
    return [
      Array.from({ length: Math.max(count, 0) }, (_, i) => i - count),
      Array.from({ length: Math.max(count, 0) }, (_, i) => i),
    ];
  }
  if (!Array.isArray(axes) || axes.length !== 2)
    throw new DTypeError(`tensordot sums over a number of axes, or over two lists of them, not ${shown(axes)}`);
  const [a, b] = (axes as readonly [number | readonly number[], number | readonly number[]]).map((list) =>
    typeof list === "object" ? list.map(asIndex) : [asIndex(list)],
  );
  return [a, b];
}

function lengthOf(x: NDArray, axis: number): number {
  const length = shapeOf(x)[axis < 0 ? axis + x.ndim : axis];
  if (length === undefined) throw new IndexError("tuple index out of range");
  return length;
}

/**
 * The Kronecker product: blocks of b, each multiplied by an element of a. Of arrays of several axes the blocks lie along
 * each of them; the shorter shape is filled up with axes of length 1. Returns a copy, and makes nothing besides.
 *
 * @example
 * kron([1, 10], [1, 2]).tolist() // 1,2,10,20
 */
export function kron<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
): NDArray<PromotePair<"any", X, Y>>;
export function kron(a: ArrayLike, b: ArrayLike): NDArray<DType> {
  KRON.count(arguments.length);
  using work = new Temporaries("kron");
  const [x, y] = [work.array(a), work.array(b)],
    ndim = Math.max(x.ndim, y.ndim),
    axes = Array.from({ length: ndim }, (_, i) => i);
  // Axis i of z is axis i of x, then that of y.
  const axisOf = (z: NDArray, i: number): number => Math.max(-1, i - (ndim - z.ndim)),
    size = (z: NDArray, i: number): number => (axisOf(z, i) < 0 ? 1 : shapeOf(z)[axisOf(z, i)]);
  const spreadX = arranged(
      x,
      axes.flatMap((i) => [axisOf(x, i), -1]),
      work,
    ),
    spreadY = arranged(
      y,
      axes.flatMap((i) => [-1, axisOf(y, i)]),
      work,
    );
  const out = work.use(
    make(
      axes.map((i) => size(x, i) * size(y, i)),
      productDescr(x, y),
      "kron",
    ),
  );
  const blocks = shaped(
    out,
    axes.flatMap((i) => [size(x, i), size(y, i)]),
    work,
  );
  multiply(spreadX, spreadY, { out: blocks });
  return work.release(out) as NDArray<DType>; // of whatever dtype
}
