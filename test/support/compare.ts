import type { DType } from "../../src/index.js";
import * as nbytes from "../../src/index.js";
import { type Refusal, values } from "./oracle.js";

// Holds results against NumPy's: how far they may be apart, and why.

/**
 * How far results may be from NumPy's, in units in the last place; 0 for what is not here, where IEEE 754 or exact
 * integers leave nothing open. Both sides are near the truth and neither is it: the bound is for the two together.
 * float16 is computed in float32 and rounded once: at most 1.
 */
const CLOSE: readonly { ops: string; float32: number; float64: number; why: string }[] = [
  {
    ops: "exp exp2 expm1 log log2 log10 log1p arcsin arccos arctan arcsinh arccosh arctanh arctan2 power float_power hypot absolute",
    float32: 1,
    float64: 2,
    why: "each side below 1 ulp; absolute is here for complex numbers, of real ones it is exact",
  },
  {
    ops: "sin cos tan sinh cosh tanh",
    float32: 2,
    float64: 2,
    why: "polynomials of the dtype's own precision, below 1.5 ulp",
  },
  { ops: "cbrt", float32: 1, float64: 3, why: "the C library's is off by more than 1 ulp" },
  { ops: "logaddexp logaddexp2", float32: 2, float64: 2, why: "a logarithm, an exponential and a sum" },
  { ops: "degrees radians", float32: 2, float64: 1, why: "one product; NumPy's float32 constant is rounded" },
];

/**
 * The same for the parts of complex results, in ulps of the larger part: complex products and quotients cancel, and
 * each part is only as exact as the whole. `least` is a size below which nothing is asked.
 */
const CLOSE_COMPLEX: readonly { ops: string; ulps: number; least?: number; why: string }[] = [
  {
    ops: "multiply square reciprocal divide sign",
    ulps: 3,
    why: "two products and a sum for each part; NumPy may fuse them",
  },
  {
    ops: "sqrt exp expm1 log log2 log10 sin cos sinh cosh arcsin arccos arctan arcsinh arccosh arctanh",
    ulps: 4,
    why: "products of two real functions",
  },
  { ops: "tan tanh", ulps: 8, why: "quotients of them" },
  { ops: "exp2", ulps: 16, why: "exp(z·ln 2): the error of the product is multiplied by |z|" },
  { ops: "log1p", ulps: 4, least: 1, why: "NumPy takes log|1 + z|, in which what is small beside 1 is lost" },
  {
    ops: "power float_power",
    ulps: 2048,
    why: "exp(y·log x): rounding y·log x, up to 700·|y|, is multiplied by that; NumPy rounds it to the dtype",
  },
];

/** The sign of a zero that these choose is open: NumPy's own loops differ by processor. */
const EITHER_ZERO = new Set(["maximum", "minimum", "fmax", "fmin", "clip", "max", "min"]);

const names = (row: { ops: string }, op: string): boolean => row.ops.split(" ").includes(op);

interface Allowance {
  readonly ulps: number;
  readonly least: number;
}

const allowances = new Map<string, Allowance>();

// It is asked for millions of elements.
function allowance(op: string, dtype: DType): Allowance {
  const key = `${op} ${dtype}`,
    found = allowances.get(key) ?? allowed(op, dtype);
  allowances.set(key, found);
  return found;
}

// How far an element may be off: `bound` in units, relative to at least `least`.
function allowed(op: string, dtype: DType): Allowance {
  if (dtype.startsWith("complex")) {
    const row = CLOSE_COMPLEX.find((r) => names(r, op));
    return { ulps: row?.ulps ?? 0, least: row?.least ?? 0 };
  }
  const row = CLOSE.find((r) => names(r, op));
  return {
    ulps: row === undefined ? 0 : dtype === "float64" ? row.float64 : dtype === "float32" ? row.float32 : 1,
    least: 0,
  };
}

const bits = new DataView(new ArrayBuffer(8));

