import { atMost, counting } from "../base/arity.js";
import { type Bits, bitsOf, positional, roundTo, scientific } from "../base/digits.js";
import {
  byCode,
  type Casting,
  canCast as castable,
  type Descr,
  type DType,
  descrOf,
  dtypes,
  floatFormats,
  floatLimitsOf,
  limitsOf,
} from "../base/dtype.js";
import { ArgumentError, ValueError } from "../base/errors.js";
import { shown } from "../base/shown.js";
import { codeOfScalar, isScalar, type ScalarLike } from "../core/scalar.js";
import { NDArray, refuseStranger } from "./ndarray.js";

// What dtypes hold, and what may become of what.

/** What has a dtype: its name, or an array. */
export type DTypeLike = DType | NDArray<DType>;

/**
 * Says whether a cast from one dtype to another keeps to `casting` (`safe`); an array stands for its dtype, never for
 * its values. NumPy: `can_cast`. Errors: a JavaScript value is an `ArgumentError`, what is no dtype a `DTypeError`.
 */
export function canCast(from: DTypeLike, to: DTypeLike, casting?: Exclude<Casting, "same_value">): boolean {
  atMost(3, arguments.length, "canCast(from, to, casting)");
  if (isScalar(from))
    throw new ArgumentError(
      `canCast() does not support numbers, bigints, booleans and complex numbers because the result would depend on the value (${shown(from)}): give a dtype or an array`,
    );
  if ((casting as string) === "same_value")
    throw new ValueError(
      "casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe' (got 'same_value'): a dtype has no values",
    );
  return castable(descrOfLike(from).name, descrOfLike(to).name, casting);
}

function descrOfLike(of: DTypeLike): Descr {
  refuseStranger(of);
  return of instanceof NDArray ? of.descr : descrOf(of);
}
function descrOfValue(of: DTypeLike | ScalarLike): Descr {
  return isScalar(of) ? byCode[codeOfScalar(of)] : descrOfLike(of);
}

/** The limits of an integer dtype; prints itself as NumPy's does. */
export interface IntegerInfo {
  readonly dtype: DType;
  readonly bits: number;
  /** NumPy's letter: i signed, u unsigned. */
  readonly kind: "i" | "u";
  readonly min: bigint;
  readonly max: bigint;
}

const RULE = "-".repeat(63);

class IntegerLimits implements IntegerInfo {
  constructor(
    readonly dtype: DType,
    readonly bits: number,
    readonly kind: "i" | "u",
    readonly min: bigint,
    readonly max: bigint,
  ) {}
  /** As those of arrays: JSON has no 64-bit integers, so `min` and `max` are strings of their digits. */
  toJSON(): unknown {
    return { ...this, min: String(this.min), max: String(this.max) };
  }
  toString(): string {
    return `Machine parameters for ${this.dtype}\n${RULE}\nmin = ${this.min}\nmax = ${this.max}\n${RULE}\n`;
  }
}

/** Lowest and highest value of an integer dtype, exact; an array or a bigint stands for its dtype. NumPy: `iinfo`. */
export function iinfo(of: DTypeLike | bigint): IntegerInfo {
  atMost(1, arguments.length, "iinfo(dtype)");
  const { kind, itemsize, name } = descrOfValue(of);
  if (kind !== "i" && kind !== "u") throw new ValueError(`Invalid integer data type '${kind}'.`);
  const [min, max] = limitsOf(name);
  return new IntegerLimits(name, itemsize * 8, kind, min, max);
}

/** The limits of a float dtype; prints itself as NumPy's does. */
export interface FloatInfo {
  readonly dtype: DType;
  readonly bits: number;
  /** The distance from 1 to the next larger and the next smaller number. */
  readonly eps: number;
  readonly epsneg: number;
  readonly max: number;
  readonly min: number;
  /** The smallest number with all its digits, and the smallest of all. `tiny` is an older name of the first. */
  readonly tiny: number;
  readonly smallestNormal: number;
  readonly smallestSubnormal: number;
  /** How many decimal digits are kept, and 10 to the minus that. */
  readonly precision: number;
  readonly resolution: number;
  /** Bits of the exponent and of the mantissa. */
  readonly nexp: number;
  readonly iexp: number;
  readonly nmant: number;
  /** The exponents of `eps` and `epsneg`, of the smallest normal number, and the first that overflows. */
  readonly machep: number;
  readonly negep: number;
  readonly minexp: number;
  readonly maxexp: number;
}

