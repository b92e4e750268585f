import { type ArrayLike, copyInto } from "../array/convert.js";
import { addressOf, checkOut, checkOutCast, open } from "../array/destination.js";
import { make, type NDArray, readElement, shapeOf, stridesOf } from "../array/ndarray.js";
import { mayMeet, overlapsItself } from "../array/overlap.js";
import { isStoredFirst, Temporaries } from "../array/temporaries.js";
import { type Descr, type DType, isStorageOnly } from "../base/dtype.js";
import { ShapeError, ValueError } from "../base/errors.js";
import { broadcastStrides, checkAxes, checkInt32, isOfNone, shapeText, sizeOfShape } from "../base/layout.js";
import { area, runFlat, setBox, setOut, setX, slot, slots } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { checkElement, nearestOf, type ScalarLike, truth, writeElement } from "../core/scalar.js";
import { listener, notify } from "../heap/listener.js";
import { Applied } from "./expression.js";
import { type Axis, arrangeAxes, each, type Folding, fold, type Job } from "./fold.js";
import { inPieces, type Lazy, nodeIn, storedAs } from "./lazy.js";

/** The axes a reduction runs over: one, several, or all for `null`. */
export type AxisLike = number | readonly number[] | null;

/** What reductions take after the axis. */
export interface ReductionOptions {
  /** Whether reduced axes stay, with length 1. */
  keepdims?: boolean;
  /** The array to write into; it is also returned. */
  out?: NDArray<DType>;
  /** A bool array: elements where it is false do not count. */
  where?: ArrayLike;
  /** The dtype to compute in and to give. */
  dtype?: DType;
  /** The value to begin with. */
  initial?: ScalarLike;
}

/** A reduction: its name for messages, its kernels, the identity if it has one. @internal */
export interface Reduction extends Folding {
  readonly name: string;
  readonly identity: number | null;
}

/** How one call reduces. @internal */
export interface Plan {
  readonly op: string;
  readonly reduction: Reduction;
  /** The dtype the kernel reads, the one it accumulates in, and the one of the result. */
  readonly loop: Descr;
  readonly accumulator: Descr;
  readonly resultDtype: Descr;
  /** The means of a variance, in the accumulator's dtype and the shape of the kept axes. */
  readonly means?: number;
}

/** What has a shape: an array, or an expression. */
interface Sized {
  readonly shape: readonly number[];
  readonly size: number;
}

// A value to begin with is of the dtype that is given, whatever wider one is reduced in: a float16, or a truth value.
function withInitial(options: ReductionOptions, { resultDtype }: Plan): ReductionOptions {
  const { initial } = options;
  if (initial === undefined) return options;
  if (resultDtype.name === "bool") return { ...options, initial: truth(initial) };
  const isNumber = typeof initial === "number" || typeof initial === "bigint";
  return isStorageOnly(resultDtype) && isNumber ? { ...options, initial: nearestOf(resultDtype, initial) } : options;
}

/** Reduces an array: a JavaScript value for all axes, else an array. @internal */
export function reduce(a: NDArray<DType>, axis: AxisLike | undefined, given: ReductionOptions, plan: Plan): unknown {
  const options = withInitial(given, plan);
  const axes = isOfNone(axis, a.ndim) ? [] : checkAxes(axis, a.ndim),
    { keepdims = false, out } = options;
  const kept = shapeOf(a)
    .map((_, i) => i)
    .filter((i) => !axes.includes(i));
  const shape = reducedShape(shapeOf(a), axes, keepdims);
  using work = new Temporaries(plan.op);
  if (out) checkFit(out, shape, plan);
  const where = options.where === undefined || options.where === true ? null : work.mask(options.where);
  const maskStrides = where && broadcastStrides(shapeOf(where), stridesOf(where), shapeOf(a));
  if (where && maskStrides === null)
    throw new ShapeError(
      `operands could not be broadcast together with shapes ${shapeText(shapeOf(a))} ${shapeText(shapeOf(where))}`,
    );
  checkIdentity(a, axes, options, where, plan);
  if (isStoredFirst(a.descr, plan.resultDtype)) return reduce(work.stored(a, plan.resultDtype), axis, given, plan);
  const scalar = (axis === null || axis === undefined) && !keepdims && !out;
  if (!scalar && plan.resultDtype.name === "int32" && plan.accumulator.name === "int64")
    checkInt32(
      axes.reduce((n, i) => n * shapeOf(a)[i], 1),
      plan.op,
    );
  const to = target(a, shape, out, plan, scalar, where, work);
  const outStrides = shapeOf(a).map((_, i) => (kept.includes(i) ? to.strides[keepdims ? i : kept.indexOf(i)] : 0));
  const axisOf = (i: number): Axis => ({
    length: shapeOf(a)[i],
    x: stridesOf(a)[i],
    out: outStrides[i],
    mask: maskStrides ? maskStrides[i] : 0,
  });
  const job: Job = {
    ...jobOf(a, plan, options),
    x: addressOf(a),
    out: to.at,
    mask: where ? addressOf(where) : 0,
    kept: kept.map(axisOf),
    reduced: axes.map(axisOf),
  };
  runJob(job, a, sizeOfShape(shape), plan, options);
  return deliver(a, to, out, shape, plan, scalar);
}

