import { type ArrayLike, copyInto } from "../array/convert.js";
import { addressOf, close, open } from "../array/destination.js";
import { liveAddress, make, NDArray, shapeOf, stridesOf } from "../array/ndarray.js";
import { type Signature, type Table, takes } from "../array/options.js";
import { harmfulOverlap, overlapsItself } from "../array/overlap.js";
import { Temporaries } from "../array/temporaries.js";
import { byCode, type Descr, type DType, isStorageOnly } from "../base/dtype.js";
import { broadcastStrides, sameShape } from "../base/layout.js";
import { runFlat, scalarSlot } from "../core/box.js";
import { checkFits, fits, isScalar, plainScalar, type ScalarLike, weakCode, writeElement } from "../core/scalar.js";
import { entrances } from "../heap/allocate.js";
import { copyOnWriteOf } from "../heap/buffer.js";
import { listener, notify } from "../heap/listener.js";
import { begin, mask, operand } from "../loops/walk.js";
import type { Lazy } from "./lazy.js";
import {
  addScalar,
  areOneRun,
  asRead,
  chooseLoop,
  commonShape,
  goesAsGiven,
  isStoredLoop,
  kernelCode,
  type LoopOptions,
  launch,
  Op,
  shapeInto,
} from "./op.js";
import { EVALUATE, postpone } from "./postponing.js";

// How an elementwise operation travels: find the dtype to compute in, the shape, and the array to write; check
// everything; copy what the result would overwrite; then let the walk call the kernel.

/** What every ufunc takes after its operands. */
export interface UfuncOptions<D extends DType = DType> extends LoopOptions {
  /** The array to write into; it is also returned. It must have the result's shape. */
  out?: NDArray<D>;
  /** A bool array: elements where it is false are not written (0 in a new array). */
  where?: ArrayLike;
}

/** The options of a ufunc, and what each is. */
export const UFUNC: Table = { out: "out?", where: "array", dtype: "dtype?", casting: "casting" };

const signatures = new Map<string, Signature>();

/** What an operation of so many operands takes. */
export function signatureOf(op: Op, operands: number): Signature {
  let signature = signatures.get(op.name);
  if (signature === undefined) {
    signature = takes(`${op.name}(${["x", "y", "z"].slice(0, operands).join(", ")})`, UFUNC);
    signatures.set(op.name, signature);
  }
  return signature;
}

/** The operations that write into `out` element by element, so that `out` may be one of their operands. */
export const elementwise = new Set<string>([EVALUATE]);

/** Defines an operation that `apply` is given: what `Op` takes. */
export function define(...row: ConstructorParameters<typeof Op>): Op {
  const op = new Op(...row);
  elementwise.add(op.name);
  entrances.set(op.name, apply);
  return op;
}

/** Applies an operation to one, two or three operands; with a lazy one among them, when the result is evaluated. */
export function apply(op: Op, operands: readonly ArrayLike[], options?: UfuncOptions): NDArray<DType>;
export function apply(
  op: Op,
  operands: readonly (ArrayLike | Lazy)[],
  options?: UfuncOptions,
): NDArray<DType> | Lazy<DType>;
export function apply(op: Op, operands: readonly (ArrayLike | Lazy)[], options?: UfuncOptions): NDArray<DType> | Lazy {
  const quick = applyPlain(op, operands, options);
  if (quick !== null) return quick;
  const given = options === undefined ? options : signatureOf(op, operands.length).read(options);
  const lazy = postpone(op, operands, given) as Lazy | null; // as lazy.ts makes it
  if (lazy !== null) return lazy;
  using work = new Temporaries(op.name);
  const values = (operands as readonly ArrayLike[]).map((value) =>
    !(value instanceof NDArray) && isScalar(value) ? plainScalar(value) : work.array(value),
  );
  return applyChecked(op, values, given ?? {}, work);
}

// The common case: one or two operands that are one run, of one shape and of the loop's own dtype, or one and a number,
// into a new array or a plain `out`. It decides nothing that the general way would decide otherwise; it saves 1 µs.
// V8 inlines a limited number of bytes: what is asked twice here is paid with a call elsewhere.
function applyPlain(op: Op, operands: readonly unknown[], options: UfuncOptions | undefined): NDArray<DType> | null {
  const x = operands[0],
    y = operands.length === 1 ? x : operands[1];
  if (operands.length > 2 || !(x instanceof NDArray)) return null;
  const descr = x.descr,
    code = descr.code,
    xStep = stepOf(x);
  if (xStep === 0 || x.size === 0 || op.loop[code] !== code || isStorageOnly(descr)) return null;
  const resultDtype = op.resultDtype ?? descr;
  let out: NDArray<DType> | null = null;
  if (options !== undefined) {
    // Anything but an `out` goes the general way, which also tells what is wrong with it.
    if (!hasOnlyOut(options)) return null;
    out = options.out ?? null;
    if (out !== null && (!(out instanceof NDArray) || !plainOut(out, x, resultDtype))) return null;
  }
  let yAt = scalarSlot(2),
    yStep = 0;
  if (y instanceof NDArray) {
    yStep = stepOf(y);
    if (yStep === 0 || y.descr !== descr || !sameShape(shapeOf(x), shapeOf(y))) return null;
    if (out !== null && out.buffer === y.buffer && !meetsOnlyItself(out, y)) return null;
    yAt = liveAddress(y);
  } else if (typeof y !== "number" || weakCode(y, code) !== code || (op.exact && !fits(y, code))) return null;
  else checkFits(y, code);
  const xAt = liveAddress(x),
    result = out ?? make(shapeOf(x), resultDtype, op.name);
  if (yStep === 0) writeElement(code, yAt, y as number);
  const { buffer } = result,
    at = buffer.pointer + result.offset;
  runFlat(op.kernel.run, code, x.size, at, resultDtype.itemsize, xAt, xStep, yAt, yStep);
  buffer.version++;
  if (listener !== null) {
    notify(op.name, x.buffer, operands.length > 1 && y instanceof NDArray ? y.buffer : null, buffer);
    if (out === null) buffer.whole = true;
  }
  return result;
}