class FloatLimits implements FloatInfo {
  readonly bits: Bits;
  readonly precision: number;
  readonly nexp: number;
  readonly nmant: number;
  readonly eps: number;
  readonly epsneg: number;
  readonly max: number;
  readonly min: number;
  readonly tiny: number;
  readonly smallestNormal: number;
  readonly smallestSubnormal: number;
  readonly resolution: number;
  readonly iexp: number;
  readonly machep: number;
  readonly negep: number;
  readonly minexp: number;
  readonly maxexp: number;
  constructor(readonly dtype: keyof typeof floatFormats) {
    const { precision, nexp, nmant } = floatFormats[dtype];
    this.bits = bitsOf(dtype);
    this.precision = precision;
    this.nexp = nexp;
    this.nmant = nmant;
    this.maxexp = 2 ** (nexp - 1);
    this.minexp = 2 - this.maxexp;
    this.iexp = nexp;
    this.machep = -nmant;
    this.negep = -nmant - 1;
    this.eps = floatLimitsOf(dtype).eps;
    this.epsneg = 2 ** this.negep;
    this.max = floatLimitsOf(dtype).max;
    this.min = -this.max;
    this.tiny = this.smallestNormal = 2 ** this.minexp;
    this.smallestSubnormal = 2 ** (this.minexp - nmant);
    this.resolution = Number(`1e-${precision}`);
  }

  toString(): string {
    const text = (x: number): string => numberText(x, this.bits);
    return [
      `Machine parameters for ${this.dtype}`,
      RULE,
      `precision = ${this.precision}   resolution = ${text(this.resolution)}`,
      `machep = ${this.machep}   eps =        ${text(this.eps)}`,
      `negep =  ${this.negep}   epsneg =     ${text(this.epsneg)}`,
      `minexp = ${this.minexp}   tiny =       ${text(this.tiny)}`,
      `maxexp = ${this.maxexp}   max =        ${text(this.max)}`,
      `nexp =   ${this.nexp}   min =        -max`,
      `smallest_normal = ${text(this.smallestNormal)}   smallest_subnormal = ${text(this.smallestSubnormal)}`,
      RULE,
      "",
    ].join("\n");
  }
}

// As NumPy writes a float: the shortest digits, from 1e16 on and below 1e-4 with an exponent.
function numberText(exact: number, bits: Bits): string {
  const x = roundTo(bits, exact);
  const digits = { precision: null, least: 0, unique: true };
  const exponential = Math.abs(x) >= (bits === 16 ? 1e3 : 1e16) || Math.abs(x) < 1e-4;
  if (!exponential)
    return positional(bits, x, digits)
      .filter((part) => part !== "")
      .join(".");
  const [whole, fraction, exponent] = scientific(bits, x, digits);
  return `${whole}${fraction === "" ? "" : `.${fraction}`}e${exponent}`;
}

counting(IntegerLimits, FloatLimits);

const floatLimits: Partial<Record<DType, FloatInfo>> = {
  float16: new FloatLimits("float16"),
  float32: new FloatLimits("float32"),
  float64: new FloatLimits("float64"),
};

/**
 * The limits of a float dtype, or of the parts of a complex one; an array or a number stands for its dtype. NumPy:
 * `finfo`. Errors: `ValueError` for every other dtype.
 */
export function finfo(of: DTypeLike | ScalarLike): FloatInfo {
  atMost(1, arguments.length, "finfo(dtype)");
  const { name } = descrOfValue(of);
  const found = floatLimits[dtypes[name].part];
  if (found === undefined) throw new ValueError(`data type '${name}' not inexact`);
  return found;
}
