import type { ArrayLike } from "../array/convert.js";
import { type NDArray, shapeOf, writable } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import type { DType } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { shapeText } from "../base/layout.js";
import { multiply } from "../elementwise/ufuncs.js";
import type { CoreFunction } from "../operations/coreAxes.js";
import type { PromotePair } from "../operations/loops.js";
import { arranged, productDescr, resultOf, shaped } from "./arranging.js";
import { productOf, vecdotOf } from "./products.js";

// NumPy's older products, in terms of those of matrices: axes are moved, and never copied for it.

/** What `dot` and `outer` take. */
export interface ProductOptions<D extends DType = DType> {
  /** The array to write into; it is also returned. Its dtype is the result's, and it is packed. */
  out?: NDArray<D>;
}

const OUT = { out: "out?" } as const,
  DOT = takes("dot(a, b)", OUT),
  VDOT = takes("vdot(a, b)"),
  INNER = takes("inner(a, b)"),
  OUTER = takes("outer(a, b)", OUT);

const dotted = productOf("dot"),
  innerDotted = productOf("inner"),
  conjugated = vecdotOf("vdot");

/**
 * The product of two arrays: of vectors the sum of their products, of matrices `matmul`; else the sums over the last axis
 * of a and the last but one of b, for all other axes of a and then of b. A scalar multiplies. Integers wrap around in
 * their own dtype. Returns a copy, or `out`. Errors: axes of different lengths; an `out` of another dtype or shape.
 *
 * @example
 * dot([[1, 2], [3, 4]], [1, 1]) // [3. 7.]
 */
export function dot<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
  options?: ProductOptions & { out?: undefined },
): NDArray<PromotePair<"any", X, Y>>;
export function dot<R extends DType>(a: ArrayLike, b: ArrayLike, options: { out: NDArray<R> }): NDArray<R>;
export function dot(a: ArrayLike, b: ArrayLike, options?: ProductOptions): NDArray<DType> {
  const { out } = DOT.read(options, arguments.length);
  using work = new Temporaries("dot");
  return joined(dotted, work.array(a), work.array(b), out as NDArray | undefined, work); // whatever its dtype
}

/**
 * The sums of products over the last axes of both, for all other axes of a and then of b; complex numbers are not
 * conjugated. A scalar multiplies. Returns a copy. Errors: last axes of different lengths.
 *
 * @example
 * inner([[1, 2], [3, 4]], [1, 1]) // [3. 7.]
 */
export function inner<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
): NDArray<PromotePair<"any", X, Y>>;
export function inner(a: ArrayLike, b: ArrayLike): NDArray<DType> {
  INNER.count(arguments.length);
  using work = new Temporaries("inner");
  const x = work.array(a),
    y = work.array(b),
    n = y.ndim;
  const turned = n < 2 || x.ndim === 0 ? y : arranged(y, [...axesTo(n - 2), n - 1, n - 2], work);
  return joined(innerDotted, x, turned, undefined, work);
}

const axesTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

// The sums over the last axis of x and the last but one of y.
function joined(
  core: CoreFunction,
  x: NDArray,
  y: NDArray,
  out: NDArray | undefined,
  work: Temporaries,
): NDArray<DType> {
  if (out !== undefined) writable(out, "output array");
  const descr = productDescr(x, y);
  if (x.ndim === 0 || y.ndim === 0) {
    const target = resultOf(x.ndim === 0 ? shapeOf(y) : shapeOf(x), descr, work.op, out, work);
    multiply(x, y, { out: target });
    return work.release(target) as NDArray<DType>;
  }
  const [m, n] = [x.ndim - 1, y.ndim],
    k = Math.max(n - 2, 0),
    [xs, ys] = [shapeOf(x), shapeOf(y)];
  if (xs[m] !== ys[k])
    throw new ShapeError(
      `shapes ${shapeText(xs)} and ${shapeText(ys)} not aligned: ${xs[m]} (dim ${m}) != ${ys[k]} (dim ${k})`,
    );
  const shape = [...xs.slice(0, m), ...ys.filter((_, axis) => axis !== k)],
    target = resultOf(shape, descr, work.op, out, work);
  // Axes of y before its matrices are loops of their own, behind those of x, and before the rows in the result.
  const loops = m === 0 ? 0 : k,
    rows = m === 0 ? [] : [m - 1];
  const spread =
      loops === 0 ? x : arranged(x, [...axesTo(m - 1), ...new Array<number>(loops).fill(-1), ...rows, m], work),
    into =
      loops === 0
        ? target
        : arranged(target, [...axesTo(m - 1), ...axesTo(loops).map((i) => m + i), ...rows, m + loops], work);
  core(spread, y, { out: into });
  return work.release(target) as NDArray<DType>; // of whatever dtype
}

/**
 * The sum of the products of all elements of a, conjugated if complex, and b, both in row-major order. Returns a copy
 * without axes. Errors: different numbers of elements.
 *
 * @example
 * vdot([[1, 2], [3, 4]], [[1, 1], [1, 1]]) // 10.0
 */
export function vdot<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
): NDArray<PromotePair<"any", X, Y>>;
export function vdot(a: ArrayLike, b: ArrayLike): NDArray<DType> {
  VDOT.count(arguments.length);
  using work = new Temporaries("vdot");
  const x = work.array(a),
    y = work.array(b);
  if (x.size !== y.size)
    throw new ValueError(`cannot reshape array of size ${y.size} into shape ${shapeText([x.size])}`);
  return conjugated(shaped(x, [x.size], work), shaped(y, [y.size], work)) as NDArray<DType>; // of whatever dtype
}

/**
 * The products of each element of a with each of b, both in row-major order: a row for each of a. Returns a copy, or
 * `out`. Errors: those of `multiply`.
 *
 * @example
 * outer([1, 2], [3, 4]) // [[3. 4.] [6. 8.]]
 */
export function outer<const X extends ArrayLike, const Y extends ArrayLike>(
  a: X,
  b: Y,
  options?: ProductOptions & { out?: undefined },
): NDArray<PromotePair<"any", X, Y>>;
export function outer<R extends DType>(a: ArrayLike, b: ArrayLike, options: { out: NDArray<R> }): NDArray<R>;
export function outer(a: ArrayLike, b: ArrayLike, options?: ProductOptions): NDArray<DType> {
  const { out } = OUTER.read(options, arguments.length);
  using work = new Temporaries("outer");
  const [x, y] = [work.array(a), work.array(b)];
  const column = shaped(x, [x.size, 1], work),
    row = shaped(y, [1, y.size], work);
  return multiply(column, row, out === undefined ? {} : { out }) as NDArray<DType>; // of whatever dtype
}
