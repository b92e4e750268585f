import type { ArrayLike } from "../array/convert.js";
import { addressOf } from "../array/destination.js";
import { liveAddress, NDArray, readElement } from "../array/ndarray.js";
import { type Table, takes } from "../array/options.js";
import { Temporaries } from "../array/temporaries.js";
import { atMost } from "../base/arity.js";
import {
  byCode,
  computedDescr,
  type Descr,
  type DType,
  descrOf,
  dtypes,
  isStorageOnly,
  type Scalar,
} from "../base/dtype.js";
import { againOut, CALL, foldFlat, runCast, slot, slots } from "../core/box.js";
import { KernelRef, type Runnable } from "../core/chapter.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { extremes } from "../core/chapters/extremes.js";
import { reducing } from "../core/chapters/reducing.js";
import { view } from "../core/instance.js";
import { listener, notify } from "../heap/listener.js";
import type { Pieces } from "../operations/evaluation.js";
import { Applied } from "../operations/expression.js";
import { inPieces, Lazy, nodeIn } from "../operations/lazy.js";
import {
  type AxisLike,
  type Plan,
  type Reduction,
  type ReductionOptions,
  reduce,
  reduceLazily,
} from "../operations/reduce.js";
import type { FoldFunction, ReductionFunction } from "../operations/signatures.js";

// The op table of reductions. Each takes an array, an axis (one, several, or null for all) and options. Over all axes
// it gives a JavaScript value, else an array; an array too where `keepdims` or `out` asks for one.

const { bool, int32, int64, uint64 } = dtypes;

/** The dtype in which elements are added up: integers and bools in 64 bits. @internal */
export function widened(descr: Descr): Descr {
  return descr.kind === "b" || descr.kind === "i" ? int64 : descr.kind === "u" ? uint64 : descr;
}

function reduction(
  name: string,
  identity: number | null,
  kernel: "sum" | "prod" | "min" | "max",
  pair: Runnable,
): Reduction {
  const fold = new KernelRef(reducing, kernel);
  return { name, identity, fold, again: fold, pair, start: name === "add" ? 0 : null, deviate: null };
}

/** Sums, for the mean and the variance too. @internal */
export const sums = reduction("add", 0, "sum", new KernelRef(arithmetic, "add"));
const products = reduction("multiply", 1, "prod", new KernelRef(arithmetic, "multiply"));
const smallest = reduction("minimum", null, "min", new KernelRef(extremes, "minimum"));
const largest = reduction("maximum", null, "max", new KernelRef(extremes, "maximum"));
const both = { ...smallest, name: "logical_and", identity: 1 };
const either = { ...largest, name: "logical_or", identity: 0 };
// Counts elements that are not 0, whatever their dtype: the kernel's int32 counts are widened where they lie.
const counts: Reduction = {
  ...sums,
  fold: {
    run: (code, box) => {
      reducing.kernels.countNonzero(code, box);
      againOut();
      runCast(int32.code, int64.code);
    },
  },
};

type PlanOf = (descr: Descr, options: ReductionOptions, axis: AxisLike | undefined) => Omit<Plan, "op">;

const KEPT: Table = { keepdims: "boolean", out: "out?", where: "array" },
  SUMMED: Table = { ...KEPT, dtype: "dtype?", initial: "scalar?" },
  COMPARED: Table = { ...KEPT, initial: "scalar?" };

function call(op: string, table: Table, plan: PlanOf) {
  const signature = takes(`${op}(a, axis)`, table),
    quickly = new Array<Omit<Plan, "op"> | undefined>(byCode.length).fill(undefined);
  return function (a: ArrayLike | Lazy, axis?: AxisLike, options?: ReductionOptions): never {
    if (arguments.length > 3) signature.count(arguments.length);
    if (options === undefined && (axis === undefined || axis === null) && a instanceof NDArray) {
      const { descr } = a;
      quickly[descr.code] ??= plan(descr, {}, null);
      const quick = reduceInOneCall(op, a as NDArray<DType>, quickly[descr.code]!);
      if (quick !== undefined) return quick as never;
    }
    const given = signature.read(options);
    if (a instanceof Lazy) return reduceLazily(a, axis, given, { op, ...plan(a.descr, given, axis) }) as never;
    using work = new Temporaries(op);
    const array = work.array(a);
    return reduce(array, axis, given, { op, ...plan(array.descr, given, axis) }) as never;
  };
}

