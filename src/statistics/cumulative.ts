import { type ArrayLike, copyInto, type DTypeOf } from "../array/convert.js";
import { addressOf, checkOut, close, open } from "../array/destination.js";
import { make, type NDArray, shapeOf, stridesOf, viewOf } from "../array/ndarray.js";
import { type Table, takes } from "../array/options.js";
import { harmfulOverlap, overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, descrOf, isInexact, promoteTypes } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { checkAxis, isOfNone, rowMajor, shapeText } from "../base/layout.js";
import { CALL, runBox, setBox, setNumbers, setOut, setX, setY } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { KernelRef, type Runnable } from "../core/chapter.js";
import { scanning } from "../core/chapters/scanning.js";
import { copyto } from "../elementwise/copyto.js";
import { notEqual } from "../elementwise/ufuncs.js";
import { listener, notify } from "../heap/listener.js";
import { eachLane, without } from "../loops/lanes.js";
import type { Wide } from "../operations/signatures.js";
import { widened } from "../reducing/reductions.js";
import { part } from "./parts.js";

// Running sums and products. Elements are joined one after the other, as in NumPy, so that floats have its bits. The array
// is read where it lies; one of another dtype is cast into the result piece by piece, and joined there.

/** What `cumsum`, `cumprod` and their NaN forms take after the axis. */
export interface CumulativeOptions<D extends DType = DType> {
  /** The dtype to compute in and to give: 64 bits for integers and bools, else that of the array. */
  dtype?: DType;
  /** The array to write into; it is also returned. */
  out?: NDArray<D>;
}

/** What `cumulativeSum` and `cumulativeProd` take. */
export interface ArrayCumulativeOptions<D extends DType = DType> extends CumulativeOptions<D> {
  /** The axis along which elements are joined: needed if there are several. */
  axis?: number | null;
  /** Whether the results begin with 0, or with 1 for products: one more than there are elements. */
  includeInitial?: boolean;
}

type Own = { dtype?: undefined; out?: undefined };
type Told<T extends DType> = { dtype: T; out?: undefined };

/** `cumsum` and its like. */
export interface CumulativeFunction {
  <const X extends ArrayLike>(a: X, axis?: number | null, options?: CumulativeOptions & Own): NDArray<Wide<DTypeOf<X>>>;
  <R extends DType>(
    a: ArrayLike,
    axis: number | null | undefined,
    options: CumulativeOptions & { out: NDArray<R> },
  ): NDArray<R>;
  <T extends DType>(a: ArrayLike, axis: number | null | undefined, options: CumulativeOptions & Told<T>): NDArray<T>;
  (a: ArrayLike, axis?: number | null, options?: CumulativeOptions): NDArray<DType>;
}

/** `cumsum` and `cumprod` as methods. */
export interface CumulativeMethod {
  <X extends NDArray<DType>>(
    this: X,
    axis?: number | null,
    options?: CumulativeOptions & Own,
  ): NDArray<Wide<DTypeOf<X>>>;
  <R extends DType>(
    this: NDArray<DType>,
    axis: number | null | undefined,
    options: CumulativeOptions & { out: NDArray<R> },
  ): NDArray<R>;
  <T extends DType>(
    this: NDArray<DType>,
    axis: number | null | undefined,
    options: CumulativeOptions & Told<T>,
  ): NDArray<T>;
}

/** `cumulativeSum` and `cumulativeProd`. */
export interface ArrayCumulativeFunction {
  <const X extends ArrayLike>(x: X, options?: ArrayCumulativeOptions & Own): NDArray<Wide<DTypeOf<X>>>;
  <R extends DType>(x: ArrayLike, options: ArrayCumulativeOptions & { out: NDArray<R> }): NDArray<R>;
  <T extends DType>(x: ArrayLike, options: ArrayCumulativeOptions & Told<T>): NDArray<T>;
  (x: ArrayLike, options?: ArrayCumulativeOptions): NDArray<DType>;
}

/** How elements are joined: the kernels, and what changes nothing. */
interface Joining {
  readonly scan: Runnable;
  readonly present: Runnable;
  readonly neutral: 0 | 1;
}

