import { type ArrayLike, copyInto, type DTypeOf } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { make, NDArray, shapeOf, stridesOf, viewOf, writable } from "../array/ndarray.js";
import { isPlain, takes } from "../array/options.js";
import { overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import {
  byCode,
  type Casting,
  canCast,
  computedDescr,
  type Descr,
  type DType,
  type DTypeWithin,
  dtypes,
  floatLimitsOf,
  isInteger,
  limitsOf,
  partDescr,
  promoteCodes,
} from "../base/dtype.js";
import { ArgumentError, DTypeError, ShapeError } from "../base/errors.js";
import { assignedStrides, broadcastShapes, broadcastStrides, shapeText } from "../base/layout.js";
import { scalarSlot, setY, slot, slots } from "../core/box.js";
import { copyKernel, selectKernel } from "../core/boxes.js";
import { KernelRef } from "../core/chapter.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { extremes } from "../core/chapters/extremes.js";
import { math } from "../core/chapters/math.js";
import {
  checkElement,
  checkFits,
  codeOfScalar,
  isScalar,
  type ScalarLike,
  weakCode,
  writeElement,
} from "../core/scalar.js";
import { begin, condition, operand, run, transfer } from "../loops/walk.js";
import { apply, define, signatureOf, UFUNC, type UfuncOptions } from "../operations/apply.js";
import { Lazy } from "../operations/lazy.js";
import type { PromoteOperands, PromoteThree } from "../operations/loops.js";
import { areOneRun } from "../operations/op.js";
import type { TernaryMethod, TernaryUfunc, UnaryUfunc } from "../operations/signatures.js";
import { maximum, minimum, positive } from "./ufuncs.js";

// Elementwise functions with more to them than a kernel: choosing, limiting, replacing.

const WHERE = takes("where(condition, x, y)"),
  CLIP = takes("clip(x, low, high)", UFUNC),
  CLIP_NAMED = takes("clip(x)", { ...UFUNC, min: "anything", max: "anything" }),
  NAN_TO_NUM = takes("nanToNum(x)", { copy: "boolean", nan: "number", posinf: "number?", neginf: "number?" }),
  ABSOLUTE = takes("absolute(x)", UFUNC),
  CONJUGATE = takes("conjugate(x)", UFUNC),
  COPYTO = takes("copyto(target, values)", { where: "array", casting: "casting" });

/**
 * The elements of x where the condition is true and of y elsewhere. Returns a copy, in the dtype both promote to.
 * Allocates the result and nothing else: operands of other dtypes or shapes are prepared by tiles.
 *
 * @example
 * where([true, false], 1, [10, 20]) // [ 1. 20.]
 */
export function where<const X extends ArrayLike, const Y extends ArrayLike>(
  condition: ArrayLike,
  x: X,
  y: Y,
): NDArray<PromoteOperands<X, Y>>;
export function where(test: ArrayLike, x: ArrayLike, y: ArrayLike): NDArray<DType> {
  WHERE.count(arguments.length);
  using work = new Temporaries("where");
  const value = (v: ArrayLike): NDArray | ScalarLike => (isScalar(v) ? v : work.array(v));
  const [c, a, b] = [value(test), value(x), value(y)];
  const code = commonCode(a, b);
  for (const v of [a, b]) if (!(v instanceof NDArray)) checkFits(v, code);
  const shape = broadcastShapes(...[c, a, b].map((v) => (v instanceof NDArray ? shapeOf(v) : [])));
  const out = make(shape, byCode[code], "where");
  begin(shape);
  operand(out.buffer.pointer, stridesOf(out), code);
  addValue(a, 1, code, shape, operand);
  addValue(b, 2, code, shape, operand);
  addValue(c, 3, dtypes.bool.code, shape, condition);
  run(selectKernel, code, code);
  close("where", [c, a, b], out);
  return out;
}

function commonCode(a: NDArray | ScalarLike, b: NDArray | ScalarLike): number {
  if (a instanceof NDArray)
    return promoteCodes(a.descr.code, b instanceof NDArray ? b.descr.code : weakCode(b, a.descr.code));
  return b instanceof NDArray
    ? promoteCodes(weakCode(a, b.descr.code), b.descr.code)
    : promoteCodes(codeOfScalar(a), codeOfScalar(b));
}

function addValue(
  v: NDArray | ScalarLike,
  k: number,
  code: number,
  shape: readonly number[],
  add: typeof operand,
): void {
  if (v instanceof NDArray) return add(addressOf(v), broadcastStrides(shapeOf(v), stridesOf(v), shape)!, v.descr.code);
  writeElement(code, scalarSlot(k), v);
  add(scalarSlot(k), new Array<number>(shape.length).fill(0), code);
}

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

/** What `nanToNum` takes. */
export interface NanToNumOptions {
  /** False writes into the array itself and allocates nothing. */
  copy?: boolean;
  /** What replaces NaN: 0. */
  nan?: number;
  /** What replaces +∞: the dtype's largest number. */
  posinf?: number | null;
  /** What replaces -∞: the dtype's lowest number. */
  neginf?: number | null;
}

/**
 * The elements with NaN and the infinities replaced, in one pass and without a mask. Returns a copy, or with
 * `copy: false` the array itself. Integers have nothing to replace. NumPy: `nan_to_num`.
 */
export function nanToNum<const X extends ArrayLike>(x: X, given?: NanToNumOptions): NDArray<DTypeOf<X>> {
  const options = NAN_TO_NUM.read(given, arguments.length),
    { copy = true, nan = 0 } = options;
  using work = new Temporaries("nanToNum");
  const a = work.array(x),
    inPlace = !copy && a === x;
  if (inPlace) writable(a);
  const out = inPlace ? a : make(shapeOf(a), a.descr, "nanToNum");
  const real = partDescr(a.descr);
  if (real.kind !== "f") {
    if (out !== a) {
      copyInto(out, a);
      close("nanToNum", [a], out);
    }
    return out as NDArray<DTypeOf<X>>; // of the dtype of x
  }
  const { code, itemsize } = computedDescr(real),
    limits = floatLimitsOf(real.name as DTypeWithin<"f">), // its kind is f
    at = slot(slots.limits);
  const values = [nan, options.posinf ?? limits.max, options.neginf ?? -limits.max];
  for (let i = 0; i < 3; i++) writeElement(code, at + i * itemsize, values[i]);
  const parts = a.descr.kind === "c" ? [2] : [],
    step = parts.map(() => real.itemsize);
  // What was replaced must not be met a second time.
  const from = inPlace && overlapsItself(a) ? work.copy(a, "overlap") : a,
    to = open(out);
  begin([...shapeOf(a), ...parts]);
  operand(to, [...stridesOf(out), ...step], real.code);
  operand(addressOf(from), [...stridesOf(from), ...step], real.code);
  run(
    (loop, box) => {
      setY(at, 0, 0);
      extremes.kernels.nanToNum(loop, box);
    },
    code,
    code,
  );
  close("nanToNum", [a], out);
  return out as NDArray<DTypeOf<X>>; // of the dtype of x
}

const absoluteOp = define("absolute", "ordered", null, new KernelRef(arithmetic, "absolute")),
  magnitudeOp = define("absolute", "realFloat", null, new KernelRef(math, "hypot"));

// Whether a dtype holds the magnitudes of complex numbers with such parts; to another their parts are cast first.
function holds(dtype: DType, real: Descr): boolean {
  return dtypes[dtype].kind === "f" && canCast(real.name, dtype);
}

/**
 * The distances from 0; of complex numbers as reals. The lowest integer of a dtype stays itself. Also `abs`.
 *
 * @example
 * absolute([-1, 2]) // [1. 2.]
 * absolute(array([{ re: 3, im: 4 }])) // [5.]
 */
export const absolute = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  ABSOLUTE.count(arguments.length);
  if (x instanceof Lazy) {
    if (x.descr.kind !== "c") return apply(absoluteOp, [x], options);
    throw new DTypeError("absolute of a complex lazy expression is not elementwise in its parts: evaluate() it first");
  }
  using work = new Temporaries("absolute");
  const a = work.array(x);
  if (a.descr.kind !== "c") return apply(absoluteOp, [a], options);
  const real = partDescr(a.descr),
    given = options && signatureOf(absoluteOp, 1).read(options);
  if (given?.dtype !== undefined && !holds(given.dtype, real)) return apply(absoluteOp, [a], given);
  const part = (at: number): NDArray => work.use(viewOf<DType>(a, real, shapeOf(a), stridesOf(a), a.offset + at));
  return apply(magnitudeOp, [part(0), part(real.itemsize)], given);
} as UnaryUfunc<"ordered", "magnitude">;

