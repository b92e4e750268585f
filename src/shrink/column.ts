import { NDArray } from "../array/ndarray.js";
import { type Descr, type DType, floatLimitsOf } from "../base/dtype.js";
import { listener, notify } from "../heap/listener.js";
import { Lazy } from "../operations/lazy.js";
import { sum } from "../reducing/reductions.js";
import { Block, eachBlock } from "./block.js";
import { type Idea, Search } from "./ideas.js";
import { type Candidate, type CandidateDType, Tally, type Tolerance } from "./tally.js";
import type { Work } from "./work.js";

// How small can a column's dtype be? One pass over the column in blocks, each cast to every candidate and back.

/** What a sum of the column comes to in a float dtype that has fewer digits. */
export interface Drift {
  readonly dtype: CandidateDType;
  /** One accumulator of that dtype, the elements added one after the other. */
  readonly running: number;
  /** `sum(column, null, { dtype })`, which adds in pairs; of a column in pieces, the sums of the pieces added up. */
  readonly paired: number;
  /** `sum(column, null, { dtype: "float64" })`. */
  readonly exact: number;
}

/** What was found out about a column. */
export interface ColumnReport {
  readonly name: string;
  readonly from: DType;
  readonly shape: readonly number[];
  readonly size: number;
  /** The dtype that takes the fewest bytes within the tolerance; the column's own if no smaller one does. */
  readonly best: DType;
  /** Bytes in the column's own dtype and in the best, and the share that is saved. */
  readonly before: number;
  readonly after: number;
  readonly saving: number;
  /** The smallest and the largest number, exactly: bigints in int64 and uint64. NaN if there is none. */
  readonly min: number | bigint;
  readonly max: number | bigint;
  readonly nans: number;
  /** The largest errors in the best dtype. */
  readonly maxAbs: number;
  readonly maxRel: number;
  readonly verdict: "lossless" | "within" | "refused";
  readonly tolerance: Tolerance;
  /** Every smaller dtype that was tried. */
  readonly candidates: readonly Candidate[];
  /** The smallest of them that changes no value, and the best; null where there is none. */
  readonly lossless: Candidate | null;
  readonly within: Candidate | null;
  /** How many values are different: numbers by their bits, bools as true and false; null if more than 256. */
  readonly distinct: number | null;
  readonly ideas: readonly Idea[];
  /** For a best dtype that is a float. */
  readonly drift: Drift | null;
}

/** Elements that can be gone through again: those of an array, or of an expression, which a file may feed. */
export type Elements = NDArray | Lazy;

/** What is asked of a column. */
export interface Asked {
  readonly tolerance: Tolerance;
  readonly dtypes: readonly CandidateDType[];
}

/** Finds how small the dtype of a column can become, in one pass over it. Allocates nothing. @internal */
export function analyse(
  name: string,
  column: Elements,
  shape: readonly number[],
  asked: Asked,
  work: Work,
): ColumnReport {
  const analysis = new Analysis(name, column.descr, asked, work, 0);
  analysis.add(column);
  return analysis.finish(shape, (tally) => driftOf(column, tally));
}

/** What is known so far of a column that comes in pieces. @internal */
export class Analysis {
  readonly #block: Block;
  readonly #asked: Asked;
  readonly #search: Search;
  readonly #tallies: readonly Tally[];
  #min: number | bigint = Number.POSITIVE_INFINITY;
  #max: number | bigint = Number.NEGATIVE_INFINITY;
  #nans = 0;
  #size = 0;

  constructor(
    readonly name: string,
    readonly descr: Descr,
    asked: Asked,
    work: Work,
    k: number,
  ) {
    const kept = work.columns[k];
    this.#block = new Block(work, descr);
    this.#asked = asked;
    this.#search = new Search(kept);
    this.#tallies = asked.dtypes
      .map((dtype) => new Tally(dtype, kept, asked.tolerance))
      .filter((tally) => tally.itemsize < descr.itemsize);
  }

