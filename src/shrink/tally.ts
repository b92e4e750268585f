import { fromHalf } from "../array/ndarray.js";
import { type Descr, descrOf, dtypes, floatLimitsOf, limitsOf } from "../base/dtype.js";
import { packX, runBox, setBox, setOut } from "../core/box.js";
import { columns } from "../core/chapters/columns.js";
import { view } from "../core/instance.js";
import type { Block } from "./block.js";
import { errorText, shortText } from "./numbers.js";
import type { Kept } from "./work.js";

/** The dtypes that are tried, smallest first. */
export const candidates = ["int8", "uint8", "int16", "uint16", "float16", "int32", "uint32", "float32"] as const;
export type CandidateDType = (typeof candidates)[number];

/** The largest error that is accepted, of each value itself and in proportion to it. What is ∞ does not bind. */
export interface Tolerance {
  readonly abs: number;
  readonly rel: number;
}

/** What becomes of a column in one dtype. Integers get the nearest whole number. */
export interface Candidate {
  readonly dtype: CandidateDType;
  readonly itemsize: number;
  /** How many values are below and above what the dtype holds. */
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

/** What is known of a candidate so far. */
export class Tally {
  readonly #descr: Descr<CandidateDType>;
  readonly #integer: boolean;
  readonly #low: number;
  readonly #high: number;
  // Where the running sum is kept, 0 for integers: theirs are exact.
  readonly #sum: number;
  #below = 0;
  #above = 0;
  #nans = 0;
  #maxAbs = 0;
  #maxRel = 0;

  constructor(
    readonly dtype: CandidateDType,
    { sums }: Kept,
    readonly tolerance: Tolerance,
  ) {
    this.#descr = descrOf(dtype);
    this.#integer = this.#descr.kind !== "f";
    if (dtype === "float16" || dtype === "float32") {
      this.#high = floatLimitsOf(dtype).max;
      this.#low = -this.#high;
    } else [this.#low, this.#high] = limitsOf(dtype).map(Number);
    this.#sum = this.#integer ? 0 : sums[dtype === "float16" ? 0 : 1];
    if (this.#sum !== 0) view.setFloat64(this.#sum, 0, true);
  }

  get itemsize(): number {
    return this.#descr.itemsize;
  }

  /** What a sum came to that was kept in this dtype, element by element. Of a candidate that is not refused. */
  get runningSum(): number {
    return this.dtype === "float16" ? fromHalf(view.getUint16(this.#sum, true)) : view.getFloat32(this.#sum, true);
  }

  add(block: Block): void {
    const { work, descr, x } = block,
      { code } = this.#descr;
    if (this.#integer && !block.whole) work.cast(dtypes.float64.code, code, work.narrow, block.near);
    else work.cast(descr.code, code, work.narrow, work.values);
    work.cast(code, dtypes.float64.code, work.back, work.narrow);
    const all = block.min >= this.#low && block.max <= this.#high && block.nans === 0;
    if (!all) this.#count(block);
    work.compute("subtract", work.back, work.back, x);
    if (block.wide) work.compute("subtract", work.back, work.back, work.low);
    work.compute("absolute", work.back, work.back);
    if (!all) this.#setAside(block);
    this.#compare(block);
    if (this.#sum !== 0 && !this.refused) {
      setBox(1, work.n);
      setOut(this.#sum, 0, 0);
      packX(work.narrow, this.itemsize);
      runBox(columns.kernels.runningSum, code);
    }
  }

  #compare({ work }: Block): void {
    const largest = work.extreme("max", work.back);
    if (largest === 0) return;
    this.#maxAbs = Math.max(this.#maxAbs, largest);
    work.compute("divide", work.back, work.back, work.size);
    this.#maxRel = Math.max(this.#maxRel, work.extreme("max", work.back));
  }

  // Whether a float overflows shows after its cast, because rounding decides; an integer saturates or wraps, so the
  // value before it tells.
  #count({ work, near, nans, infinitiesBelow, infinitiesAbove }: Block): void {
    const judged = this.#integer ? near : work.back;
    this.#above += work.testWith("greater", work.mask, judged, this.#high);
    this.#below += work.testWith("less", work.mask, judged, this.#low);
    if (this.#integer) this.#nans += nans;
    else {
      this.#below -= infinitiesBelow;
      this.#above -= infinitiesAbove;
    }
  }

  // What overflows counts as exact: the errors are those of the other values. ∞ - ∞ and NaN - NaN are no errors.
  #setAside({ work, near }: Block): void {
    if (this.#integer) {
      for (const [beyond, limit] of [["greater", this.#high] as const, ["less", this.#low] as const])
        if (work.testWith(beyond, work.mask, near, limit) > 0) work.put(work.back, 0, work.mask);
    }
    work.test("isfinite", work.mask, work.back);
    work.invert(work.mask);
    work.put(work.back, 0, work.mask);
  }

  /** The verdict. */
  judge(): Candidate {
    const { dtype, itemsize } = this,
      why = this.#why(),
      [below, above, nans, maxAbs, maxRel] = [this.#below, this.#above, this.#nans, this.#maxAbs, this.#maxRel];
    const verdict = why !== "" ? "refused" : maxAbs === 0 ? "lossless" : "within";
    return { dtype, itemsize, below, above, nans, maxAbs, maxRel, verdict, why };
  }

  get isFloat(): boolean {
    return !this.#integer;
  }

  /** Whether it lost too much already. */
  get refused(): boolean {
    const { abs, rel } = this.tolerance;
    return this.#nans + this.#below + this.#above > 0 || this.#maxAbs > abs || this.#maxRel > rel;
  }

  #why(): string {
    if (!this.refused) return "";
    const { abs, rel } = this.tolerance,
      outside = this.#below + this.#above,
      values = `${outside.toLocaleString("en-US")} value${outside === 1 ? "" : "s"}`;
    const limit = (n: number): string => (Math.abs(n) < 1e15 ? n.toLocaleString("en-US") : errorText(n));
    if (this.#nans > 0) return `${this.#nans.toLocaleString("en-US")} NaN that no integer can hold`;
    if (this.#below > 0 && this.#above > 0) return `${values} outside ${limit(this.#low)} … ${limit(this.#high)}`;
    if (this.#below > 0) return `${values} below ${limit(this.#low)}`;
    if (this.#above > 0) return `${values} above ${limit(this.#high)}`;
    if (this.#maxAbs > abs) return `max abs err ${errorText(this.#maxAbs)} > ${shortText(abs)}`;
    return `max rel err ${errorText(this.#maxRel)} > ${shortText(rel)}`;
  }
}
