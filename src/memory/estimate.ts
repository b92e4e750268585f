import { capacity, core } from "../core.js";
import { ValueError } from "../errors.js";
import { formatBytes } from "../units.js";
import { scope } from "./scope.js";
import { counted } from "./text.js";
import { trace } from "./trace.js";

/** What a run would take at a size it was not run at, in bytes. */
export interface Estimate {
  readonly peak: number;
  readonly allocated: number;
  readonly allocs: number;
  /** Whether the small runs lie exactly on a line: the figures then are those of the big one, if it goes on so. */
  readonly exact: boolean;
  /** Linear memory that would be left at the peak beside what is live now; below 0 it does not fit. */
  readonly left: number;
  toString(): string;
}

/**
 * Tells what `fn(for)` would allocate, from runs at the small sizes `at` (two or more) and one more beyond them: bytes as
 * a line in n. What the runs make is freed; arrays that `fn` makes for itself count, inputs too.
 */
export function estimate(
  fn: (n: number) => unknown,
  { at, for: size }: { at: readonly number[]; for: number },
): Estimate {
  const sizes = [...new Set(at)].sort((a, b) => a - b);
  if (sizes.length < 2) throw new ValueError("estimate needs two sizes to run at");
  // A line always passes through two points: the third one tests it.
  if (sizes.length === 2) sizes.push(2 * sizes[1] - sizes[0]);
  const runs = sizes.map((n) => {
    const { peak, allocated, allocs } = trace(() => scope(() => void fn(n)), { level: "counters" });
    return { n, peak, allocated, allocs };
  });
  const [first] = runs,
    last = runs[runs.length - 1];
  const line = (key: "peak" | "allocated" | "allocs", n: number): number =>
    first[key] + ((last[key] - first[key]) / (last.n - first.n)) * (n - first.n);
  const exact = runs.every((run) =>
    (["peak", "allocated", "allocs"] as const).every((key) => line(key, run.n) === run[key]),
  );
  const told = (key: "peak" | "allocated" | "allocs"): number => Math.round(line(key, size));
  const peak = told("peak"),
    figures = { peak, allocated: told("allocated"), allocs: told("allocs"), exact, left: leftBeside(peak) };
  // Not enumerable, so that the figures can be compared and printed as plain data.
  return Object.defineProperty(figures, "toString", { value: () => textOf(size, figures) });
}

function leftBeside(peak: number): number {
  const used = core.reservedBytes() - core.freeBytes();
  return capacity - used - peak;
}

function textOf(n: number, { peak, allocated, allocs, exact, left }: Omit<Estimate, "toString">): string {
  const line = exact ? "exact, if bytes go on in a line" : "not exact: the runs do not lie on a line";
  return [
    `estimate for n = ${n.toLocaleString("en-US")} (${line})`,
    `  peak       ${formatBytes(peak)}`,
    `  allocated  ${formatBytes(allocated)} in ${counted(allocs, "array")}`,
    left < 0
      ? `  too much   by ${formatBytes(-left)}: linear memory ends at ${formatBytes(capacity)}`
      : `  fits       ${formatBytes(left)} of ${formatBytes(capacity)} would be left`,
  ].join("\n");
}
