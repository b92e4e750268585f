import { copyto, memory, NDArray } from "nbytes";
import type { Plan, Timed, Timing } from "./clock.js";

// One job several ways: is the result the same, what does memory cost, how long does it take. In that order, because
// a way that gives another result is not another way, and has no ratio.

/** The arrays that a job reads, and may overwrite, by name. */
export type Inputs = Readonly<Record<string, NDArray>>;

/** One way of doing the job. It returns an array, or an object of arrays and values: all of that is compared. */
export interface Way<I extends Inputs> {
  readonly name: string;
  readonly run: (inputs: I) => unknown;
}

/** What the ledger says of one call. Bytes. */
export interface Bill {
  readonly allocated: number;
  readonly allocs: number;
  readonly peak: number;
  readonly copied: number;
  /** Live bytes after each event that changed them, with the operation that did. */
  readonly timeline: readonly Moment[];
}

/** One step of a timeline. */
export interface Moment {
  readonly live: number;
  readonly text: string;
}

/** One line of a comparison. */
export interface Outcome {
  readonly name: string;
  /** `reference`, `equal`, or `DIFFERENT` with the first place and both values there. */
  readonly verdict: string;
  readonly bill: Bill;
  /** Null for a way whose result differs. */
  readonly timing: Timing | null;
  /** Its time over that of the reference; null where that says nothing. */
  readonly ratio: number | null;
}

type Timer = (subjects: readonly Timed[], plan: Plan, told: (name: string) => void) => Timing[];

/**
 * Compares ways of doing one job on the same inputs; the first is the reference. `inputs` stay as they are: each call
 * gets copies, restored before each call outside the clock. `time` is passed in, because Benchmark.js needs Node here
 * and the rest does not.
 */
export function compare<I extends Inputs>(
  inputs: I,
  ways: readonly Way<I>[],
  plan: Plan,
  time: Timer,
  told: (what: string) => void = () => {},
): Outcome[] {
  const sets = Array.from({ length: plan.calls }, () => copyOf(inputs));
  try {
    told("comparing results");
    const verdicts = check(inputs, sets[0], ways),
      equal = ways.filter((_, k) => !verdicts[k].startsWith("DIFFERENT"));
    const bills = ways.map(({ run }) => billOf(() => run(restored(sets[0], inputs)), sets[0]));
    const timings = time(
      equal.map((way) => timed(way, sets, inputs)),
      plan,
      (name) => told(`timing ${name}`),
    );
    return ways.map(({ name }, k) => {
      const timing = timings[equal.indexOf(ways[k])] ?? null;
      const ratio = timing && timing.median / timings[0].median;
      return { name, verdict: verdicts[k], bill: bills[k], timing, ratio };
    });
  } finally {
    for (const set of sets) for (const array of Object.values(set)) array.dispose();
  }
}

// Every sample begins with the same inputs, for those ways too that would leave them alone: what lies in the caches is
// then the same for all.
function timed<I extends Inputs>({ name, run }: Way<I>, sets: readonly I[], inputs: I): Timed {
  let next = 0;
  return {
    name,
    setup: () => {
      for (const set of sets) restored(set, inputs);
      next = 0;
    },
    run: () => disposeResult(run(sets[next]), sets[next++]),
  };
}

function copyOf<I extends Inputs>(inputs: I): I {
  return Object.fromEntries(Object.entries(inputs).map(([name, array]) => [name, array.copy()])) as Inputs as I;
}

function restored<I extends Inputs>(set: I, inputs: I): I {
  for (const name in inputs) copyto(set[name], inputs[name]);
  return set;
}

function partsOf(result: unknown): [name: string, value: unknown][] {
  return result instanceof NDArray ? [["", result]] : Object.entries(result as object);
}

function disposeResult(result: unknown, inputs: Inputs): void {
  for (const [, value] of partsOf(result)) {
    if (value instanceof NDArray && !Object.values(inputs).includes(value)) value.dispose();
  }
}

function check<I extends Inputs>(inputs: I, set: I, ways: readonly Way<I>[]): string[] {
  const own = copyOf(inputs);
  const reference = ways[0].run(own);
  const verdicts = ways.map(({ run }, k) => {
    if (k === 0) return "reference";
    const result = run(restored(set, inputs)),
      difference = firstDifference(reference, result);
    disposeResult(result, set);
    return difference === null ? "equal" : `DIFFERENT (${difference})`;
  });
  disposeResult(reference, own);
  for (const array of Object.values(own)) array.dispose();
  return verdicts;
}

/** Where two results first differ, in words; null if they are equal, NaN being equal to NaN. */
export function firstDifference(expected: unknown, got: unknown): string | null {
  const others = new Map(partsOf(got));
  for (const [name, value] of partsOf(expected)) {
    const other = others.get(name),
      where = name === "" ? "" : `${name} `;
    if (!(value instanceof NDArray) || !(other instanceof NDArray)) {
      if (!Object.is(value, other)) return `${where}${String(value)} vs ${String(other)}`;
      continue;
    }
    if (value.dtype !== other.dtype || String(value.shape) !== String(other.shape)) {
      return `${where}${value.dtype} [${value.shape}] vs ${other.dtype} [${other.shape}]`;
    }
    const at = firstUnequal(value, other);
    if (at >= 0)
      return `first at ${name === "" ? at : `${name}[${at}]`}: ${brief(value.data[at])} vs ${brief(other.data[at])}`;
  }
  return null;
}

function brief(value: number | bigint): string {
  return typeof value === "bigint" ? String(value) : String(Number(value.toPrecision(3)));
}

function firstUnequal(a: NDArray, b: NDArray): number {
  const x = a.data as ArrayLike<number>;
  const y = b.data as ArrayLike<number>;
  for (let i = 0; i < x.length; i++) {
    if (x[i] !== y[i] && !(Number.isNaN(x[i]) && Number.isNaN(y[i]))) return i;
  }
  return -1;
}

/** What one call costs in memory, by the engine's own ledger. Results are disposed; never done while a clock runs. */
export function billOf(call: () => unknown, inputs: Inputs = {}): Bill {
  const trace = memory.trace(call, { level: "events" });
  const moments = trace.events.filter(({ kind }) => kind === "alloc" || kind === "scratch" || kind === "free");
  disposeResult(trace.result, inputs);
  return {
    allocated: trace.allocated,
    allocs: trace.allocs,
    peak: trace.peak,
    copied: trace.copied,
    timeline: moments.map(({ live, kind, op }) => ({ live, text: kind === "free" ? `${op} freed` : op })),
  };
}
