import type { NDArray } from "../array/ndarray.js";
import { type DType, floatLimitsOf } from "../base/dtype.js";
import { listener, notify } from "../heap/listener.js";
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
  /** `sum(column, null, { dtype })`, which adds in pairs. */
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

/** Finds how small the dtype of a column can become, in one pass over it. Allocates nothing. @internal */
export function analyse(
  name: string,
  column: NDArray,
  tolerance: Tolerance,
  dtypes: readonly CandidateDType[],
  work: Work,
): ColumnReport {
  const { descr, size, itemsize, shape, nbytes } = column,
    block = new Block(work, descr),
    search = new Search(),
    tallies = dtypes.map((dtype) => new Tally(dtype, block, tolerance)).filter((tally) => tally.itemsize < itemsize);
  const range = lookThrough(column, block, tallies, search),
    judged = tallies.map((tally) => tally.judge()),
    within = smallestWithin(judged),
    after = size * (within?.itemsize ?? itemsize),
    chosen = tallies.find(({ dtype }) => dtype === within?.dtype);
  return {
    name,
    from: descr.name,
    shape,
    size,
    best: within?.dtype ?? descr.name,
    before: nbytes,
    after,
    saving: nbytes === 0 ? 0 : 1 - after / nbytes,
    ...range,
    maxAbs: within?.maxAbs ?? 0,
    maxRel: within?.maxRel ?? 0,
    verdict: within?.verdict ?? "refused",
    tolerance,
    candidates: judged,
    lossless: judged.find(({ verdict }) => verdict === "lossless") ?? null,
    within,
    distinct: search.distinct,
    ideas: search.ideas({ from: descr.name, size, itemsize, ...range, best: within }),
    drift: chosen?.dtype.startsWith("float") ? driftOf(column, chosen) : null,
  };
}

// The one pass; gives the range of the numbers.
function lookThrough(
  column: NDArray,
  block: Block,
  tallies: readonly Tally[],
  search: Search,
): Pick<ColumnReport, "min" | "max" | "nans"> {
  let min: number | bigint = Number.POSITIVE_INFINITY,
    max: number | bigint = Number.NEGATIVE_INFINITY,
    nans = 0;
  eachBlock(column, block.work, () => {
    block.read();
    if (block.least < min) min = block.least;
    if (block.most > max) max = block.most;
    nans += block.nans;
    for (const tally of tallies) tally.add(block);
    search.add(block);
  });
  if (listener !== null) notify("shrink.report", column.buffer, null, null);
  // Zero has no sign here: which of two comes first is a matter of the layout.
  const unsigned = (value: number | bigint): number | bigint => (value === 0 ? 0 : value);
  return nans === column.size
    ? { min: Number.NaN, max: Number.NaN, nans }
    : { min: unsigned(min), max: unsigned(max), nans };
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
function driftOf(column: NDArray, { dtype, runningSum }: Tally): Drift {
  const [paired, exact] = [dtype, "float64" as const].map((name) => Number(sum(column, null, { dtype: name })));
  return { dtype, running: runningSum, paired, exact };
}

/** How far a running sum is from the sum in float64, in proportion; 0 where one rounding explains it, or there is none. */
export function driftShare({ dtype, running, exact }: Drift): number {
  const share = Math.abs(running - exact) / Math.abs(exact);
  return share > floatLimitsOf(dtype as "float16" | "float32").eps ? share : 0;
}