  /** How many elements there were. */
  get size(): number {
    return this.#size;
  }

  /** The floats among the candidates that are not refused so far. */
  get floats(): CandidateDType[] {
    return this.#tallies.filter((tally) => tally.isFloat && !tally.refused).map(({ dtype }) => dtype);
  }

  /** Goes through a piece, block by block. */
  add(column: Elements): void {
    const block = this.#block;
    eachBlock(column, block.work, () => {
      block.read();
      if (block.least < this.#min) this.#min = block.least;
      if (block.most > this.#max) this.#max = block.most;
      this.#nans += block.nans;
      for (const tally of this.#tallies) tally.add(block);
      this.#search.add(block);
    });
    this.#size += column.size;
    if (listener !== null && column instanceof NDArray) notify("shrink.report", column.buffer, null, null);
  }

  finish(shape: readonly number[], driftOf: (tally: Tally) => Drift): ColumnReport {
    const { name, descr } = this,
      { name: from, itemsize } = descr,
      size = this.#size,
      before = size * itemsize;
    const range = this.#range(),
      judged = this.#tallies.map((tally) => tally.judge()),
      within = smallestWithin(judged),
      after = size * (within?.itemsize ?? itemsize),
      chosen = this.#tallies.find(({ dtype }) => dtype === within?.dtype);
    return {
      name,
      from,
      shape,
      size,
      best: within?.dtype ?? from,
      before,
      after,
      saving: before === 0 ? 0 : 1 - after / before,
      ...range,
      maxAbs: within?.maxAbs ?? 0,
      maxRel: within?.maxRel ?? 0,
      verdict: within?.verdict ?? "refused",
      tolerance: this.#asked.tolerance,
      candidates: judged,
      lossless: judged.find(({ verdict }) => verdict === "lossless") ?? null,
      within,
      distinct: this.#search.distinct,
      ideas: this.#search.ideas({ from, size, itemsize, ...range, best: within }),
      drift: chosen?.isFloat ? driftOf(chosen) : null,
    };
  }

  #range(): Pick<ColumnReport, "min" | "max" | "nans"> {
    const nans = this.#nans;
    // Zero has no sign here: which of two comes first is a matter of the layout.
    const unsigned = (value: number | bigint): number | bigint => (value === 0 ? 0 : value);
    return nans === this.#size
      ? { min: Number.NaN, max: Number.NaN, nans }
      : { min: unsigned(this.#min), max: unsigned(this.#max), nans };
  }
}

// Of the dtypes of the smallest size that will do, the one with the smallest error.
function smallestWithin(judged: readonly Candidate[]): Candidate | null {
  const fitting = judged.filter(({ verdict }) => verdict !== "refused"),
    smallest = fitting.filter(({ itemsize }) => itemsize === fitting[0].itemsize);
  return smallest.reduce<Candidate | null>(
    (best, one) => (best === null || one.maxAbs < best.maxAbs ? one : best),
    null,
  );
}

// The running sum comes from the pass; the other two are a twentieth of its time, and what `sum` answers.
function driftOf(column: Elements, { dtype, runningSum }: Tally): Drift {
  const [paired, exact] = [dtype, "float64" as const].map((name) => sumIn(column, name));
  return { dtype, running: runningSum, paired, exact };
}

/** The sum of elements in a float dtype. */
export function sumIn(column: Elements, dtype: DType): number {
  return Number(column instanceof Lazy ? sum(column, null, { dtype }) : sum(column, null, { dtype }));
}

/** How far a running sum is from the sum in float64, in proportion; 0 where one rounding explains it, or there is none. */
export function driftShare({ dtype, running, exact }: Drift): number {
  const share = Math.abs(running - exact) / Math.abs(exact);
  return share > floatLimitsOf(dtype as "float16" | "float32").eps ? share : 0;
}
