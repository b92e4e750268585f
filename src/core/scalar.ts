import {
  byCode,
  type Complex,
  type Descr,
  dtypes,
  isInexact,
  isInteger,
  limitsOf,
  promoteCodes,
} from "../base/dtype.js";
import { DTypeError, OverflowError, ValueError } from "../base/errors.js";
import { runCast, setBox, setOut, setX, slot, slots } from "./box.js";
import { view } from "./instance.js";

/** A JavaScript value that stands for one element. */
export type ScalarLike = number | bigint | boolean | Complex;

const BOOL = dtypes.bool.code,
  INT64 = dtypes.int64.code,
  UINT64 = dtypes.uint64.code;
const FLOAT16 = dtypes.float16.code,
  FLOAT64 = dtypes.float64.code;
const COMPLEX64 = dtypes.complex64.code,
  COMPLEX128 = dtypes.complex128.code;

/** Whether a value is a number, bigint, boolean or `{ re, im }`. */
export function isScalar(value: unknown): value is ScalarLike {
  const type = typeof value;
  return type === "number" || type === "bigint" || type === "boolean" || isComplex(value);
}

/** Whether a value is a complex number, `{ re, im }`. */
export function isComplex(value: unknown): value is Complex {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as Complex).re === "number" && typeof (value as Complex).im === "number";
  } catch (error) {
    if (isRevoked(value)) return false;
    throw error; // the caller's own, of a getter
  }
}

// By a name of its own: a bundler takes `Array.isArray` for pure, and leaves out a call of which nothing is read.
const { isArray } = Array;

function isRevoked(proxy: object): boolean {
  try {
    isArray(proxy);
    return false;
  } catch {
    return true;
  }
}

/** A scalar whose parts do not change any more: a complex number is an object, and whoever made it may write it. */
export function plainScalar(value: ScalarLike): ScalarLike {
  if (typeof value !== "object") return value;
  const { re, im } = value;
  if (typeof re !== "number" || typeof im !== "number")
    throw new DTypeError("a complex number is { re, im }, two numbers");
  return { re, im };
}

/** The code of the dtype a value has by itself: float64, int64 (uint64 where it must), bool or complex128. */
export function codeOfScalar(value: ScalarLike): number {
  switch (typeof value) {
    case "number":
      return FLOAT64;
    case "boolean":
      return BOOL;
    case "bigint":
      if (value >= -(2n ** 63n) && value < 2n ** 63n) return INT64;
      if (value >= 0n && value < 2n ** 64n) return UINT64;
      throw new OverflowError(`integer ${value} is out of bounds for int64`);
    default:
      return COMPLEX128;
  }
}

/**
 * The code a value takes beside an array of the code `beside`: NumPy 2's weak scalars (NEP 50). An integer-valued
 * number keeps every dtype but bool, a fraction makes integers float64, a complex number makes reals complex.
 */
export function weakCode(value: ScalarLike, beside: number): number {
  const kind = byCode[beside].kind;
  if (typeof value === "boolean") return BOOL;
  if (typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))) {
    return kind === "b" ? INT64 : beside;
  }
  if (typeof value === "number") return isInexact(byCode[beside]) ? beside : FLOAT64;
  if (kind === "c") return beside;
  return kind === "f" ? promoteCodes(beside, COMPLEX64) : COMPLEX128;
}

/** Whether a value can be an element of a dtype without becoming one of a lesser kind: what weak scalars may do. */
export function isOfKind(value: ScalarLike, code: number): boolean {
  const { kind } = byCode[code];
  if (kind === "c" || typeof value === "boolean") return true;
  if (typeof value === "object") return false;
  return kind === "f" || (kind !== "b" && (typeof value === "bigint" || Number.isInteger(value)));
}

