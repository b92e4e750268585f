import type { ArrayLike } from "../array/convert.js";
import { NDArray } from "../array/ndarray.js";
import { type Table, takes } from "../array/options.js";
import { mayMeet } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { type DType, isInexact } from "../base/dtype.js";
import { ValueError } from "../base/errors.js";
import { copyto } from "../elementwise/copyto.js";
import { equal, isfinite, lessEqual, logicalAnd, logicalNot } from "../elementwise/ufuncs.js";
import type { AxisLike, ReductionOptions } from "../operations/reduce.js";
import type { ArrayReduction } from "../operations/signatures.js";
import { type ArgFunction, type ArgOptions, checked, presentArg } from "../reducing/argextremes.js";
import { all, any, countNonzero, min, missingExtreme, missingSum } from "../reducing/reductions.js";
import { type MeanOptions, mean, std, type VarianceOptions, variance } from "./statistics.js";

// Reductions that leave missing values out: NaN, and complex numbers with a NaN in them. All go over the array where it
// lies, with a mask of what is there: one byte for each element, where NumPy makes a copy of the array besides. Integers
// and bools have nothing missing, and take no mask.

type Options = ReductionOptions & VarianceOptions;
type Reduce = (a: NDArray<DType>, axis: AxisLike | undefined, options: Options, work: Temporaries) => unknown;

const KEPT: Table = { keepdims: "boolean", out: "out?", where: "array" },
  COMPARED: Table = { ...KEPT, initial: "scalar?" },
  SUMMED: Table = { ...COMPARED, dtype: "dtype?" },
  MEAN: Table = { ...KEPT, dtype: "dtype?" },
  VARIANCE: Table = { ...MEAN, ddof: "number", correction: "number" };

/** Makes a function of its name, what it takes, and how it reduces an array. */
function form<F>(op: string, table: Table, reduce: Reduce): F {
  const signature = takes(`${op}(a, axis)`, table);
  return function (x: ArrayLike, axis?: AxisLike, given?: Options) {
    const options = signature.read(given, arguments.length);
    using work = new Temporaries(op);
    return reduce(work.array(x), axis, options, work);
  } as F;
}

/** What is there, among what `where` asks for. */
function present(a: NDArray<DType>, where: ArrayLike | undefined, work: Temporaries): NDArray<"bool"> {
  const mask = work.use(equal(a, a));
  if (where !== undefined && where !== true) logicalAnd(mask, work.mask(where), { out: mask });
  return mask;
}

/** The options by which a reduction leaves out what is missing. */
function leaving(a: NDArray<DType>, options: Options, work: Temporaries): Options {
  return isInexact(a.descr) ? { ...options, where: present(a, options.where, work) } : options;
}

function folded<F>(op: string, which: "sum" | "prod"): F {
  const fold = missingSum(op, which);
  return form<F>(op, SUMMED, (a, axis, options, work) => fold(a, axis, leaving(a, options, work)));
}

function compared<F>(op: string, which: "min" | "max"): F {
  const { masked: fold, quick } = missingExtreme(op, which),
    end = which === "max" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return form<F>(op, COMPARED, (a, axis, options, work) => {
    const { where, initial, keepdims, out } = options,
      chosen = where !== undefined && where !== true;
    // Nothing is left out; or there is nothing to begin with, which the fold refuses.
    if (!isInexact(a.descr) || (initial === undefined && (a.size === 0 || chosen))) return fold(a, axis, options);
    if (!chosen && initial === undefined && a.descr.kind === "f" && (out === undefined || !mayMeet(a, out))) {
      const found = held(quick(a, axis, { keepdims, out }), out, work);
      if (isSure(found, work)) return given(found, work);
    }
    const left = leaving(a, options, work);
    if (initial !== undefined) return fold(a, axis, left);
    const first = a.descr.kind === "c" ? { re: end, im: end } : end,
      result = held(fold(a, axis, { ...left, initial: first }), out, work),
      none: unknown = negated(held(any(left.where!, axis, { keepdims } as object), undefined, work));
    // Of nothing but NaN it is NaN: what the fold of all says.
    return given(
      mended(result, none, () => fold(a, axis, { keepdims }), work),
      work,
    );
  });
}

// A result that would be left behind if what follows throws, unless it is the caller's `out`.
function held(result: unknown, out: NDArray | undefined, work: Temporaries): unknown {
  if (out === undefined && result instanceof NDArray) work.use(result as NDArray<DType>);
  return result;
}

function given(result: unknown, work: Temporaries): unknown {
  return result instanceof NDArray ? work.release(result as NDArray<DType>) : result;
}

// Whether each result is an element for certain: an infinity or NaN may stand for none.
function isSure(found: unknown, work: Temporaries): boolean {
  return found instanceof NDArray ? all(work.use(isfinite(found as NDArray<DType>))) : Number.isFinite(found);
}

