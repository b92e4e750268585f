import { make, type NDArray } from "../array/ndarray.js";
import { orDType, takes } from "../array/options.js";
import {
  type Complex,
  computedDescr,
  type Descr,
  type DType,
  descrOf,
  dtypes,
  isInteger,
  partDescr,
} from "../base/dtype.js";
import { ArgumentError, DTypeError, ValueError } from "../base/errors.js";
import { asCount } from "../base/integers.js";
import { shown } from "../base/shown.js";
import { area, packX, runBox, runFlat, scalarSlot, setBox, setNumbers, setOut, setX, setY, TILE } from "../core/box.js";
import { cast } from "../core/boxes.js";
import { arithmetic } from "../core/chapters/arithmetic.js";
import { core } from "../core/instance.js";
import { checkElement, isScalar, nearestOf, type ScalarLike, writeElement } from "../core/scalar.js";
import type { DTypeOption } from "./creation.js";

// Values evenly spaced: arange, linspace.

const ARANGE = takes("arange(start, stop, step)", { dtype: "dtype?" }),
  LINSPACE = takes("linspace(start, stop, num)", { dtype: "dtype?", endpoint: "boolean" });

/**
 * Evenly spaced values from `start` (0) up to but without `stop`, `step` (1) apart. Bigints give int64 and numbers
 * float64, unless `dtype` says otherwise. The length is ⌈(stop - start) / step⌉, exact for whole ends in integer dtypes.
 *
 * @example
 * arange(5) // [0. 1. 2. 3. 4.]
 * arange(1, 2, 0.25) // [1. 1.25 1.5 1.75]
 */
export function arange(stop: bigint, options?: { dtype?: undefined }): NDArray<"int64">;
export function arange(start: bigint, stop: bigint, step?: bigint, options?: { dtype?: undefined }): NDArray<"int64">;
export function arange(stop: number, options?: { dtype?: undefined }): NDArray<"float64">;
export function arange<D extends DType>(stop: number | bigint, options: D | { dtype: D }): NDArray<D>;
export function arange(start: number, stop: number, step?: number, options?: { dtype?: undefined }): NDArray<"float64">;
export function arange<D extends DType>(
  start: number | bigint,
  stop: number | bigint,
  step: number | bigint,
  options: D | { dtype: D },
): NDArray<D>;
export function arange<D extends DType>(
  start: number | bigint,
  stop: number | bigint,
  options: D | { dtype: D },
): NDArray<D>;
export function arange(...args: unknown[]): NDArray<DType> {
  ARANGE.count(args.length);
  while (args.length > 1 && args[args.length - 1] === undefined) args.pop();
  const last = args[args.length - 1],
    given =
      args.length > 1 && (typeof last === "string" || (typeof last === "object" && last !== null))
        ? args.pop()
        : undefined;
  const options = ARANGE.read(orDType(given as DTypeOption<DType> | string | undefined)); // `read` says whether it is
  const numbers = args.map((n, i) => (i === 2 && n === undefined ? 1 : n)) as (number | bigint)[];
  for (const n of numbers) {
    if (typeof n !== "number" && typeof n !== "bigint")
      throw new DTypeError(`arange takes numbers or bigints, not ${shown(n)}`);
  }
  if (numbers.length === 0 || numbers.length > 3) throw new ArgumentError(`call arange(stop) or ${ARANGE}`);
  const [start, stop, step] = numbers.length === 1 ? [0, numbers[0], 1] : [numbers[0], numbers[1], numbers[2] ?? 1];
  const own = numbers.every((n) => typeof n === "bigint") ? "int64" : "float64";
  if (options.dtype === undefined) for (const n of numbers) checkElement(n, dtypes[own].code);
  const descr = descrOf(options.dtype ?? own);
  const length = lengthOf(start, stop, step, descr);
  if (descr.kind === "b") return boolRamp(length, Number(start), Number(step));
  return ramp([length], descr, start, step, "arange");
}