/** Whether an integer dtype holds an integer value; true for every other dtype and value. */
export function fits(value: ScalarLike, code: number): boolean {
  const descr = byCode[code];
  if (!isInteger(descr)) return true;
  if (typeof value === "bigint") {
    const [min, max] = limitsOf(descr.name);
    return value >= min && value <= max;
  }
  if (typeof value !== "number" || !Number.isInteger(value)) return true;
  const [min, max] = limitsOf(descr.name);
  return BigInt(value) >= min && BigInt(value) <= max;
}

/** Throws NumPy's `OverflowError` if an integer dtype cannot hold the value. */
export function checkFits(value: ScalarLike, code: number): void {
  if (typeof value === "number" && value >= -128 && value < 128 && (value >= 0 || byCode[code].kind !== "u")) return;
  if (!fits(value, code)) throw new OverflowError(`integer ${value} is out of bounds for ${byCode[code].name}`);
}

/**
 * Checks that a value can be an element of a dtype, as an assignment would in NumPy: integers must fit, fractions are
 * cut to integers, and complex numbers do not become real.
 */
export function checkElement(value: ScalarLike, code: number): void {
  const { kind } = byCode[code];
  if (typeof value === "object" && kind !== "c" && kind !== "b") {
    throw new DTypeError(`a complex number is no element of ${byCode[code].name}: take its real part`);
  }
  if (isInteger(byCode[code]) && typeof value === "number" && !Number.isFinite(value)) {
    if (Number.isNaN(value)) throw new ValueError("cannot convert float NaN to integer");
    throw new OverflowError("cannot convert float infinity to integer");
  }
  checkFits(typeof value === "number" ? Math.trunc(value) : value, code);
}

/** Writes a value that `checkElement` accepts as an element of the dtype at a byte address. */
export function writeElement(code: number, at: number, value: ScalarLike): void {
  switch (code) {
    case 0:
      return view.setUint8(at, truth(value) ? 1 : 0);
    case 1:
    case 5:
      return view.setUint8(at, real(value));
    case 2:
    case 6:
      return view.setUint16(at, real(value), true);
    case 3:
    case 7:
      return view.setUint32(at, real(value), true);
    case 4:
    case 8:
      return view.setBigInt64(at, toBigInt(value), true);
    case FLOAT16:
      return writeHalf(at, Number(value));
    case 10:
      return view.setFloat32(at, Number(value), true);
    case 11:
      return view.setFloat64(at, Number(value), true);
    case COMPLEX64:
      view.setFloat32(at, real(value), true);
      return view.setFloat32(at + 4, imaginary(value), true);
    default:
      view.setFloat64(at, real(value), true);
      view.setFloat64(at + 8, imaginary(value), true);
  }
}

/** The value of a float dtype that is nearest to a number. */
export function nearestOf({ code }: Descr, value: number | bigint): number {
  if (code === FLOAT64) return Number(value);
  const at = slot(slots.half);
  writeElement(code, at, Number(value));
  setBox(1, 1);
  setOut(at, 0, 0);
  setX(at, 0, 0);
  runCast(code, FLOAT64);
  return view.getFloat64(at, true);
}

/** Whether a value is true, as a bool of it is: NaN is. @internal */
export function truth(value: ScalarLike): boolean {
  return typeof value === "object" ? value.re !== 0 || value.im !== 0 : Boolean(value) || Number.isNaN(value);
}
function toBigInt(value: ScalarLike): bigint {
  if (typeof value === "bigint") return value;
  const whole = Math.trunc(real(value));
  return Number.isFinite(whole) ? BigInt(whole) : 0n;
}
function real(value: ScalarLike): number {
  return typeof value === "object" ? value.re : Number(value);
}
function imaginary(value: ScalarLike): number {
  return typeof value === "object" ? value.im : 0;
}

// The core rounds to halves; a slot holds the number meanwhile.
function writeHalf(at: number, value: number): void {
  view.setFloat64(slot(slots.half), value, true);
  setBox(1, 1);
  setOut(at, 0, 0);
  setX(slot(slots.half), 0, 0);
  runCast(FLOAT64, FLOAT16);
}
