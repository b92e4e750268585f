// Statistics and a sort of a file that is larger than the memory they may use: `npm run example bigger-than-memory`, or with
// other sizes `npm run example bigger-than-memory 200 16` (MB of the file, MB of memory).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as np from "nbytes";
import { type MappedArray, openMemmap } from "nbytes/node";

const MB = 1e6;

/** What is found out about the numbers of a file. */
export interface Findings {
  readonly missing: number;
  readonly mean: number;
  readonly std: number;
  /** How many numbers lie in each tenth from -5 to 5. */
  readonly histogram: readonly number[];
  readonly smallest: number;
  readonly median: number;
  readonly largest: number;
}

/** Fills a mapped array with seeded numbers, of which one in a hundred is missing. */
export function fill(m: MappedArray<"float64">, block: number): void {
  const rng = np.random.defaultRng(1);
  for (let at = 0; at < m.size; at += block) {
    using values = rng.standardNormal(Math.min(block, m.size - at));
    using chance = rng.random(values.size);
    using missing = np.less(chance, 0.01);
    values.set(missing, Number.NaN);
    m.set(np.slice(at, at + values.size), values);
  }
}

/** Counts the missing values and writes zeros there; says how many numbers are left. */
export function fastcount(m: MappedArray<"float64">, block: number): number {
  let missing = 0;
  for (let at = 0; at < m.size; at += block) {
    const part = m.at(np.slice(at, at + block));
    using values = part.evaluate();
    using gaps = np.isnan(values);
    const count = np.countNonzero(gaps);
    if (count > 0) {
      values.set(gaps, 0);
      part.set("...", values);
    }
    missing += count;
  }
  return missing;
}

/** How many numbers lie in each tenth from -5 to 5. */
export function histogram(m: MappedArray<"float64">, block: number): number[] {
  using edges = np.linspace(-5, 5, 11);
  const counts = new Array<number>(10).fill(0);
  for (const values of m.blocks(block)) {
    values.sort();
    using places = np.searchsorted(values, edges);
    for (let k = 0; k < 10; k++) counts[k] += places.item(k + 1) - places.item(k);
  }
  return counts;
}

/**
 * Sorts the numbers of `m` into `sorted`: runs of a block first, in place; then, for one range of values after the other,
 * what all runs have of it. `m` is left in runs.
 */
export function sort(m: MappedArray<"float64">, sorted: MappedArray<"float64">, block: number): void {
  const runs: MappedArray<"float64">[] = [];
  for (let at = 0; at < m.size; at += block) {
    const run = m.at(np.slice(at, at + block));
    using values = run.evaluate();
    values.sort();
    run.set("...", values);
    runs.push(run);
  }
  const from = runs.map(() => 0);
  let at = 0;
  for (const end of splitters(runs, block)) {
    const parts = runs.map((run, k) => {
      const to = placeOf(run, end, from[k]);
      const part = run.at(np.slice(from[k], to));
      from[k] = to;
      return part;
    });
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    using range = np.empty(size);
    let filled = 0;
    for (const part of parts) {
      using place = range.at(np.slice(filled, filled + part.size));
      part.evaluate({ out: place });
      filled += part.size;
    }
    range.sort();
    sorted.set(np.slice(at, at + size), range);
    at += size;
  }
}

// Values between which all runs together have about half a block.
function splitters(runs: readonly MappedArray<"float64">[], block: number): number[] {
  const step = Math.max(1, Math.floor(block / (4 * runs.length)));
  const samples = runs.flatMap((run) => {
    using some = run.at(np.slice(null, null, step)).evaluate();
    return some.tolist() as number[];
  });
  samples.sort((a, b) => a - b);
  const every = Math.max(1, Math.floor(block / (2 * step)));
  return [...samples.filter((_, i) => i > 0 && i % every === 0), Infinity];
}

// The first element of a sorted run, from `low` on, that is not below a value.
function placeOf(run: MappedArray<"float64">, value: number, low: number): number {
  let high = run.size;
  if (value === Infinity) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (run.item(middle) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Fills, counts, measures and sorts a file of so many bytes with so much memory; `told` hears what is done. */
export function study(path: string, bytes: number, room: number, told: (line: string) => void = () => {}): Findings {
  const shape = [Math.floor(bytes / 8)],
    block = Math.floor(room / 8 / 8); // a sort takes three blocks, the pages of two files take two
  const options = { dtype: "float64", shape, mode: "w+", cache: Math.floor(room / 8) } as const;
  using m = openMemmap(path, options);
  const step = <T>(name: string, run: () => T): T => {
    const began = performance.now();
    const result = run();
    told(`${name.padEnd(12)} ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s`);
    return result;
  };
  step("fill", () => fill(m, block));
  const missing = step("fastcount", () => fastcount(m, block));
  const mean = step("mean", () => np.mean(m)),
    std = step("std", () => np.std(m)),
    counts = step("histogram", () => histogram(m, block));
  using sorted = openMemmap(`${path}.sorted`, options);
  step("sort", () => sort(m, sorted, block));
  const middle = sorted.size / 2;
  return {
    missing,
    mean,
    std,
    histogram: counts,
    smallest: sorted.item(0),
    median: (sorted.item(Math.ceil(middle) - 1) + sorted.item(Math.floor(middle))) / 2,
    largest: sorted.item(-1),
  };
}

/** Does it all, and tells what it took. */
export function main(args: readonly string[]): void {
  const [size = 2000, room = 64] = args.map(Number),
    folder = mkdtempSync(join(tmpdir(), "nbytes-bigger-"));
  try {
    console.log(`${size} MB of float64 in ${folder}, with at most ${room} MB`);
    let findings: Findings | undefined;
    const trace = np.memory.trace(
      () => {
        findings = study(join(folder, "numbers.dat"), size * MB, room * MB, console.log);
      },
      { level: "counters" },
    );
    console.log(findings);
    console.log(`peak of the ledger             ${np.formatBytes(trace.peak)}`);
    console.log(`linear memory                  ${np.formatBytes(np.memory.usage().reserved)}`);
    console.log(`peak of the operating system   ${np.formatBytes(process.resourceUsage().maxRSS * 1024)}, Node's own included`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