// Whole ends in an integer dtype are counted exactly, however large; all others as float64, as NumPy does.
function lengthOf(start: number | bigint, stop: number | bigint, step: number | bigint, descr: Descr): number {
  if ([start, stop, step].some((n) => Number.isNaN(n))) throw new ValueError("arange: cannot compute length");
  if (Number(step) === 0) throw new ValueError("Maximum allowed size exceeded");
  const integers = isInteger(descr) || [start, stop, step].some((n) => typeof n === "bigint"),
    exact = integers && isWhole(start) && isWhole(stop) && isWhole(step);
  const length = exact
    ? Number(ceilOfQuotient(BigInt(stop) - BigInt(start), BigInt(step)))
    : lengthOfFloats(start, stop, step);
  if (length > Number.MAX_SAFE_INTEGER || length < -(2 ** 63) || Number.isNaN(length))
    throw new ValueError("Maximum allowed size exceeded");
  return Math.max(0, length);
}
// A quotient too small to be a number is still more than 0, or less.
function lengthOfFloats(start: number | bigint, stop: number | bigint, step: number | bigint): number {
  const distance = Number(stop) - Number(start),
    quotient = distance / Number(step);
  return quotient === 0 && distance !== 0 ? (Object.is(quotient, -0) ? 0 : 1) : Math.ceil(quotient);
}
function isWhole(n: number | bigint): boolean {
  return typeof n === "bigint" || Number.isInteger(n);
}
function ceilOfQuotient(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return quotient * b !== a && a > 0n === b > 0n ? quotient + 1n : quotient;
}

function boolRamp(length: number, start: number, step: number): NDArray<DType> {
  if (length > 2) throw new DTypeError("arange() is only supported for booleans when the result has at most length 2.");
  const a = make([length], dtypes.bool, "arange");
  for (let i = 0; i < length; i++) writeElement(a.descr.code, a.buffer.pointer + i, start + i * step !== 0);
  return a;
}

// Every dtype is stepped by the difference of its first two values, as NumPy does: integers from whole starts, floats as
// far as they hold the two. The second of bigints is exact also where floats are made of them.
function ramp(
  shape: readonly number[],
  descr: Descr,
  start: number | bigint,
  step: number | bigint,
  op: string,
): NDArray<DType> {
  const integer = isInteger(descr),
    whole = (n: number | bigint): number | bigint =>
      integer ? BigInt(typeof n === "number" ? Math.trunc(n) : n) : nearestOf(partDescr(descr), Number(n));
  // Of one value alone the next is nothing: it may be infinite.
  const first = whole(start),
    second = whole(
      shape[0] < 2
        ? start
        : isWhole(start) && isWhole(step) && (integer || typeof start === "bigint")
          ? BigInt(start) + BigInt(step)
          : Number(start) + Number(step),
    );
  if (shape[0] > 0) checkElement(first, descr.code);
  if (shape[0] > 1) checkElement(second, descr.code);
  const a = make(shape, descr, op);
  // Both are bigints, or neither is.
  const delta = integer ? (second as bigint) - (first as bigint) : (second as number) - (first as number);
  rampInto(a, partDescr(computedDescr(descr)), first, delta, false);
  // These two are as they are: 0 steps from -0 are 0, and from infinity no number.
  if (shape[0] > 0) writeElement(a.descr.code, a.buffer.pointer, first);
  if (shape[0] > 1) writeElement(a.descr.code, a.buffer.pointer + a.itemsize, second);
  return a;
}

// What of each element is written: the dtype of a part, and where it lies; whether its ends are complex, and one of the
// parts has a step that is a number. `tiny` is for a step that is too small to be
// a number: start + (i / parts) * delta, as in NumPy.
interface PartPlan {
  readonly descr: Descr;
  readonly offset: number;
  readonly complex?: boolean;
  readonly moves?: boolean;
  readonly tiny?: { readonly parts: number; readonly delta: number };
}

// Writes start + i * delta over a contiguous array, computed in the dtype `by` and cast by tiles where it is another;
// of complex numbers one part, `step` bytes apart and from `at` on, where they are given.
function rampInto(
  a: NDArray<DType>,
  by: Descr,
  start: number | bigint,
  delta: number | bigint,
  floored: boolean,
  { descr, offset, tiny }: PartPlan = { descr: a.descr, offset: 0 },
): void {
  const direct = by === descr,
    code = by.code;
  writeElement(code, scalarSlot(1), tiny ? 0 : start);
  for (let done = 0; done < a.size; done += TILE) {
    const n = Math.min(TILE, a.size - done),
      at = a.buffer.pointer + done * a.itemsize + offset;
    const [out, step] = direct ? [at, a.itemsize] : [area(0), by.itemsize];
    writeElement(code, scalarSlot(2), tiny ? 1 : delta);
    setBox(1, n);
    setOut(out, 0, step);
    setX(scalarSlot(1), 0, 0);
    setY(scalarSlot(2), 0, 0);
    setNumbers(done, 0, 0);
    runBox(core.ramp, code);
    const then = tiny
      ? ([
          ["divide", tiny.parts],
          ["multiply", tiny.delta],
          ["add", Number(start)],
        ] as const)
      : [];
    for (const [kernel, value] of then) {
      writeElement(code, scalarSlot(2), value);
      runFlat(arithmetic.kernels[kernel], code, n, out, step, out, step, scalarSlot(2), 0);
    }
    if (direct) continue;
    if (floored) runFlat(arithmetic.kernels.floor, code, n, out, step, out, step, 0, 0);
    setBox(1, n);
    setOut(at, 0, a.itemsize);
    packX(out, step);
    cast(code, descr.code);
  }
}

