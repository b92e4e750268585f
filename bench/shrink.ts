import {
  absolute,
  copyto,
  countNonzero,
  type DType,
  divide,
  empty,
  equal,
  finfo,
  greater,
  iinfo,
  isfinite,
  isnan,
  less,
  logicalNot,
  max,
  min,
  multiply,
  type NDArray,
  rint,
  slice,
  subtract,
} from "nbytes";
import { formatCount, formatError } from "./format.js";

// How small can a column's dtype be? One pass over the column in blocks, each cast to every candidate and back. The
// scratch is a few arrays of one block, 52 KiB in all, whatever the length of the column.

/** The dtypes that are tried, smallest first; where two of one size would do, the first is taken. */
export const candidates = ["int8", "uint8", "int16", "uint16", "float16", "int32", "uint32", "float32"] as const;
export type CandidateDType = (typeof candidates)[number];

/** The largest error that is accepted: of each value itself, or in proportion to it. What is not given does not bind. */
export interface Tolerance {
  readonly abs?: number;
  readonly rel?: number;
}

/** What becomes of a column in one dtype. Integers get the nearest whole number. */
export interface Candidate {
  readonly dtype: CandidateDType;
  readonly itemsize: number;
  /** Values below and above what the dtype holds. */
  readonly below: number;
  readonly above: number;
  /** NaNs that have no counterpart: all of them in an integer dtype. */
  readonly nans: number;
  /** The largest errors of the values that do not overflow; the relative one leaves out zeros. */
  readonly maxAbs: number;
  readonly maxRel: number;
  readonly verdict: "lossless" | "within" | "refused";
  /** For a refused dtype, the reason; else empty. */
  readonly why: string;
}

/** What was found out about a column. */
export interface ColumnReport {
  readonly name: string;
  readonly dtype: DType;
  readonly itemsize: number;
  readonly size: number;
  readonly min: number;
  readonly max: number;
  readonly missing: number;
  readonly candidates: readonly Candidate[];
  /** The smallest dtype that changes no value, and the smallest within the tolerance; null if that is its own. */
  readonly lossless: Candidate | null;
  readonly within: Candidate | null;
  /** An integer dtype that would hold the values times 10, 100 or 1000 exactly, as `int32 ×100`; null if none does. */
  readonly scaled: string | null;
}

const BLOCK = 1024;
const scales = [10, 100, 1000];

// The arrays of one block, and what is known of it.
//
//   x     the values as float64          near  x rounded to whole numbers     size    |x|, ∞ where that is no divisor
//   back  a candidate's values, then     mask  what is being counted          narrow  x in each candidate's dtype
//         their errors
class Block {
  readonly x: NDArray<"float64">;
  readonly near: NDArray<"float64">;
  readonly size: NDArray<"float64">;
  readonly back: NDArray<"float64">;
  readonly mask: NDArray<"bool">;
  readonly narrow: ReadonlyMap<CandidateDType, NDArray>;
  min = 0;
  max = 0;
  nans = 0;
  /** Infinities of x itself: they overflow integers only. */
  infinitiesBelow = 0;
  infinitiesAbove = 0;
  finite = true;

  constructor(readonly length: number) {
    [this.x, this.near, this.size, this.back] = [empty(length), empty(length), empty(length), empty(length)];
    this.mask = empty(length, { dtype: "bool" });
    this.narrow = new Map(candidates.map((dtype): [CandidateDType, NDArray] => [dtype, empty(length, { dtype })]));
  }

  read(values: NDArray): void {
    const { x, near, size, mask } = this;
    copyto(x, values);
    rint(x, { out: near });
    absolute(x, { out: size });
    copyto(size, Number.POSITIVE_INFINITY, { where: equal(x, 0, { out: mask }) });
    [this.min, this.max] = [min(x), max(x)];
    this.finite = Number.isFinite(this.min) && Number.isFinite(this.max);
    [this.nans, this.infinitiesBelow, this.infinitiesAbove] = [0, 0, 0];
    if (!this.finite) this.#readOdd();
  }