/** The complex conjugates; real numbers stay as they are. Returns a copy. Also `conj`. */
export const conjugate = function (x: ArrayLike | Lazy, options?: UfuncOptions): NDArray<DType> | Lazy<DType> {
  CONJUGATE.count(arguments.length);
  return apply(conjugateOp, [x], options);
} as UnaryUfunc<"counted">;
const conjugateOp = define("conjugate", "counted", null, (code, box) =>
  byCode[code].kind === "c" ? arithmetic.kernels.conjugate(code, box) : copyKernel(code, box),
);

/** What `copyto` takes. */
export interface CopytoOptions {
  /** Only elements where this bool array is true are written. */
  where?: ArrayLike;
  casting?: Casting;
}

/**
 * Writes values into an array, broadcasting and casting them; allocates nothing unless they overlap it. Errors: a
 * read-only target, shapes that do not broadcast, a cast that `casting` (`same_kind`) forbids.
 */
export function copyto(target: NDArray<DType>, values: ArrayLike, options?: CopytoOptions): void {
  const { where: selected, casting = "same_kind" } = COPYTO.read(options, arguments.length);
  writable(target);
  using work = new Temporaries("copyto");
  const mask = selected === undefined || selected === true ? null : work.mask(selected);
  if (mask && broadcastStrides(shapeOf(mask), stridesOf(mask), shapeOf(target)) === null)
    throw cannotBroadcast(mask, target);
  const oneRun = areOneRun([mask, values], shapeOf(target)),
    only = mask && work.apart(mask, target, oneRun);
  if (isScalar(values)) {
    checkCast(byCode[weakCode(values, target.descr.code)].name, target, casting);
    checkElement(values, target.descr.code);
    writeElement(target.descr.code, scalarSlot(1), values);
    write(target, open(target), scalarSlot(1), new Array<number>(target.ndim).fill(0), target.descr.code, only);
    return close("copyto", [only], target);
  }
  const given = work.array(values);
  checkCast(given.dtype, target, casting);
  if (assignedStrides(shapeOf(given), stridesOf(given), shapeOf(target)) === null) throw cannotBroadcast(given, target);
  const source = work.apart(given, target, oneRun),
    strides = assignedStrides(shapeOf(source), stridesOf(source), shapeOf(target))!,
    into = open(target);
  write(target, into, addressOf(source), strides, source.descr.code, only);
  close("copyto", [source, only], target);
}

function checkCast(from: DType, target: NDArray<DType>, casting: Casting): void {
  if (canCast(from, target.dtype, casting)) return;
  throw new DTypeError(
    `Cannot cast array data from dtype('${from}') to dtype('${target.dtype}') according to the rule '${casting}'`,
  );
}

function cannotBroadcast(source: NDArray<DType>, target: NDArray<DType>): ShapeError {
  return new ShapeError(
    `could not broadcast input array from shape ${shapeText(shapeOf(source))} into shape ${shapeText(shapeOf(target))}`,
  );
}

// Where a mask selects, the target is also the other choice: one pass and no scratch.
function write(
  target: NDArray<DType>,
  into: number,
  at: number,
  strides: readonly number[],
  code: number,
  only: NDArray | null,
): void {
  const own = target.descr.code;
  begin(shapeOf(target));
  operand(into, stridesOf(target), own);
  operand(at, strides, code);
  if (only === null) return transfer();
  operand(into, stridesOf(target), own);
  condition(addressOf(only), broadcastStrides(shapeOf(only), stridesOf(only), shapeOf(target))!, only.descr.code);
  run(selectKernel, own, own);
}

export { absolute as abs, conjugate as conj };