/** What `linspace` takes after its ends. */
export interface LinspaceOptions<D extends DType> extends DTypeOption<D> {
  /** Whether the last value is `stop`: true by default. */
  endpoint?: boolean;
}

/**
 * `num` (50) evenly spaced values from `start` to `stop`, in float64, or in complex128 where an end is complex; integer
 * dtypes get the largest integers below the values. Errors: complex ends in a real dtype.
 *
 * @example
 * linspace(0, 1, 5) // [0. 0.25 0.5 0.75 1. ]
 */
export function linspace(
  start: Complex,
  stop: Complex | number | bigint,
  num?: number,
  options?: LinspaceOptions<DType> & { dtype?: undefined },
): NDArray<"complex128">;
export function linspace(
  start: number | bigint,
  stop: Complex,
  num?: number,
  options?: LinspaceOptions<DType> & { dtype?: undefined },
): NDArray<"complex128">;
export function linspace<D extends DType = "float64">(
  start: ScalarLike,
  stop: ScalarLike,
  num?: number,
  options?: D | LinspaceOptions<D>,
): NDArray<D>;
export function linspace(
  start: ScalarLike,
  stop: ScalarLike,
  num = 50,
  options?: DType | LinspaceOptions<DType>,
): NDArray<DType> {
  const { dtype, endpoint = true } = LINSPACE.read(orDType<LinspaceOptions<DType>>(options), arguments.length);
  const count = asCount(num, "Number of samples");
  const complex = typeof start === "object" || typeof stop === "object",
    descr = descrOf(dtype ?? (complex ? "complex128" : "float64"));
  for (const end of [start, stop])
    if (!isScalar(end)) throw new DTypeError(`linspace takes numbers, not ${shown(end)}`);
  if (complex && descr.kind !== "c") throw new DTypeError(`linspace of complex numbers has no ${descr.name}`);
  const a = make([count], descr, "linspace");
  if (descr.kind !== "c") spaced(a, Number(start), Number(stop), endpoint, { descr, offset: 0 });
  else {
    const [from, to] = [partsOf(start), partsOf(stop)],
      part = partDescr(descr),
      parts = endpoint ? count - 1 : count;
    const moves = from.some((x, k) => stepOf(to[k] - x, parts, complex) !== 0);
    for (let k = 0; k < 2; k++)
      spaced(a, from[k], to[k], endpoint, { descr: part, offset: k * part.itemsize, complex, moves });
  }
  return a;
}

function partsOf(value: ScalarLike): readonly [number, number] {
  return typeof value === "object" ? [value.re, value.im] : [Number(value), 0];
}

// Between complex ends NumPy multiplies by the reciprocal.
function stepOf(delta: number, parts: number, complex = false): number {
  if (parts === 0) return 0 * delta;
  return complex ? delta * (1 / parts) : delta / parts;
}

// The values of one part, computed in float64; the last is `stop` itself.
function spaced(a: NDArray<DType>, start: number, stop: number, endpoint: boolean, into: PartPlan): void {
  const num = a.size,
    integer = isInteger(into.descr),
    parts = endpoint ? num - 1 : num,
    delta = stop - start,
    step = stepOf(delta, parts, into.complex),
    tiny = parts > 0 && step === 0 && delta !== 0 && !into.moves ? { parts, delta } : undefined;
  rampInto(a, dtypes.float64, start, step, integer, { ...into, ...(tiny && { tiny }) });
  if (!endpoint || num < 2) return;
  const at = a.buffer.pointer + (num - 1) * a.itemsize + into.offset;
  writeElement(dtypes.float64.code, scalarSlot(1), integer ? Math.floor(stop) : stop);
  setBox(1, 1);
  setOut(at, 0, 0);
  setX(scalarSlot(1), 0, 0);
  cast(dtypes.float64.code, into.descr.code);
}