  #readOdd(): void {
    const { x, size, mask } = this;
    copyto(size, Number.POSITIVE_INFINITY, { where: logicalNot(isfinite(x, { out: mask }), { out: mask }) });
    this.nans = countNonzero(isnan(x, { out: mask }));
    const present = logicalNot(mask, { out: mask });
    this.min = min(x, null, { where: present, initial: Number.POSITIVE_INFINITY });
    this.max = max(x, null, { where: present, initial: Number.NEGATIVE_INFINITY });
    this.infinitiesBelow = countNonzero(equal(x, Number.NEGATIVE_INFINITY, { out: mask }));
    this.infinitiesAbove = countNonzero(equal(x, Number.POSITIVE_INFINITY, { out: mask }));
  }

  [Symbol.dispose](): void {
    for (const array of [this.x, this.near, this.size, this.back, this.mask, ...this.narrow.values()]) array.dispose();
  }
}

/** What is known of a candidate so far. */
class Tally {
  below = 0;
  above = 0;
  nans = 0;
  maxAbs = 0;
  maxRel = 0;
  readonly #integer: boolean;
  readonly low: number;
  readonly high: number;
  readonly itemsize: number;

  constructor(readonly dtype: CandidateDType) {
    this.#integer = !dtype.startsWith("float");
    const { bits, min: low, max: high } = this.#integer ? iinfo(dtype) : finfo(dtype);
    [this.low, this.high, this.itemsize] = [Number(low), Number(high), bits / 8];
  }