// A contiguous array that fits one call of the kernel: no axes to arrange, which is nine tenths of the time of a small sum.
function reduceInOneCall(op: string, a: NDArray<DType>, plan: Omit<Plan, "op">): unknown {
  const { reduction, loop, resultDtype, accumulator } = plan;
  if (!a.contiguous || a.size === 0 || a.size > CALL || loop !== a.descr || resultDtype !== accumulator)
    return undefined;
  foldFlat(reduction.fold.run, loop.code, a.size, liveAddress(a), loop.itemsize);
  if (listener !== null) notify(op, a.buffer, null, null);
  return readElement(resultDtype, slot(slots.result));
}

function summing(which: Reduction) {
  return (descr: Descr, { dtype = undefined, out }: ReductionOptions): Omit<Plan, "op"> => {
    const asked = dtype ?? out?.dtype,
      loop = computedDescr(asked === undefined ? descr : descrOf(asked));
    const resultDtype = asked === undefined ? widened(descr) : descrOf(asked);
    return { reduction: which, loop, accumulator: widened(loop), resultDtype };
  };
}
function comparing(which: Reduction) {
  return (own: Descr, { out }: ReductionOptions): Omit<Plan, "op"> => {
    const descr: Descr = out === undefined ? own : out.descr; // as in sums, `out` says what is computed in
    return { reduction: which, loop: computedDescr(descr), accumulator: computedDescr(descr), resultDtype: descr };
  };
}

type MissingForm = (a: ArrayLike, axis?: AxisLike, options?: ReductionOptions) => unknown;

/** A sum or a product under the name of the form that leaves NaN out. @internal */
export function missingSum(op: string, which: "sum" | "prod"): MissingForm {
  return call(op, SUMMED, summing(which === "sum" ? sums : products));
}

/**
 * The same of the smallest or the largest element, which NumPy finds by fmin or fmax: one that takes a mask, and one of
 * floats that sees itself what is missing. Of nothing but NaN the latter finds NaN or an infinity. @internal
 */
export function missingExtreme(op: string, which: "min" | "max"): { masked: MissingForm; quick: MissingForm } {
  const ufunc = which === "min" ? "fmin" : "fmax",
    masked: Reduction = { ...(which === "min" ? smallest : largest), name: ufunc },
    fold = new KernelRef(reducing, `nan${which}`);
  const quick: Reduction = { ...masked, fold, again: fold, pair: new KernelRef(extremes, ufunc) };
  return { masked: call(op, COMPARED, comparing(masked)), quick: call(op, COMPARED, comparing(quick)) };
}

const total = call("sum", SUMMED, summing(sums)) as FoldFunction<"total">;
/**
 * The sum of the elements. Integers and bools are summed exactly in 64 bits; floats pairwise. Over all axes bools give
 * their count, a number, unless a `dtype` is asked for.
 *
 * @example
 * sum([[1, 2], [3, 4]]) // 10
 * sum([[1, 2], [3, 4]], 0) // [4. 6.]
 */
export const sum: FoldFunction<"total"> = function (a: ArrayLike, axis?: AxisLike, options?: ReductionOptions) {
  if (arguments.length > 3) atMost(3, arguments.length, "sum(a, axis, options)");
  const found: unknown = total(a, axis, options as never);
  return typeof found === "bigint" && options?.dtype === undefined && isBool(a) ? Number(found) : found;
} as FoldFunction<"total">;

// Whether elements are bools, of a list too.
function isBool(a: unknown): boolean {
  if (a instanceof NDArray || a instanceof Lazy) return (a.descr as Descr) === bool;
  let first: unknown = a;
  while (Array.isArray(first)) first = first[0];
  return typeof first === "boolean" || (first instanceof NDArray && (first.descr as Descr) === bool);
}

/** The product of the elements. Integers and bools in 64 bits, where they wrap around. */
export const prod: FoldFunction<"wide"> = call("prod", SUMMED, summing(products));
/**
 * The smallest element; NaN wins. An empty array has none: `ValueError`. Also `amin`.
 *
 * @example
 * min([3, 1, 2]) // 1
 */
