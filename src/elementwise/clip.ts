import type { ArrayLike } from "../array/convert.js";
import { NDArray } from "../array/ndarray.js";
import { isPlain, takes } from "../array/options.js";
import { type Descr, type DType, isInteger, limitsOf } from "../base/dtype.js";
import { ArgumentError } from "../base/errors.js";
import { KernelRef } from "../core/chapter.js";
import { extremes } from "../core/chapters/extremes.js";
import { isScalar } from "../core/scalar.js";
import { apply, define, UFUNC, type UfuncOptions } from "../operations/apply.js";
import { Lazy } from "../operations/lazy.js";
import type { PromoteThree } from "../operations/loops.js";
import type { TernaryMethod, TernaryUfunc } from "../operations/signatures.js";
import { maximum, minimum, positive } from "./ufuncs.js";

// Limiting to a range.

const CLIP = takes("clip(x, low, high)", UFUNC),
  CLIP_NAMED = takes("clip(x)", { ...UFUNC, min: "anything", max: "anything" });

const clipOp = define("clip", "any", null, new KernelRef(extremes, "clip"));

/** What `clip` takes where its ends are named. */
export interface ClipOptions extends UfuncOptions {
  /** The lowest and the highest value. */
  min?: ArrayLike | null;
  max?: ArrayLike | null;
}

/**
 * The elements limited to low … high; `null`, or leaving it out, leaves an end open, and so does an integer that the
 * dtype cannot reach. Where low > high the result is high, and NaN wins. Returns a copy, or `out`. The ends may be
 * named: `clip(x, { min, max })`.
 *
 * @example
 * clip([-1, 0.5, 2], 0, 1) // [0. 0.5 1. ]
 */
export const clip = function (
  x: ArrayLike | Lazy,
  low?: ArrayLike | Lazy | ClipOptions | null,
  high?: ArrayLike | Lazy | null,
  options?: UfuncOptions,
): NDArray<DType> | Lazy<DType> {
  CLIP.count(arguments.length);
  if (isPlain(low) && !isScalar(low)) return clipNamed(x, low as ClipOptions, high, options);
  const descr = x instanceof NDArray || x instanceof Lazy ? x.descr : null,
    // The options were told apart above; what lies beyond an integer dtype is no end.
    from = isBeyond(low, descr, "min") ? null : (low as ArrayLike | null | undefined),
    to = isBeyond(high, descr, "max") ? null : (high as ArrayLike | null | undefined);
  // No overload of theirs takes what may be lazy or not; they do.
  if (from == null && to == null) return positive(x as ArrayLike, options);
  if (from == null) return minimum(x as ArrayLike, to as ArrayLike, options);
  if (to == null) return maximum(x as ArrayLike, from, options);
  return apply(clipOp, [x, from, to], options);
} as TernaryUfunc<"any"> & ClipForms;

/** The forms of `clip` with one end, and with ends that are named. */
export interface ClipForms {
  <D extends DType>(x: NDArray<D>): NDArray<D>;
  <const X extends ArrayLike, const L extends ArrayLike>(x: X, low: L): NDArray<PromoteThree<"any", X, L, null>>;
  <O extends DType>(x: ArrayLike, options: ClipOptions & { out: NDArray<O> }): NDArray<O>;
  (x: ArrayLike, options?: ClipOptions): NDArray<DType>;
}
/** `clip` as a method. */
export interface ClipMethod extends TernaryMethod<"any"> {
  <D extends DType>(this: NDArray<D>): NDArray<D>;
  <X extends NDArray<DType>, const L extends ArrayLike | null>(
    this: X,
    low: L,
  ): NDArray<PromoteThree<"any", X, L, null>>;
  (this: NDArray<DType>, options?: ClipOptions): NDArray<DType>;
}

function clipNamed(
  x: ArrayLike | Lazy,
  named: ClipOptions,
  high: unknown,
  options: unknown,
): NDArray<DType> | Lazy<DType> {
  if (high !== undefined || options !== undefined)
    throw new ArgumentError(
      "clip() takes its ends by position or by name: call clip(x, low, high) or clip(x, { min, max })",
    );
  const { min, max, ...rest } = CLIP_NAMED.read(named);
  return clip(x as ArrayLike, min ?? null, max ?? null, Object.keys(rest).length === 0 ? undefined : rest);
}

// Whether an end is an integer at or beyond that of an integer dtype, as NumPy judges Python's integers.
function isBeyond(end: unknown, descr: Descr | null, side: "min" | "max"): boolean {
  if (descr === null || !isInteger(descr)) return false;
  if (typeof end !== "bigint" && !(typeof end === "number" && Number.isInteger(end))) return false;
  const [lowest, highest] = limitsOf(descr.name);
  return side === "min" ? BigInt(end) <= lowest : BigInt(end) >= highest;
}