function negated(found: unknown): unknown {
  return found instanceof NDArray ? logicalNot(found, { out: found as NDArray<"bool"> }) : !found;
}

// The results with others where `bad` says so, which is one truth where there is one result.
function mended(result: unknown, bad: unknown, others: () => unknown, work: Temporaries): unknown {
  if (bad instanceof NDArray ? !any(bad as NDArray<DType>) : bad !== true) return result;
  const other = others();
  if (!(result instanceof NDArray)) return other;
  if (other instanceof NDArray) work.use(other as NDArray<DType>);
  copyto(result as NDArray<DType>, other as ArrayLike, { where: bad as ArrayLike });
  return result;
}

function spread<F>(op: string, whole: (a: NDArray<DType>, axis: AxisLike, options: VarianceOptions) => unknown): F {
  return form<F>(op, VARIANCE, (a, axis, options, work) => {
    const left = leaving(a, options, work),
      result = whole(a, axis as AxisLike, left),
      { ddof = options.correction ?? 0, keepdims, out } = options;
    // Of ddof elements and fewer it is NaN here, where it is infinity otherwise; of one element it is both.
    if (left === options || ddof <= 1) return result;
    held(result, out, work);
    const count: unknown = countNonzero(left.where!, axis as number, { keepdims } as object),
      few =
        count instanceof NDArray
          ? held(lessEqual(work.use(count as NDArray<DType>), ddof), undefined, work)
          : (count as number) <= ddof;
    return given(
      mended(result, few, () => Number.NaN, work),
      work,
    );
  });
}

/**
 * The sum of the elements that are not NaN; 0 of none. Over all axes bools give the sum in 64 bits, as NumPy does.
 *
 * @example
 * nansum([1, NaN, 3]) // 4
 */
export const nansum: ArrayReduction<"wide", ReductionOptions> = folded("nansum", "sum");
/** The product of the elements that are not NaN; 1 of none. */
export const nanprod: ArrayReduction<"wide", ReductionOptions> = folded("nanprod", "prod");
/**
 * The smallest element that is not NaN; NaN where there is none. Errors: an empty array, which has none.
 *
 * @example
 * nanmin([NaN, 2, 1]) // 1
 */
export const nanmin: ArrayReduction<"same", Omit<ReductionOptions, "dtype">> = compared("nanmin", "min");
/** The largest element that is not NaN; NaN where there is none. Errors: an empty array, which has none. */
export const nanmax: ArrayReduction<"same", Omit<ReductionOptions, "dtype">> = compared("nanmax", "max");
/**
 * The mean of the elements that are not NaN; NaN where there is none.
 *
 * @example
 * nanmean([[1, NaN], [3, 4]], 0) // [2. 4.]
 */
export const nanmean: ArrayReduction<"mean", MeanOptions> = form("nanmean", MEAN, (a, axis, options, work) =>
  mean(a, axis as AxisLike, leaving(a, options, work)),
);
/** The variance of the elements that are not NaN; NaN where there are no more than `ddof`. */
export const nanvar: ArrayReduction<"variance", VarianceOptions> = spread("nanvar", variance);
/** The standard deviation of the elements that are not NaN; NaN where there are no more than `ddof`. */
export const nanstd: ArrayReduction<"variance", VarianceOptions> = spread("nanstd", std);

function chosen(name: "argmax" | "argmin"): ArgFunction {
  const signature = takes(`nan${name}(a, axis)`, { keepdims: "boolean", out: "out?" });
  return function (x: ArrayLike, axis?: number | null, options?: ArgOptions) {
    const { keepdims = false, out } = signature.read(options, arguments.length);
    using work = new Temporaries(`nan${name}`);
    const a = work.array(x);
    checked(a, name, axis, keepdims, out);
    const found: number | NDArray<"int32"> = presentArg[name](a, axis, { keepdims });
    if (found instanceof NDArray) work.use(found);
    const least = found instanceof NDArray ? (found.size === 0 ? 0 : (min(found) as number)) : found;
    if (least < 0) throw new ValueError("All-NaN slice encountered");
    if (out === undefined) return found instanceof NDArray ? work.release(found) : found;
    copyto(out, found);
    return out;
  } as ArgFunction;
}

/**
 * The index of the largest element that is not NaN. Errors: a `ValueError` where there is none, or no element at all.
 *
 * @example
 * nanargmax([3, NaN, 2]) // 0
 */
export const nanargmax: ArgFunction = chosen("argmax");
/** The index of the smallest element that is not NaN. Errors: a `ValueError` where there is none, or no element at all. */
export const nanargmin: ArgFunction = chosen("argmin");
