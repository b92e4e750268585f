import { astype, countNonzero, less, mean, type NDArray, std } from "nbytes";
import { type Timing, timeAll } from "./clock.js";

// What a smaller dtype does to the time of the passes that people make over a column.

/** The dtypes compared: the one a JavaScript program starts from, and those it could shrink to. */
export const passDTypes = ["float64", "float32", "float16", "int16"] as const;
export type PassDType = (typeof passDTypes)[number];

/** One column in one dtype. */
export interface Pass {
  readonly dtype: PassDType;
  readonly nbytes: number;
  readonly mean: Timing;
  readonly std: Timing;
  readonly bins: Timing;
  readonly values: { readonly mean: number; readonly std: number; readonly bins: readonly number[] };
}

/** How many values lie below the first edge, between each two edges, and from the last on. NaN is in none. */
export function countByBin(column: NDArray, edges: readonly number[], mask: NDArray<"bool">): number[] {
  const below = edges.map((edge) => countNonzero(less(column, edge, { out: mask })));
  return [...below, column.size].map((count, k) => count - (below[k - 1] ?? 0));
}

/** Times mean, standard deviation and count by bin over a column in each dtype, taking turns. */
export function timePasses(
  column: NDArray,
  edges: readonly number[],
  plan: { readonly seconds: number; readonly rounds: number },
  told: (what: string) => void,
): Pass[] {
  const columns = passDTypes.map((dtype) => astype(column, dtype));
  const mask = less(column, 0);
  try {
    const jobs: Record<"mean" | "std" | "bins", (of: NDArray) => unknown> = {
      mean: (of) => mean(of),
      std: (of) => std(of),
      bins: (of) => countByBin(of, edges, mask),
    };
    const timed = (name: keyof typeof jobs): Timing[] => {
      const subjects = columns.map((of) => ({ name: `${name}, ${of.dtype}`, setup() {}, run: () => jobs[name](of) }));
      return timeAll(subjects, { calls: 1, ...plan }, told);
    };
    const times = { mean: timed("mean"), std: timed("std"), bins: timed("bins") };
    return columns.map((of, k) => ({
      dtype: passDTypes[k],
      nbytes: of.nbytes,
      mean: times.mean[k],
      std: times.std[k],
      bins: times.bins[k],
      values: { mean: Number(mean(of)), std: Number(std(of)), bins: countByBin(of, edges, mask) },
    }));
  } finally {
    for (const array of [...columns, mask]) array.dispose();
  }
}