const SUMS: Joining = {
  scan: new KernelRef(scanning, "cumsum"),
  present: new KernelRef(scanning, "nancumsum"),
  neutral: 0,
};
const PRODUCTS: Joining = {
  scan: new KernelRef(scanning, "cumprod"),
  present: new KernelRef(scanning, "nancumprod"),
  neutral: 1,
};

const OPTIONS: Table = { dtype: "dtype?", out: "out?" };

function cumulative(op: string, joining: Joining, leavesNaN: boolean): CumulativeFunction {
  const signature = takes(`${op}(a, axis)`, OPTIONS);
  return function (x: ArrayLike, axis?: number | null, given?: CumulativeOptions) {
    const options = signature.read(given, arguments.length);
    using work = new Temporaries(op);
    return joined(work, joining, work.array(x), axis, options, leavesNaN, 0);
  } as CumulativeFunction;
}

function arrayCumulative(op: string, joining: Joining): ArrayCumulativeFunction {
  const signature = takes(`${op}(x)`, { ...OPTIONS, axis: "integer?", includeInitial: "boolean" });
  return function (x: ArrayLike, given?: ArrayCumulativeOptions) {
    const { axis, includeInitial = false, ...options } = signature.read(given, arguments.length);
    using work = new Temporaries(op);
    const a = work.array(x);
    if (a.ndim > 1 && (axis === undefined || axis === null))
      throw new ValueError("For arrays which have more than one dimension ``axis`` argument is required.");
    return joined(work, joining, a, axis, options, false, includeInitial ? 1 : 0);
  } as ArrayCumulativeFunction;
}

// `initial` is how many elements come before the running sums.
function joined(
  work: Temporaries,
  joining: Joining,
  given: NDArray<DType>,
  axis: number | null | undefined,
  { dtype, out }: CumulativeOptions,
  leavesNaN: boolean,
  initial: 0 | 1,
): NDArray<DType> {
  const flat = axis === null || axis === undefined || isOfNone(axis, given.ndim),
    along = flat ? 0 : checkAxis(axis, Math.max(given.ndim, 1)),
    loop = loopOf(given.descr, dtype, out);
  const shape = flat ? [given.size] : [...shapeOf(given)];
  shape[along] += initial;
  if (out !== undefined) checkFit(out, shape);
  const seesNaN = leavesNaN && isInexact(given.descr),
    a = seesNaN && !isInexact(loop) ? filled(work, given, joining) : given;
  // What is flattened is read as one run, or copied into the result first, and joined there.
  const asRow = flat && a.ndim !== 1 && (a.ndim === 0 || a.contiguous),
    x = asRow ? work.use(viewOf(a, a.descr, [a.size], [a.itemsize], a.offset)) : a,
    fits = out?.descr === loop && (!flat || x.ndim === 1 || out.contiguous);
  const apart = out !== undefined && fits && (overlapsItself(out) || harmfulOverlap(x, out, false)),
    reason = out === undefined ? null : apart ? "overlap" : "dtype";
  const target = out !== undefined && fits && !apart ? out : work.use(make(shape, loop, work.op, reason));
  if (target === out) open(out);
  if (initial > 0) copyto(work.use(part(target, along, 0, 1)), joining.neutral);
  const place = initial > 0 ? work.use(part(target, along, 1, shape[along] - 1)) : target;
  const row = flat && x.ndim > 1;
  if (row) copyInto(work.use(shaped(place, shapeOf(x))), x);
  scan(seesNaN && isInexact(loop) ? joining.present : joining.scan, loop, row ? place : x, place, along);
  if (out === undefined) {
    if (listener !== null) notify(work.op, given.buffer, null, target.buffer);
    return work.release(target);
  }
  if (target !== out) {
    open(out);
    copyInto(out, target);
  }
  close(work.op, [given], out);
  return out;
}

// Without a dtype an `out` has its say, and integers of few bits stay what they are.
function loopOf(descr: Descr, dtype: DType | undefined, out: NDArray<DType> | undefined): Descr {
  if (dtype !== undefined) return descrOf(dtype);
  return out === undefined ? widened(descr) : descrOf(promoteTypes(out.dtype, descr.name));
}

