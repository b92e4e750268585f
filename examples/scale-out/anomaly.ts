// What is done with each chunk, wherever it runs: alone in a process, or by workers that an engine started.
import * as np from "nbytes";

/** What a chunk is told beside its numbers. */
export interface Baseline {
  readonly mean: number;
  readonly std: number;
}

/** What is found out about a chunk. */
export interface Part {
  readonly count: number;
  readonly missing: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** How far each temperature is from the baseline, in standard deviations, as float32; missing ones become 0. */
export function anomaly(block: np.NDArray<"float64">, { args }: { readonly args: Baseline }) {
  const gaps = np.isnan(block),
    missing = np.countNonzero(gaps);
  block.isub(args.mean).itruediv(args.std);
  block.set(gaps, 0);
  const value: Part = {
    count: block.size - missing,
    missing,
    sum: np.sum(block),
    min: np.min(block),
    max: np.max(block),
  };
  return { array: block.astype("float32"), value };
}

/** The parts of all chunks as one. */
export function together(parts: readonly Part[]): Part {
  return parts.reduce((a, b) => ({
    count: a.count + b.count,
    missing: a.missing + b.missing,
    sum: a.sum + b.sum,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  }));
}