// One unit in the last place of a value of a float dtype.
function ulp(dtype: DType, value: number): number {
  const [digits, lowest] =
    dtype === "float16" ? [10, -14] : dtype === "float32" || dtype === "complex64" ? [23, -126] : [52, -1022];
  bits.setFloat64(0, Math.abs(value));
  const exponent = Math.max(((bits.getUint16(0) >> 4) & 2047) - 1023, lowest);
  return 2 ** (exponent - digits);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const words = a.length >> 2,
    x = new Int32Array(a.buffer, a.byteOffset, words),
    y = new Int32Array(b.buffer, b.byteOffset, words);
  for (let i = 0; i < words; i++) if (x[i] !== y[i]) return false;
  for (let i = words * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

// What was found near enough last: most layouts, and most repetitions, give the same bytes again.
let last: { op: string; dtype: DType; got: Uint8Array; want: Uint8Array } | null = null;

/** What the first element that is wrong is, or null. `bounds` gives each element's own distance. */
export function difference(
  op: string,
  dtype: DType,
  got: Uint8Array,
  want: Uint8Array,
  bounds?: readonly number[],
): string | null {
  if (sameBytes(got, want)) return null;
  if (got.length !== want.length) return `${got.length} bytes for ${want.length}`;
  const known = bounds === undefined && last?.op === op && last.dtype === dtype;
  if (known && sameBytes(got, last!.got) && sameBytes(want, last!.want)) return null;
  const x = values(dtype, got),
    y = values(dtype, want),
    width = dtype.startsWith("complex") ? 2 : 1;
  for (let i = 0; i < x.length; i++) {
    if (Object.is(x[i], y[i]) || near(op, dtype, x, y, i, width, bounds?.[Math.floor(i / width)])) continue;
    const [a, b] = [x[i], y[i]];
    const apart = typeof a === "number" && typeof b === "number" ? ` (${Math.abs(a - b) / ulp(dtype, b)} ulp)` : "";
    return `[${Math.floor(i / width)}] is ${text(a)}, NumPy says ${text(b)}${apart}`;
  }
  if (bounds === undefined) last = { op, dtype, got: got.slice(), want: want.slice() };
  return null;
}

// Which of several complex NaNs a reduction meets first depends on the order in memory, in NumPy too.
function bothNaN(op: string, x: ArrayLike<number | bigint>, y: ArrayLike<number | bigint>, i: number): boolean {
  const nan = (v: ArrayLike<number | bigint>) => Number.isNaN(v[i & ~1]) || Number.isNaN(v[i | 1]);
  return (op === "min" || op === "max") && nan(x) && nan(y);
}

function near(
  op: string,
  dtype: DType,
  x: ArrayLike<number | bigint>,
  y: ArrayLike<number | bigint>,
  i: number,
  width: number,
  bound?: number,
): boolean {
  const a = x[i],
    b = y[i];
  if (typeof a === "bigint" || typeof b === "bigint") return false;
  if (width === 2 && bothNaN(op, x, y, i)) return true;
  const { ulps, least } = allowance(op, dtype);
  // Zeros of two signs are two values, except where a sum of inexact terms or a choice made them.
  if (a === 0 && b === 0) return bound !== undefined || EITHER_ZERO.has(op) || (width === 2 && ulps > 0);
  if (bound !== undefined) return Math.abs(a - b) <= bound;
  const sizes = width === 1 ? [b] : [y[i & ~1] as number, y[i | 1] as number];
  const size = Math.max(least, ...sizes.map(Math.abs).filter(Number.isFinite));
  return Math.abs(a - b) <= ulps * ulp(dtype, size);
}

function text(value: number | bigint): string {
  return Object.is(value, -0) ? "-0" : String(value);
}

/** The classes that stand for Python's. */
const CLASSES: Record<string, new (...args: never[]) => Error> = {
  TypeError: nbytes.DTypeError,
  ValueError: nbytes.ValueError,
  IndexError: nbytes.IndexError,
  OverflowError: nbytes.OverflowError,
  AxisError: nbytes.AxisError,
};

// A sentence without what may differ: names are in camelCase, and ours may tell the dtypes.
function plain(sentence: string): string {
  return sentence
    .replace(/input types \([^)]*\)/, "input types")
    .replace(/_(\w)/g, (_, c: string) => c.toUpperCase())
    .replace(/\s+/g, "");
}

/** What is wrong with how `run` refuses, or null; `sentence` says whether the words count too. Ours may say more, and not of Python. */
export function refusalDifference(refusal: Refusal, run: () => unknown, sentence = true): string | null {
  try {
    run();
  } catch (error) {
    if (!(error instanceof CLASSES[refusal.error]))
      return `throws ${String(error)} for ${refusal.error}: ${refusal.message}`;
    const message = (error as Error).message.replace(/^integer (\S+) is out/, "Python integer $1 out");
    if (sentence && !plain(message).startsWith(plain(refusal.message)))
      return `says "${message}" for "${refusal.message}"`;
    return null;
  }
  return `does not throw ${refusal.error}: ${refusal.message}`;
}

/** Collects what is wrong, so that one test tells all of it. */
export class Failures {
  readonly list: string[] = [];
  add(where: string, what: string | null): void {
    if (what !== null) this.list.push(`${where}: ${what}`);
  }
  /** Runs a check; an exception is a failure of it and not of the rest. */
  try(where: string, check: () => string | null): void {
    try {
      this.add(where, check());
    } catch (error) {
      this.add(where, `threw ${String(error)}`);
    }
  }
  /** Fails the test if anything was wrong. */
  none(): void {
    if (this.list.length === 0) return;
    const shown = this.list.slice(0, 8),
      more = this.list.length - shown.length;
    throw new Error(`${shown.join("\n")}${more > 0 ? `\n… and ${more} more` : ""}`);
  }
}