  add(block: Block): void {
    const { x, near, back, mask } = block;
    const narrow = block.narrow.get(this.dtype)!;
    copyto(narrow, this.#integer ? near : x, { casting: "unsafe" });
    copyto(back, narrow);
    if (block.min < this.low || block.max > this.high || block.nans > 0) this.#setAside(block);
    absolute(subtract(back, x, { out: back }), { out: back });
    // ∞ - ∞ and NaN - NaN are no errors.
    if (!block.finite) copyto(back, 0, { where: logicalNot(isfinite(back, { out: mask }), { out: mask }) });
    const largest = max(back);
    if (largest === 0) return;
    this.maxAbs = Math.max(this.maxAbs, largest);
    this.maxRel = Math.max(this.maxRel, max(divide(back, block.size, { out: back })));
  }

  // Counts what overflows, and lets it count as exact: the errors are those of the other values. Whether a float
  // overflows shows after its cast, because rounding decides; an integer saturates, so the value before it tells.
  #setAside({ x, near, back, mask, nans, infinitiesBelow, infinitiesAbove }: Block): void {
    const judged = this.#integer ? near : back;
    this.below += countNonzero(less(judged, this.low, { out: mask }));
    copyto(back, x, { where: mask });
    this.above += countNonzero(greater(judged, this.high, { out: mask }));
    copyto(back, x, { where: mask });
    if (this.#integer) this.nans += nans;
    else {
      this.below -= infinitiesBelow;
      this.above -= infinitiesAbove;
    }
  }

  judge(tolerance: Tolerance): Candidate {
    const { dtype, itemsize, below, above, nans, maxAbs, maxRel } = this;
    const why = this.#why(tolerance);
    const verdict = why !== "" ? "refused" : maxAbs === 0 ? "lossless" : "within";
    return { dtype, itemsize, below, above, nans, maxAbs, maxRel, verdict, why };
  }

  #why({ abs = Number.POSITIVE_INFINITY, rel = Number.POSITIVE_INFINITY }: Tolerance): string {
    if (this.nans > 0) return `${formatCount(this.nans)} NaN that no integer can hold`;
    const limit = (n: number): string => (this.#integer ? formatCount(n) : n.toPrecision(3));
    const values = `${formatCount(this.below + this.above)} value${this.below + this.above === 1 ? "" : "s"}`;
    if (this.below > 0 && this.above > 0) return `${values} outside ${limit(this.low)} … ${limit(this.high)}`;
    if (this.below > 0) return `${values} below ${limit(this.low)}`;
    if (this.above > 0) return `${values} above ${limit(this.high)}`;
    if (this.maxAbs > abs) return `largest error ${formatError(this.maxAbs)} > ${formatError(abs)}`;
    if (this.maxRel > rel) return `largest relative error ${formatError(this.maxRel)} > ${formatError(rel)}`;
    return "";
  }
}

// Which of the scales make whole numbers of all values: at first all, and with each block fewer.
function stillWhole({ x, near, back, mask }: Block, left: readonly number[]): number[] {
  return left.filter((scale) => {
    rint(multiply(x, scale, { out: near }), { out: near });
    return countNonzero(equal(divide(near, scale, { out: back }), x, { out: mask })) === x.size;
  });
}

/**
 * Finds how small the dtype of a column (1-d, real, of 8 or 4 bytes) can become. Reads it once; allocates 52 KiB and
 * frees it.
 */
export function analyse(name: string, column: NDArray, tolerance: Tolerance = {}): ColumnReport {
  const tallies = candidates.map((dtype) => new Tally(dtype)).filter(({ itemsize }) => itemsize < column.itemsize);
  let lowest = Number.POSITIVE_INFINITY,
    highest = Number.NEGATIVE_INFINITY,
    missing = 0,
    left: readonly number[] = scales;
  const pass = (from: number, to: number, length: number): void => {
    if (length === 0) return;
    using block = new Block(length);
    for (let at = from; at < to; at += length) {
      using values = column.at(slice(at, at + length));
      block.read(values);
      lowest = Math.min(lowest, block.min);
      highest = Math.max(highest, block.max);
      missing += block.nans;
      for (const tally of tallies) tally.add(block);
      if (left.length > 0) left = stillWhole(block, left);
    }
  };
  const whole = column.size - (column.size % BLOCK);
  pass(0, whole, BLOCK);
  pass(whole, column.size, column.size - whole);
  const judged = tallies.map((tally) => tally.judge(tolerance));
  const found = { min: lowest, max: highest, missing };
  return {
    name,
    dtype: column.dtype,
    itemsize: column.itemsize,
    size: column.size,
    ...found,
    candidates: judged,
    lossless: judged.find(({ verdict }) => verdict === "lossless") ?? null,
    within: smallestWithin(judged),
    scaled: scaledDType(left, lowest, highest, judged),
  };
}

// Of the dtypes of the smallest size that will do, an exact one if there is one.
function smallestWithin(judged: readonly Candidate[]): Candidate | null {
  const first = judged.find(({ verdict }) => verdict !== "refused");
  const peers = judged.filter(({ itemsize, verdict }) => itemsize === first?.itemsize && verdict !== "refused");
  return peers.find(({ verdict }) => verdict === "lossless") ?? first ?? null;
}

function scaledDType(
  left: readonly number[],
  lowest: number,
  highest: number,
  judged: readonly Candidate[],
): string | null {
  if (left.length === 0 || judged.some(({ verdict, dtype }) => verdict === "lossless" && !dtype.startsWith("float")))
    return null;
  const scale = left[0];
  const dtype = candidates.find((name) => {
    if (name.startsWith("float")) return false;
    const { min: low, max: high } = iinfo(name);
    return lowest * scale >= Number(low) && highest * scale <= Number(high);
  });
  return dtype === undefined ? null : `${dtype} ×${scale}`;
}

/**
 * Gives each column the smallest dtype within the tolerance, disposing the old one before the next is begun: at the
 * peak one new column lives beside the table.
 */
export function shrink(columns: Record<string, NDArray>, reports: readonly ColumnReport[]): Record<string, NDArray> {
  const result = { ...columns };
  for (const { name, within } of reports) {
    if (within === null) continue;
    const old = columns[name];
    const made = empty(old.shape, { dtype: within.dtype });
    if (within.dtype.startsWith("float")) copyto(made, old, { casting: "unsafe" });
    else rint(old, { out: made, casting: "unsafe" });
    old.dispose();
    result[name] = made;
  }
  return result;
}
