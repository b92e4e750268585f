import type { ArrayLike, DTypeOf } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { make, NDArray, readElement, shapeOf } from "../array/ndarray.js";
import { takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { canCast, type DType, isInexact, type Scalar } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { asIndex } from "../base/integers.js";
import { checkAxis } from "../base/layout.js";
import { isScalar } from "../core/scalar.js";
import { copyto } from "../elementwise/copyto.js";
import { add, divide, equal, multiply, notEqual, subtract } from "../elementwise/ufuncs.js";
import type { AxisLike } from "../operations/reduce.js";
import type { ArrayReduction } from "../operations/signatures.js";
import { all, max, min, sum } from "../reducing/reductions.js";
import { copy } from "../shaping/copy.js";
import { concatenate } from "../shaping/joining.js";
import { ravel, reshape } from "../shaping/manipulation.js";
import { part } from "./parts.js";

// Differences of neighbours, and what is made of them: each is a ufunc of two views of the array, one element apart.

/** What `diff` takes after the axis. */
export interface DiffOptions {
  /** What comes before the first elements along the axis: a value, or an array of the same shape but for that axis. */
  prepend?: ArrayLike;
  /** What comes after the last. */
  append?: ArrayLike;
}

const DIFF = takes("diff(a, n, axis)", { prepend: "array", append: "array" }),
  EDIFF1D = takes("ediff1d(a)", { toEnd: "array?", toBegin: "array?" }),
  TRAPEZOID = takes("trapezoid(y, x)", { dx: "scalar", axis: "integer" }),
  PTP = takes("ptp(a, axis)", { keepdims: "boolean", out: "out?" });

// The differences along an axis: whether neighbours differ, of bools.
function stepsOf(x: NDArray<DType>, axis: number, op: string): NDArray<DType> {
  using views = new Temporaries(op);
  const length = Math.max(shapeOf(x)[axis] - 1, 0),
    later = views.use(part(x, axis, 1, length)),
    earlier = views.use(part(x, axis, 0, length));
  return x.dtype === "bool" ? notEqual(later, earlier) : subtract(later, earlier);
}

// What stands at an end, one element long along the axis if it is a single value; a JavaScript value has no say in the dtype.
function endOf(value: ArrayLike, x: NDArray<DType>, axis: number, work: Temporaries): NDArray<DType> {
  const end = isScalar(value) ? null : work.array(value);
  if (end !== null && end.ndim > 0) return end as NDArray<DType>;
  const shape = shapeOf(x).with(axis, 1),
    { descr } = end ?? work.use(add(work.use(part(x, axis, 0, 0)), value) as NDArray<DType>);
  const filled = work.use(make(shape, descr, work.op));
  copyto(filled, end ?? value);
  return filled;
}

/**
 * The differences of neighbours along an axis, the last by default, taken `n` times; of bools, whether neighbours differ.
 * Returns a copy. Errors: an array without axes; a negative `n`.
 *
 * @example
 * diff([1, 2, 4, 7]) // [1. 2. 3.]
 */
export function diff<const X extends ArrayLike>(
  a: X,
  n?: number,
  axis?: number,
  options?: { prepend?: undefined; append?: undefined },
): NDArray<DTypeOf<X>>;
export function diff(a: ArrayLike, n?: number, axis?: number, options?: DiffOptions): NDArray<DType>;
export function diff(a: ArrayLike, n = 1, axis = -1, options?: DiffOptions): NDArray<DType> {
  const { prepend, append } = DIFF.read(options, arguments.length),
    times = asIndex(n);
  using work = new Temporaries("diff");
  const x: NDArray<DType> = work.array(a);
  if (times < 0) throw new ValueError(`order must be non-negative but got ${times}`);
  if (times === 0) return copy(x);
  if (x.ndim === 0) throw new ValueError("diff requires input that is at least one dimensional");
  const along = checkAxis(axis, x.ndim),
    ends = [prepend, append].map((end) => (end === undefined ? [] : [endOf(end, x, along, work)]));
  let rest: NDArray<DType> =
    ends[0].length + ends[1].length === 0 ? x : work.use(concatenate([...ends[0], x, ...ends[1]], along));
  for (let i = 0; i < times; i++) {
    const steps = work.use(stepsOf(rest, along, "diff"));
    if (rest !== x) work.drop(rest);
    rest = steps;
  }
  return work.release(rest);
}

/** What `ediff1d` takes. */
export interface Ediff1dOptions {
  /** What comes after the differences. */
  toEnd?: ArrayLike | null;
  /** What comes before them. */
  toBegin?: ArrayLike | null;
}

// Values beside the differences in their dtype: arrays by the rule of `same_kind`, JavaScript values if they are held.
function besideSteps(value: ArrayLike | null | undefined, x: NDArray<DType>, name: string, work: Temporaries) {
  if (value === undefined || value === null) return null;
  const given: NDArray<DType> = work.array(value),
    row = work.use(ravel(given) as NDArray<DType>);
  const fits = canCast(given.dtype, x.dtype, "same_kind");
  if (fits || (!(value instanceof NDArray) && isHeld(row, x.dtype, work))) return row;
  throw new DTypeError(`dtype of \`${name}\` must be compatible with input \`ary\` under the \`same_kind\` rule.`);
}

function isHeld(row: NDArray<DType>, dtype: DType, work: Temporaries): boolean {
  return all(work.use(equal(work.copy(row, "dtype", dtype), row)));
}

/**
 * The differences of neighbours of all elements in row-major order, with values before and after them if asked. Returns
 * a copy. Errors: bools, which have no difference; a `DTypeError` for values that the array's dtype cannot take.
 *
 * @example
 * ediff1d([1, 2, 4], { toBegin: 0 }) // [0. 1. 2.]
 */
export function ediff1d<const X extends ArrayLike>(a: X, options?: Ediff1dOptions): NDArray<DTypeOf<X>> {
  const { toEnd, toBegin } = EDIFF1D.read(options, arguments.length);
  using work = new Temporaries("ediff1d");
  const x: NDArray<DType> = work.array(a),
    row = work.use(ravel(x) as NDArray<DType>),
    begin = besideSteps(toBegin, x, "to_begin", work),
    end = besideSteps(toEnd, x, "to_end", work);
  const before = begin?.size ?? 0,
    steps = Math.max(row.size - 1, 0);
  const out = work.use(make([before + steps + (end?.size ?? 0)], x.descr, "ediff1d"));
  const into = (first: number, length: number): NDArray<DType> => work.use(part(out, 0, first, length));
  subtract(work.use(part(row, 0, 1, steps)), work.use(part(row, 0, 0, steps)), { out: into(before, steps) });
  if (begin !== null) copyto(into(0, before), begin, { casting: "unsafe" });
  if (end !== null) copyto(into(before + steps, end.size), end, { casting: "unsafe" });
  return work.release(out) as NDArray<DTypeOf<X>>; // of the dtype of x
}

/** What `trapezoid` takes besides. */
export interface TrapezoidOptions {
  /** The distance of neighbours, where no x are given: 1. */
  dx?: number;
  /** The axis along which is integrated: the last. */
  axis?: number;
}

/**
 * The integral along an axis by the trapezoidal rule, over points x or points `dx` apart. A JavaScript value for one
 * axis, else an array.
 *
 * @example
 * trapezoid([1, 2, 3]) // 4
 */
export function trapezoid(
  y: ArrayLike,
  x?: ArrayLike | null,
  options?: TrapezoidOptions,
): NDArray<DType> | Scalar<DType> {
  const { dx = 1, axis = -1 } = TRAPEZOID.read(options, arguments.length);
  using work = new Temporaries("trapezoid");
  const a: NDArray<DType> = work.array(y),
    along = checkAxis(axis, a.ndim),
    length = Math.max(shapeOf(a)[along] - 1, 0);
  const distances = x === undefined || x === null ? dx : distancesOf(work.array(x), a, along, work);
  const pairs = work.use(
    add(work.use(part(a, along, 1, length)), work.use(part(a, along, 0, length))) as NDArray<DType>,
  );
  const areas = work.use(multiply(pairs, distances) as NDArray<DType>);
  work.drop(pairs);
  const halves = isInexact(areas.descr)
    ? divide(areas, 2, { out: areas })
    : work.use(divide(areas, 2) as NDArray<DType>);
  return a.ndim === 1 && halves.ndim === 1 ? sum(halves) : sum(halves, along);
}

// The distances of points along an axis: of points on a line, for every line.
function distancesOf(x: NDArray<DType>, y: NDArray<DType>, axis: number, work: Temporaries): NDArray<DType> {
  if (x.ndim !== 1) return work.use(stepsOf(x, checkAxis(axis, x.ndim), work.op));
  const steps = work.use(stepsOf(x, 0, work.op)),
    shape = shapeOf(y).map((_, i) => (i === axis ? steps.size : 1));
  return work.use(reshape(steps, shape));
}

/** What `ptp` takes after the axis. */
export interface PtpOptions {
  keepdims?: boolean;
  out?: NDArray<DType>;
}

/**
 * The largest element minus the smallest, "peak to peak"; NaN wins, and integers wrap around. Errors: an empty array;
 * bools, which have no difference.
 *
 * @example
 * ptp([[1, 5], [2, 9]], 1) // [4. 7.]
 */
export const ptp: ArrayReduction<"same", PtpOptions> = function (x: ArrayLike, axis?: AxisLike, given?: PtpOptions) {
  const { keepdims, out } = PTP.read(given, arguments.length);
  using work = new Temporaries("ptp");
  const a: NDArray<DType> = work.array(x),
    lowestOf = (): unknown => min(a, axis, { keepdims });
  // Into an `out`, which may be a part of the array, the largest come last.
  const first: unknown = out === undefined ? max(a, axis, { keepdims }) : lowestOf();
  if (first instanceof NDArray) work.use(first as NDArray<DType>);
  const highest: unknown = out === undefined ? first : max(a, axis, { keepdims, out }),
    lowest: unknown = out === undefined ? lowestOf() : first;
  if (out === undefined && lowest instanceof NDArray) work.use(lowest as NDArray<DType>);
  if (highest instanceof NDArray) {
    const high = out ?? (highest as NDArray<DType>);
    subtract(high, lowest as NDArray<DType>, { out: high });
    return out ?? work.release(high);
  }
  const [high, low] = [highest, lowest].map((value) => work.array(value as ArrayLike, a.dtype) as NDArray<DType>);
  subtract(high, low, { out: high });
  return readElement(a.descr, addressOf(high));
} as ArrayReduction<"same", PtpOptions>;