/**
 * Reduces a lazy expression over all axes, as its array would be, piece by piece in one block of scratch. Errors: an
 * axis, `keepdims`, `out` or `where`, which need an array. @internal
 */
export function reduceLazily(e: Lazy, axis: AxisLike | undefined, given: ReductionOptions, plan: Plan): unknown {
  if (isStoredFirst(e.descr, plan.resultDtype)) return reduceLazily(storedAs(e, plan.resultDtype), axis, given, plan);
  const options = withInitial(given, plan);
  const { op } = plan,
    { descr } = e,
    node = nodeIn(e),
    { where, keepdims, out } = options,
    asked = Object.entries({ axis, where, keepdims, out }).find(([, value]) => value != null && value !== false);
  if (asked !== undefined) throw new ValueError(`${op} of a lazy expression takes no ${asked[0]}: evaluate() it first`);
  if (!(node instanceof Applied)) return reduce(node, null, options, plan);
  checkIdentity(e, [...e.shape.keys()], options, null, plan);
  return inPieces(node, op, (pieces) => {
    const reduced = [{ length: e.size, x: descr.itemsize, out: 0, mask: 0 }];
    runJob({ ...jobOf(e, plan, options), pieces, out: slot(slots.result), reduced }, e, 1, plan, options);
    if (listener !== null) notify(op, null, null, null, descr);
    return scalarOf(plan, slot(slots.result));
  });
}

function jobOf({ descr }: { readonly descr: Descr }, plan: Plan, { initial = 0 }: ReductionOptions): Job {
  return {
    folding: plan.reduction,
    loop: plan.loop.code,
    result: plan.accumulator.code,
    code: descr.code,
    x: 0,
    out: 0,
    mask: 0,
    identity: plan.reduction.identity ?? initial,
    pieces: null,
    means: plan.means ?? 0,
    kept: [],
    reduced: [],
  };
}

/** Checks that an array can be written and has the shape of the results. @internal */
export function checkOutShape(out: NDArray<DType>, shape: readonly number[], name: string): void {
  checkOut(out, shape, (got) => {
    const text = `got ${shapeText(got)} (expected ${shapeText(shape)})`;
    return new ValueError(`output parameter for reduction operation ${name} has the wrong shape: ${text}`);
  });
}

/** The shape of the results of reducing a shape along axes. @internal */
export function reducedShape(shape: readonly number[], axes: readonly number[], keepdims: boolean): number[] {
  return shape.flatMap((n, i) => (axes.includes(i) ? (keepdims ? [1] : []) : [n]));
}

function checkFit(out: NDArray<DType>, shape: readonly number[], { reduction, resultDtype }: Plan): void {
  checkOutShape(out, shape, reduction.name);
  checkOutCast(reduction.name, resultDtype, out, "same_kind");
}

function checkIdentity(
  a: Sized,
  axes: readonly number[],
  options: ReductionOptions,
  where: NDArray | null,
  plan: Plan,
): void {
  const { name } = plan.reduction;
  // An integer must be held by the dtype that is given, whatever wider one it is accumulated in.
  if (options.initial !== undefined) return checkElement(options.initial, plan.resultDtype.code);
  if (plan.reduction.identity !== null) return;
  if (where)
    throw new ValueError(
      `reduction operation '${name}' does not have an identity, so to use a where mask one has to specify 'initial'`,
    );
  if (axes.some((i) => a.shape[i] === 0))
    throw new ValueError(`zero-size array to reduction operation ${name} which has no identity`);
}