function hasOnlyOut(options: object): boolean {
  try {
    let has = false;
    for (const key in options) {
      if (key !== "out") return false;
      has = true;
    }
    return has;
  } catch {
    return false; // a proxy, which the general way refuses
  }
}

// The bytes from one element to the next where all are one run, contiguous or along a single axis; else 0.
function stepOf(a: NDArray<DType>): number {
  return a.contiguous ? a.descr.itemsize : a.ndim === 1 ? stridesOf(a)[0] : 0;
}

// Whether `out` can be written as it is, and just where x is read or where x is not.
function plainOut(out: NDArray<DType>, x: NDArray<DType>, resultDtype: Descr): boolean {
  if (!out.contiguous || !out.writeable || out.descr !== resultDtype) return false;
  const { buffer } = out;
  if (buffer.generation !== out.generation || copyOnWriteOf(buffer) !== null) return false;
  return sameShape(shapeOf(out), shapeOf(x)) && (buffer !== x.buffer || meetsOnlyItself(out, x));
}
function meetsOnlyItself(out: NDArray<DType>, x: NDArray<DType>): boolean {
  return out.offset === x.offset && out.descr === x.descr && x.contiguous;
}

type Value = NDArray | ScalarLike;

function applyChecked(op: Op, values: readonly Value[], options: UfuncOptions, work: Temporaries): NDArray<DType> {
  const loop = chooseLoop(op, values, options);
  const where = options.where === undefined || options.where === true ? null : work.mask(options.where);
  const shapes: (readonly number[])[] = [];
  for (const value of values) if (value instanceof NDArray) shapes.push(shapeOf(value));
  if (where) shapes.push(shapeOf(where));
  const resultDtype = op.resultDtype ?? byCode[loop];
  const given = options.out;
  const shape = given === undefined ? commonShape(shapes) : shapeInto(op, shapes, given, resultDtype, options.casting);
  const code = kernelCode(op, loop);
  const read = where ? [...values, where] : values,
    oneRun = given !== undefined && areOneRun(read, shape);
  if (given !== undefined && belongsAside(given, read, oneRun))
    return applyAside(op, values, where, { ...options, out: given }, work);
  // Before the result is asked for: where a copy is refused, nothing is left.
  const stored = isStoredLoop(loop)
    ? values.map((value) => (value instanceof NDArray ? work.stored(value, byCode[loop]) : value))
    : values;
  const out = given ?? make(shape, resultDtype, op.name);
  const safe = (value: Value): Value => (value instanceof NDArray ? work.apart(value, out, oneRun) : value);
  const inputs = asRead(given ? stored.map(safe) : stored, loop);
  const selected = where && given ? work.apart(where, given, oneRun) : where;
  const at = open(out);
  if (where && !given) new Uint8Array(out.data.buffer, out.address, out.nbytes).fill(0);
  begin(shape);
  operand(at, stridesOf(out), out.descr.code);
  for (let k = 0; k < inputs.length; k++) addOperand(inputs[k], k + 1, code, shape);
  if (selected) mask(addressOf(selected), broadcastStrides(shapeOf(selected), stridesOf(selected), shape)!);
  launch(op, code, resultDtype, given !== undefined && where === null && goesAsGiven(values, given, resultDtype, loop));
  close(op.name, values, out);
  if (given === undefined && where === null) out.buffer.whole = listener !== null;
  return out;
}

// As in NumPy one array of the result's size is better than a copy of each operand that the result would overwrite; and
// where elements of `out` lie on one another, what is written is a whole array, in order.
function belongsAside(given: NDArray<DType>, read: readonly Value[], oneRun: boolean): boolean {
  let bytes = 0;
  for (const x of read)
    if (x instanceof NDArray && x.buffer === given.buffer && harmfulOverlap(x, given, oneRun)) bytes += x.nbytes;
  return bytes > 0 && (bytes > given.nbytes || overlapsItself(given));
}

function applyAside(
  op: Op,
  values: readonly Value[],
  where: NDArray | null,
  options: UfuncOptions & { out: NDArray<DType> },
  work: Temporaries,
): NDArray<DType> {
  const { out } = options,
    aside = where ? work.copy(out, "overlap") : work.use(make(shapeOf(out), out.descr, op.name, "overlap"));
  applyChecked(op, values, { ...options, out: aside }, work);
  open(out);
  copyInto(out, aside);
  if (listener !== null) notify(op.name, aside.buffer, null, out.buffer);
  return out;
}

function addOperand(value: Value, k: number, code: number, shape: readonly number[]): void {
  if (isScalar(value)) return addScalar(value, k, code, shape.length);
  operand(addressOf(value), broadcastStrides(shapeOf(value), stridesOf(value), shape)!, value.descr.code);
}

/** Says that a function which takes no `out`, or not as that operation does, made its result by an operation. */
export function own<R>(result: R): R {
  if (result instanceof NDArray) result.buffer.whole = false;
  return result;
}