export const min: ReductionFunction<"same"> = call("min", COMPARED, comparing(smallest));
/**
 * The largest element; NaN wins. An empty array has none: `ValueError`. Also `amax`.
 *
 * @example
 * max([[3, 1], [2, 5]], 1) // [3. 5.]
 */
export const max: ReductionFunction<"same"> = call("max", COMPARED, comparing(largest));

const truth = (which: Reduction) => (): Omit<Plan, "op"> => ({
  reduction: which,
  loop: bool,
  accumulator: bool,
  resultDtype: bool,
});

/**
 * Whether all elements are true, that is not 0; true for an empty array. Stops at the first that is not.
 *
 * @example
 * all([[1, 0], [1, 1]], 1) // [False True]
 */
export const all: ReductionFunction<"bool"> = early(
  "all",
  call("all", KEPT, truth(both)),
  (a) => !countUntil(a, (found, n) => found < n),
);
/**
 * Whether any element is true, that is not 0; false for an empty array. Stops at the first that is.
 *
 * @example
 * any([0, 0, 1]) // true
 */
export const any: ReductionFunction<"bool"> = early("any", call("any", KEPT, truth(either)), (a) =>
  countUntil(a, (found) => found > 0),
);
/** How many elements are not 0, or true; NaN counts. NumPy: `count_nonzero`. */
export const countNonzero: ReductionFunction<"int32"> = early(
  "countNonzero",
  // Along an axis bools are added up; over all of a view its own dtype is counted.
  call("countNonzero", KEPT, (descr, _, axis) => {
    const whole = (axis === null || axis === undefined) && !isStorageOnly(descr);
    return { reduction: whole ? counts : sums, loop: whole ? descr : bool, accumulator: int64, resultDtype: int32 };
  }) as ReductionFunction<"int32">,
  (a) => {
    let total = 0;
    countUntil(a, (found) => {
      total += found;
      return false;
    });
    return total;
  },
);

// Over a whole contiguous array the elements are counted piece by piece, until the answer is known.
function early<R extends DType>(op: string, general: unknown, answer: (a: Whole) => Scalar<R>): ReductionFunction<R> {
  const signature = takes(`${op}(a, axis)`, KEPT);
  const reduction = function (a: ArrayLike | Lazy, axis?: AxisLike, options?: ReductionOptions) {
    if (arguments.length > 3) signature.count(arguments.length);
    if (options !== undefined || (axis !== undefined && axis !== null))
      return (general as ReductionFunction<R>)(a as ArrayLike, axis, options as never);
    if (a instanceof Lazy) {
      const node = nodeIn(a);
      if (!(node instanceof Applied)) return reduction(node as ArrayLike);
      return isStorageOnly(a.descr) ? (general as ReductionFunction<R>)(a) : answerLazily(op, a, node, answer);
    }
    using work = new Temporaries(op);
    const array = work.array(a);
    if (!array.contiguous || isStorageOnly(array.descr)) return (general as ReductionFunction<R>)(array, null);
    if (listener !== null) notify(op, array.buffer, null, null);
    return answer({ size: array.size, descr: array.descr, at: addressOf(array), pieces: null });
  } as ReductionFunction<R>;
  return reduction;
}

/** Elements that are one run, at an address or made piece by piece. */
interface Whole {
  readonly size: number;
  readonly descr: Descr;
  readonly at: number;
  readonly pieces: Pieces | null;
}

function answerLazily<A>(op: string, { size, descr }: Lazy, node: Applied, answer: (a: Whole) => A): A {
  return inPieces(node, op, (pieces) => {
    if (listener !== null) notify(op, null, null, null, descr);
    return answer({ size, descr, at: 0, pieces });
  });
}

// Counts what is not 0 in pieces of 64 Ki elements until `enough` says that is enough; whether it did.
function countUntil({ size, descr, at, pieces }: Whole, enough: (found: number, n: number) => boolean): boolean {
  for (let done = 0; done < size; done += CALL) {
    const n = Math.min(CALL, size - done),
      from = pieces === null ? at + done * descr.itemsize : pieces(done, n);
    foldFlat(reducing.kernels.countNonzero, descr.code, n, from, descr.itemsize);
    if (enough(view.getInt32(slot(slots.result), true), n)) return true;
  }
  return false;
}

export { max as amax, min as amin };
