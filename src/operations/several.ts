import { type ArrayLike, copyInto } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { live, make, NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { type Signature, type Table, takes } from "../array/options.js";
import { mayMeet, overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, type DType } from "../base/dtype.js";
import { DTypeError, ValueError } from "../base/errors.js";
import { broadcastStrides } from "../base/layout.js";
import { isScalar, plainScalar, type ScalarLike } from "../core/scalar.js";
import { entrances } from "../heap/allocate.js";
import { begin, mask, operand, secondOut } from "../loops/walk.js";
import { elementwise } from "./apply.js";
import { Lazy } from "./lazy.js";
import {
  addScalar,
  areOneRun,
  asRead,
  chooseLoop,
  commonShape,
  isStoredLoop,
  kernelCode,
  type LoopOptions,
  launch,
  Op,
  shapeInto,
} from "./op.js";

// Elementwise operations of two results, and those that read an operand in a dtype of its own: as in apply.ts, but
// nothing of it is short cut.

/** What an operation of two results takes after its operands. */
export interface PairOptions<A extends DType = DType, B extends DType = DType> extends LoopOptions {
  /** The arrays to write into, which are also returned; `null` for a new one. They must have the results' shape. */
  out?: readonly [NDArray<A> | null, NDArray<B> | null];
  /** A bool array: elements where it is false are not written (0 in new arrays). */
  where?: ArrayLike;
}

const PAIR: Table = { out: "anything", where: "array", dtype: "dtype?", casting: "casting" };
const signatures = new Map<Op, Signature>();

/** Defines an operation that `applySeveral` is given: what `Op` takes, and what it takes as it is called. */
export function defineSeveral(parameters: string, ...row: ConstructorParameters<typeof Op>): Op {
  const op = new Op(...row);
  elementwise.add(op.name);
  entrances.set(op.name, applySeveral);
  signatures.set(op, takes(`${op.name}(${parameters})`, PAIR));
  return op;
}

type Value = NDArray | ScalarLike;
type Outs = readonly (NDArray<DType> | null)[];

/**
 * Applies an operation to its operands, and returns its results; `given` is the number of arguments of the call. Errors:
 * a lazy operand, whose results would be computed twice.
 */
export function applySeveral(
  op: Op,
  operands: readonly (ArrayLike | Lazy)[],
  options: object | undefined,
  given: number,
): NDArray<DType>[] {
  const read = signatures.get(op)!.read(options as PairOptions & { out?: unknown }, given);
  if (operands.some((value) => value instanceof Lazy))
    throw new ValueError(`${op.name} takes no lazy expression: evaluate() it first`);
  using work = new Temporaries(op.name);
  const values = (operands as readonly ArrayLike[]).map((value) =>
    !(value instanceof NDArray) && isScalar(value) ? plainScalar(value) : work.array(value),
  );
  const loop = chooseLoop(op, values, read),
    where = read.where === undefined || read.where === true ? null : work.mask(read.where),
    resultDescrs = [op.resultDtype, ...(op.second === undefined ? [] : [op.second])].map(
      (descr) => descr ?? byCode[loop],
    ),
    outs = outsOf(read.out, resultDescrs.length),
    shape = shapeOfResults(op, [...values, where], outs, resultDescrs, read);
  return compute(op, loop, shape, values, where, outs, resultDescrs, work);
}

function outsOf(out: unknown, count: number): Outs {
  if (out === undefined) return new Array<null>(count).fill(null);
  const list: unknown = count === 1 ? [out] : out;
  if (!Array.isArray(list)) throw new DTypeError("'out' must be a list of arrays");
  if (list.length !== count) throw new ValueError("The 'out' list must have exactly one entry per ufunc output");
  return list.map((array: unknown) => {
    if (array === null || array === undefined) return null;
    if (!(array instanceof NDArray)) throw new DTypeError("return arrays must be arrays of this engine");
    live(array);
    return array;
  });
}

function shapeOfResults(
  op: Op,
  read: readonly (Value | null)[],
  outs: Outs,
  descrs: readonly Descr[],
  { casting }: LoopOptions,
): readonly number[] {
  const shapes = read.flatMap((x) => (x instanceof NDArray ? [shapeOf(x)] : []));
  outs.forEach((out, k) => {
    if (out === null) return;
    const name = outs.length > 1 ? `output ${k + 1}` : "output";
    shapeInto(op, shapes, out as NDArray, descrs[k], casting, name);
  });
  return commonShape([...shapes, ...outs.flatMap((out) => (out === null ? [] : [shapeOf(out)]))]);
}

function compute(
  op: Op,
  loop: number,
  shape: readonly number[],
  values: readonly Value[],
  where: NDArray | null,
  outs: Outs,
  descrs: readonly Descr[],
  work: Temporaries,
): NDArray<DType>[] {
  const code = kernelCode(op, loop);
  // Where results lie on one another, or one on itself, whole arrays are written first.
  const aside = outs.map((out, k) => out !== null && (overlapsItself(out) || meetsAnother(outs, k)));
  const oneRun = areOneRun([...values, where], shape);
  const safe = (x: NDArray): NDArray =>
    outs.reduce<NDArray>((array, out, k) => (out === null || aside[k] ? array : work.apart(array, out, oneRun)), x);
  const inputs = values.map((value, k) => {
    if (op.reads?.[k]) return value instanceof NDArray ? safe(value) : value;
    const stored = value instanceof NDArray && isStoredLoop(loop) ? work.stored(value, byCode[loop]) : value;
    return asRead([stored instanceof NDArray ? safe(stored) : stored], loop)[0];
  });
  const selected = where === null ? null : safe(where);
  const targets = outs.map((out, k) => {
    if (out !== null && !aside[k]) return out;
    if (out !== null && where !== null) return work.copy(out, "overlap");
    const made = work.use(make(shape, out?.descr ?? descrs[k], op.name, out === null ? null : "overlap"));
    if (where !== null) new Uint8Array(made.data.buffer, made.address, made.nbytes).fill(0);
    return made;
  });
  const at = targets.map(open);
  begin(
    shape,
    op.reads?.map((descr) => descr?.code ?? null),
  );
  operand(at[0], stridesOf(targets[0]), targets[0].descr.code);
  inputs.forEach((x, k) => {
    if (isScalar(x)) addScalar(x, k + 1, code, shape.length, op.reads?.[k]?.code);
    else operand(addressOf(x), broadcastStrides(shapeOf(x), stridesOf(x), shape)!, x.descr.code);
  });
  if (op.second !== undefined)
    secondOut(at[1], stridesOf(targets[1]), targets[1].descr.code, op.second?.code ?? code, descrs[1].code);
  if (selected !== null) mask(addressOf(selected), broadcastStrides(shapeOf(selected), stridesOf(selected), shape)!);
  launch(op, code, descrs[0]);
  return targets.map((target, k) => {
    // What was read is told with the first result.
    close(op.name, k === 0 ? values : [], target);
    if (target === outs[k]) return target;
    if (outs[k] === null) return work.release(target);
    open(outs[k]);
    copyInto(outs[k], target);
    close(op.name, [target], outs[k]);
    return outs[k];
  });
}

function meetsAnother(outs: Outs, k: number): boolean {
  return outs.some((other, i) => i !== k && other !== null && mayMeet(outs[k] as NDArray, other as NDArray));
}