function checkFit(out: NDArray<DType>, shape: readonly number[]): void {
  checkOut(out, shape, (got, expected) => {
    const texts = `${shapeText(got)}->${shapeText(got)} ${shapeText(expected)}->${shapeText(expected)}`;
    return new ShapeError(
      `operands could not be broadcast together with remapped shapes [original->remapped]: ${texts} `,
    );
  });
}

// For integers that are asked of floats: a copy in which what is missing changes nothing.
function filled(work: Temporaries, a: NDArray<DType>, { neutral }: Joining): NDArray<DType> {
  const copy = work.copy(a, "dtype");
  copyto(copy, neutral, { where: work.use(notEqual(copy, copy)) });
  return copy;
}

function shaped(a: NDArray<DType>, shape: readonly number[]): NDArray<DType> {
  return viewOf(a, a.descr, shape, rowMajor(shape, a.itemsize), a.offset);
}

/** Lanes that are joined at once where a lane is too long for one call: those beside each other go by vectors. */
const BESIDE = 64;

/** Elements that are cast at once: they are in the cache yet when they are joined. */
const CAST = 4096;

function scan({ run }: Runnable, { code }: Descr, x: NDArray<DType>, out: NDArray<DType>, along: number): void {
  if (x.size === 0) return;
  const n = shapeOf(x)[along],
    step = stridesOf(x)[along],
    outStep = stridesOf(out)[along],
    { code: from } = x.descr,
    most = from === code ? CALL : CAST;
  eachLane(
    without(shapeOf(x), along),
    [addressOf(x), addressOf(out)],
    [without(stridesOf(x), along), without(stridesOf(out), along)],
    Math.max(most / n, BESIDE),
    (lanes, at, next) => {
      const atOnce = Math.max(1, Math.floor(most / lanes));
      for (let i = 0; i < n; i += atOnce) {
        const length = Math.min(atOnce, n - i);
        setBox(lanes, length);
        setX(at[0] + i * step, next[0], step);
        setOut(at[1] + i * outStep, next[1], outStep);
        if (from !== code) {
          cast(from, code);
          setBox(lanes, length);
          setX(at[1] + i * outStep, next[1], outStep);
        }
        setOut(at[1] + i * outStep, next[1], outStep);
        setY(at[1] + (i - 1) * outStep, next[1], 0);
        setNumbers(i === 0 ? 0 : 1, 0, 0);
        runBox(run, code);
      }
    },
  );
}

/**
 * The running sums of the elements along an axis, or of all in row-major order. Integers and bools are summed in 64 bits;
 * floats one after the other, each sum rounded. Returns a copy, or `out`.
 *
 * @example
 * cumsum([1, 2, 3]) // [1. 3. 6.]
 */
export const cumsum: CumulativeFunction = cumulative("cumsum", SUMS, false);
/** The running products of the elements along an axis, or of all in row-major order. Returns a copy, or `out`. */
export const cumprod: CumulativeFunction = cumulative("cumprod", PRODUCTS, false);
/**
 * The running sums, where NaN counts as 0. Returns a copy, or `out`.
 *
 * @example
 * nancumsum([1, NaN, 3]) // [1. 1. 4.]
 */
export const nancumsum: CumulativeFunction = cumulative("nancumsum", SUMS, true);
/** The running products, where NaN counts as 1. Returns a copy, or `out`. */
export const nancumprod: CumulativeFunction = cumulative("nancumprod", PRODUCTS, true);
/**
 * The running sums along an axis, as the array API standard has them: `axis` is an option, and needed if there are
 * several; with `includeInitial` they begin with 0. Returns a copy, or `out`.
 *
 * @example
 * cumulativeSum([1, 2, 3], { includeInitial: true }) // [0. 1. 3. 6.]
 */
export const cumulativeSum: ArrayCumulativeFunction = arrayCumulative("cumulativeSum", SUMS);
/** The running products along an axis, as the array API standard has them: `cumulativeSum`'s options. Returns a copy, or `out`. */
export const cumulativeProd: ArrayCumulativeFunction = arrayCumulative("cumulativeProd", PRODUCTS);