interface Target {
  readonly at: number;
  readonly strides: readonly number[];
  readonly array: NDArray<DType> | null;
}

// Where the kernels write: a scalar slot, the result itself, or an array in the accumulator's dtype to be cast from.
function target(
  a: NDArray<DType>,
  shape: readonly number[],
  out: NDArray<DType> | undefined,
  plan: Plan,
  scalar: boolean,
  where: NDArray | null,
  work: Temporaries,
): Target {
  if (scalar) return { at: slot(slots.result), strides: [], array: null };
  const { accumulator, op } = plan;
  // Partial results go where the result goes: `out` must be no part of what is still to be read.
  const meets =
    out !== undefined && (mayMeet(a, out) || (where !== null && mayMeet(where, out)) || overlapsItself(out));
  if (out && out.descr === accumulator && accumulator === plan.resultDtype && !meets) {
    return { at: open(out), strides: stridesOf(out), array: out };
  }
  const reason = out?.descr === accumulator ? "overlap" : out || accumulator !== plan.resultDtype ? "dtype" : null;
  const array = make(shape, accumulator, op, reason);
  if (out || accumulator !== plan.resultDtype) work.use(array);
  return { at: array.buffer.pointer, strides: stridesOf(array), array };
}

function runJob(job: Job, a: Sized, results: number, plan: Plan, options: ReductionOptions): void {
  const { accumulator, reduction } = plan,
    start = options.initial ?? reduction.identity;
  if (results === 0) return;
  if (a.size === 0) return fillTarget(job, start!, accumulator);
  const at = { x: job.x, out: job.out, mask: job.mask, means: job.means };
  const kept = arrangeAxes(job.kept, at),
    reduced = arrangeAxes(job.reduced, at);
  fold({ ...job, ...at, kept, reduced });
  if (options.initial === undefined) return;
  // The value to begin with is one more element.
  writeElement(accumulator.code, slot(slots.initial), options.initial);
  const { code, itemsize } = accumulator;
  each(job.kept, (_, out) => {
    const at = job.out + out;
    runFlat(reduction.pair.run, code, 1, at, itemsize, at, itemsize, slot(slots.initial), 0);
  });
}

function fillTarget(job: Job, value: ScalarLike, descr: Descr): void {
  each(job.kept, (_, out) => writeElement(descr.code, job.out + out, value));
}

// The one result as a JavaScript value.
function scalarOf({ accumulator, resultDtype }: Plan, at: number): unknown {
  // A count over all axes may be beyond int32; as a number it is exact.
  if (resultDtype.name === "int32" && accumulator.name === "int64") return Number(readElement(accumulator, at));
  setBox(1, 1);
  setOut(area(0), 0, 0);
  setX(at, 0, 0);
  cast(accumulator.code, resultDtype.code);
  return readElement(resultDtype, area(0));
}

// An `out` of another dtype gets what the dtype that was asked for makes of the results: 280 is 24 as uint8.
function deliverInto(
  out: NDArray,
  results: NDArray,
  shape: readonly number[],
  { accumulator, resultDtype, op }: Plan,
): void {
  open(out);
  if (accumulator === resultDtype || out.descr === resultDtype) return copyInto(out, results);
  using work = new Temporaries(op);
  const narrow = work.use(make(shape, resultDtype, op, "dtype"));
  copyInto(narrow, results);
  copyInto(out, narrow);
}

function deliver(
  a: NDArray<DType>,
  to: Target,
  out: NDArray<DType> | undefined,
  shape: readonly number[],
  plan: Plan,
  scalar: boolean,
): unknown {
  const { accumulator, resultDtype, op } = plan;
  if (listener !== null) notify(op, a.buffer, null, out?.buffer ?? to.array?.buffer ?? null);
  if (scalar) return scalarOf(plan, to.at);
  if (out) {
    if (to.array !== out) deliverInto(out, to.array!, shape, plan);
    else out.buffer.version++;
    return out;
  }
  if (accumulator === resultDtype) return to.array;
  const result = make(shape, resultDtype, op);
  copyInto(result, to.array!);
  return result;
}
