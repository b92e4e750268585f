import type { ArrayLike } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { make, NDArray, readElement, shapeOf, stridesOf, viewOf, writable } from "../array/ndarray.js";
import { type Table, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import {
  type Complex,
  computedDescr,
  type Descr,
  type DType,
  descrOf,
  dtypes,
  isInexact,
  partDescr,
} from "../base/dtype.js";
import { ArgumentError, DTypeError } from "../base/errors.js";
import { checkAxes, isOfNone } from "../base/layout.js";
import { setBox, setOut, setX, slot, slots } from "../core/box.js";
import { cast as runCast } from "../core/boxes.js";
import { KernelRef } from "../core/chapter.js";
import { reducing } from "../core/chapters/reducing.js";
import { writeElement } from "../core/scalar.js";
import { copyto } from "../elementwise/copyto.js";
import { add, divide, maximum, sqrt, square, subtract } from "../elementwise/ufuncs.js";
import { Lazy } from "../operations/lazy.js";
import {
  type AxisLike,
  checkOutShape,
  type Plan,
  type Reduction,
  type ReductionOptions,
  reduce,
  reducedShape,
  reduceLazily,
} from "../operations/reduce.js";
import type { FoldFunction } from "../operations/signatures.js";
import { countNonzero, sums } from "../reducing/reductions.js";
import { broadcastTo } from "../shaping/manipulation.js";

// Means and variances. They are computed in float64 for integers and in float32 for float16; the variance goes over
// the elements twice and makes no array of deviations.

/** What `variance` and `std` take besides. */
export interface VarianceOptions extends Omit<ReductionOptions, "initial"> {
  /** What is taken from the number of elements before dividing by it: 0. */
  ddof?: number;
  /** NumPy 2's other name of `ddof`; one of the two. */
  correction?: number;
}

const MEAN: Table = { keepdims: "boolean", out: "out?", where: "array", dtype: "dtype?" },
  VARIANCE: Table = { ...MEAN, ddof: "number", correction: "number" };
const signatures = {
  mean: takes("mean(a, axis)", MEAN),
  var: takes("var(a, axis)", VARIANCE),
  std: takes("std(a, axis)", VARIANCE),
};

/** What `mean` takes after the axis. */
export type MeanOptions = Omit<ReductionOptions, "initial">;
/** What `variance` and `std` are. */
type Spread = FoldFunction<"variance", VarianceOptions, Pick<VarianceOptions, "dtype" | "ddof" | "correction">>;

/**
 * The arithmetic mean. Integers and bools give float64. NaN for an empty array. float32 numbers are added pairwise in
 * float32, as in NumPy, along every axis: some units in the last place. `{ dtype: "float64" }` adds them in float64.
 *
 * @example
 * mean([1, 2, 3, 6]) // 3
 */
export const mean = function (a: ArrayLike | Lazy, axis?: AxisLike, given?: MeanOptions): unknown {
  const options = signatures.mean.read(given, arguments.length);
  if (a instanceof Lazy) {
    const { accumulator, resultDtype } = meanDescrs(a, options);
    const total = reduceLazily(a, axis, options, summingIn("mean", accumulator));
    return quotientOf(total as number | Complex, a.size, accumulator, resultDtype, undefined, false); // over all axes
  }
  using work = new Temporaries("mean");
  const array = work.array(a);
  checkOut(array, axis, options);
  const { accumulator, resultDtype } = meanDescrs(array, options),
    count = counter(array, axis, options, work);
  const plan = summingIn("mean", accumulator),
    kept = { keepdims: options.keepdims, where: options.where } as ReductionOptions;
  return divided(reduce(array, axis, kept, plan), count, accumulator, resultDtype, options.out, false, work);
} as FoldFunction<"mean", MeanOptions, Pick<MeanOptions, "dtype">>;

function summingIn(op: string, accumulator: Descr): Plan {
  return { op, reduction: sums, loop: accumulator, accumulator, resultDtype: accumulator };
}

/** The variance: the mean of the squared distances from the mean. Exported as `var`, NumPy's name. */
export const variance = function (a: ArrayLike | Lazy, axis?: AxisLike, given?: VarianceOptions): unknown {
  return spread("var", a, axis, corrected("var", given, arguments.length), false);
} as Spread;

/**
 * The standard deviation: the square root of the variance.
 *
 * @example
 * std([1, 3]) // 1
 */
export const std = function (a: ArrayLike | Lazy, axis?: AxisLike, given?: VarianceOptions): unknown {
  return spread("std", a, axis, corrected("std", given, arguments.length), true);
} as Spread;

export { variance as var };

// NumPy 2 takes `correction` for `ddof`.
function corrected(op: "var" | "std", given: VarianceOptions | undefined, count: number): VarianceOptions {
  const options = signatures[op].read(given, count),
    { ddof, correction } = options;
  if (correction === undefined) return options;
  if (ddof !== undefined && ddof !== 0)
    throw new ArgumentError("ddof and correction can't be provided simultaneously.");
  return { ...options, ddof: correction };
}

// Refuses an `out` of another shape than the results', before anything is computed.
function checkOut(a: NDArray<DType>, axis: AxisLike | undefined, { out, keepdims = false }: MeanOptions): void {
  if (out !== undefined) {
    const axes = isOfNone(axis, a.ndim) ? [] : checkAxes(axis, a.ndim);
    checkOutShape(out, reducedShape(shapeOf(a), axes, keepdims), "add");
  }
}

// Gives what is an array, and not a JavaScript value, to those that live as long as `work`.
function owned<T>(value: T, work: Temporaries): T {
  if (value instanceof NDArray) work.use(value as NDArray<DType>);
  return value;
}

// The dtype that is computed in, and the one that is given.
function meanDescrs(a: { readonly descr: Descr }, { dtype }: MeanOptions): { accumulator: Descr; resultDtype: Descr } {
  const asked: Descr = dtype === undefined ? a.descr : descrOf(dtype);
  if (isInexact(asked)) return { accumulator: computedDescr(asked), resultDtype: asked };
  if (dtype !== undefined) throw new DTypeError(`the mean has no ${dtype}: give a float or complex dtype`);
  return { accumulator: dtypes.float64, resultDtype: dtypes.float64 };
}

// How many elements each result is made of: one number, or with `where` perhaps one for each.
function counter(
  a: NDArray<DType>,
  axis: AxisLike | undefined,
  { where, keepdims = false }: MeanOptions,
  work: Temporaries,
): number | NDArray<DType> {
  if (where === undefined || where === true) return checkAxes(axis, a.ndim).reduce((n, i) => n * shapeOf(a)[i], 1);
  using inner = new Temporaries("mean");
  const over = inner.use(broadcastTo(inner.array(where), shapeOf(a)));
  return owned(countNonzero(over, axis as number, { keepdims }), work);
}

// The reduced sum divided by its count, rooted and cast as asked; arrays in place.
function divided(
  total: unknown,
  count: number | NDArray<DType>,
  accumulator: Descr,
  resultDtype: Descr,
  out: NDArray<DType> | undefined,
  root: boolean,
  work: Temporaries,
): unknown {
  if (!(total instanceof NDArray))
    return quotientOf(total as number | Complex, Number(count), accumulator, resultDtype, out, root);
  const array = work.use(total as NDArray<DType>);
  divide(array, count, { out: array, casting: "unsafe" });
  if (count instanceof NDArray) work.drop(count);
  const late = root && rootsNarrow(accumulator, resultDtype, out);
  if (root && !late) sqrt(array, { out: array });
  if (out === undefined && accumulator === resultDtype) return work.release(array);
  if (out) writable(out, "output array");
  const result = out ?? make(shapeOf(array), resultDtype, "mean");
  copyto(result, array);
  if (late) sqrt(result, { out: result });
  return result;
}

// The same of one sum.
function quotientOf(
  total: number | Complex,
  n: number,
  accumulator: Descr,
  resultDtype: Descr,
  out: NDArray<DType> | undefined,
  root: boolean,
): unknown {
  const quotient = typeof total === "object" ? { re: total.re / n, im: total.im / n } : rounded(total / n, accumulator);
  const square = root && rootsNarrow(accumulator, resultDtype, out) ? Math.fround(quotient as number) : quotient;
  return cast(root ? Math.sqrt(square as number) : quotient, accumulator, resultDtype, out);
}

// Whether the root is that of the variance as float32 has it: infinity where it overflows.
function rootsNarrow(accumulator: Descr, resultDtype: Descr, out: NDArray<DType> | undefined): boolean {
  return accumulator.itemsize === 8 && (out?.descr ?? resultDtype).name === "float32";
}

function rounded(value: number, descr: Descr): number {
  return descr.itemsize === 4 ? Math.fround(value) : value;
}

function cast(
  value: number | Complex,
  accumulator: Descr,
  resultDtype: Descr,
  out: NDArray<DType> | undefined,
): unknown {
  if (out) {
    copyto(out, value);
    return out;
  }
  writeElement(accumulator.code, slot(slots.constant), value);
  setBox(1, 1);
  setOut(slot(slots.result), 0, 0);
  setX(slot(slots.constant), 0, 0);
  runCast(accumulator.code, resultDtype.code);
  return readElement(resultDtype, slot(slots.result));
}

/** Σ (x - mean)², row by row, or row after row beside the means. */
const deviations: Reduction = {
  ...sums,
  fold: new KernelRef(reducing, "squaredDeviations"),
  deviate: new KernelRef(reducing, "accumulateSquares"),
};

function spread(
  op: string,
  a: ArrayLike | Lazy,
  axis: AxisLike | undefined,
  options: VarianceOptions,
  root: boolean,
): unknown {
  if (a instanceof Lazy) return lazySpread(op, a, axis, options, root);
  using work = new Temporaries(op);
  const array = work.array(a);
  checkOut(array, axis, options);
  const { accumulator, resultDtype } = meanDescrs(array, options),
    ddof = options.ddof ?? 0;
  if (array.descr.kind === "c" && resultDtype.kind !== "c")
    throw new DTypeError(`the ${op} of complex numbers has no ${resultDtype.name}: give a complex dtype, or none`);
  const count = counter(array, axis, options, work);
  const left = typeof count === "number" ? Math.max(count - ddof, 0) : reduceCount(count, ddof, work);
  // Summed in float64: the mean of float32 numbers, rounded to theirs, may be further from the mean than they are.
  const real = dtypes.float64,
    // Complex numbers have a real variance, unless a complex one is asked for.
    result = resultDtype.kind === "c" && options.dtype === undefined ? partDescr(resultDtype) : resultDtype;
  const squaresOf = (which: number): unknown => {
    using inner = new Temporaries(op);
    return owned(squares(op, inner.use(partView(array, which)), axis, options, real), work);
  };
  const total =
    accumulator.kind === "c" && array.descr.kind === "c"
      ? together(squaresOf(0), squaresOf(1), work)
      : squares(op, array, axis, options, real);
  return divided(total, left, real, result, options.out, root, work);
}

// Over all elements, which are made twice: for their mean, and for the distances from it.
function lazySpread(
  op: string,
  e: Lazy,
  axis: AxisLike | undefined,
  { ddof = 0, ...options }: VarianceOptions,
  root: boolean,
): unknown {
  const { resultDtype } = meanDescrs(e, options),
    real = dtypes.float64,
    plan = summingIn(op, real);
  if (e.descr.kind === "c" || resultDtype.kind === "c")
    throw new DTypeError(`${op} of a lazy expression is of real numbers: evaluate() it first`);
  const total = reduceLazily(e, axis, options, plan) as number; // over all axes
  writeElement(real.code, slot(slots.mean), total / e.size);
  const squares = reduceLazily(e, axis, options, { ...plan, reduction: deviations, means: slot(slots.mean) });
  return quotientOf(squares as number, Math.max(e.size - ddof, 0), real, resultDtype, undefined, root);
}

function partView(a: NDArray<DType>, part: number): NDArray<DType> {
  const real = partDescr(a.descr);
  return viewOf(a, real, shapeOf(a), stridesOf(a), a.offset + part * real.itemsize);
}
function together(re: unknown, im: unknown, work: Temporaries): unknown {
  if (!(re instanceof NDArray)) return (re as number) + (im as number);
  add(re as NDArray<DType>, im as NDArray<DType>, { out: re as NDArray<DType> });
  work.drop(im as NDArray<DType>);
  return work.release(re);
}

// Too few elements leave 0, by which 0 is NaN, as in NumPy.
function reduceCount(count: NDArray<DType>, ddof: number, work: Temporaries): NDArray<DType> {
  if (ddof === 0) return count;
  const left = work.use(subtract(count, ddof, { dtype: "float64" }));
  maximum(left, 0, { out: left });
  work.drop(count);
  return left;
}

// The sums of squared deviations; the means they are taken from live in a slot, or in an array of the results' shape.
function squares(
  op: string,
  a: NDArray<DType>,
  axis: AxisLike | undefined,
  options: VarianceOptions,
  accumulator: Descr,
): unknown {
  const plan = summingIn(op, accumulator);
  const { where, keepdims } = options,
    given = (where === undefined ? { keepdims } : { keepdims, where }) as ReductionOptions;
  using work = new Temporaries(op);
  const count = counter(a, axis, options, work);
  if (where !== undefined && where !== true) return chosenSquares(a, axis, given, plan, count, work);
  const means = divided(reduce(a, axis, given, plan), count, accumulator, accumulator, undefined, false, work);
  if (means instanceof NDArray)
    return reduce(a, axis, given, { ...plan, reduction: deviations, means: addressOf(work.use(means)) });
  writeElement(accumulator.code, slot(slots.mean), means as number);
  return reduce(a, axis, given, { ...plan, reduction: deviations, means: slot(slots.mean) });
}

// With a mask no one value can stand for what it leaves out: here the deviations are an array.
function chosenSquares(
  a: NDArray<DType>,
  axis: AxisLike | undefined,
  given: ReductionOptions,
  plan: Plan,
  count: number | NDArray<DType>,
  work: Temporaries,
): unknown {
  const kept = { ...given, keepdims: true },
    all = counter(a, axis, kept, work);
  if (count instanceof NDArray) work.drop(count);
  const { accumulator } = plan;
  const total = reduce(a, axis, kept, plan),
    means = divided(total, all, accumulator, accumulator, undefined, false, work) as NDArray<DType>; // `kept` is no number
  const deviation = work.use(subtract(a, work.use(means), { dtype: accumulator.name }));
  square(deviation, { out: deviation });
  return reduce(deviation, axis, given, plan);
}
