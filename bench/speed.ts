import { NDArray } from "nbytes";
import { describe, unlike } from "./agreement.js";
import { summary, type Timing } from "./clock.js";
import { formatCount } from "./format.js";
import { type Arrays, Stock } from "./inputs.js";
import { type Operation, operations, prepared } from "./operations.js";
import { type About, Python } from "./python.js";

// Speed beside NumPy and plain loops: each operation at each size, in turns, in one run. Results are compared first.

/** One operation at one size. Seconds of one call. */
export interface Cell {
  readonly name: string;
  readonly n: number;
  readonly ours: Timing;
  readonly numpy: Timing | null;
  readonly loop: Timing | null;
  /** `equal`, or where the result differs; then nothing is timed but ours. */
  readonly verdict: string;
}

/** What the run was told. */
export interface SpeedPlan {
  readonly sizes: readonly number[];
  readonly rounds: number;
  /** Seconds of one turn; a call that takes longer runs once. */
  readonly turn: number;
  readonly short: boolean;
}

export interface SpeedResult {
  readonly cells: readonly Cell[];
  readonly about: About | null;
}

/** Measures all operations of the plan. */
export async function measureSpeed(plan: SpeedPlan, told: (what: string) => void): Promise<SpeedResult> {
  const python = Python.start();
  const chosen = operations.filter(({ short }) => short === true || !plan.short);
  try {
    const about = python === null ? null : await python.about();
    const cells: Cell[] = [];
    for (const n of plan.sizes) {
      const stock = new Stock(n, python);
      await stock.open();
      for (const operation of chosen) {
        told(`${operation.name}, n = ${formatCount(n)}`);
        cells.push(await measure(operation, stock, plan));
      }
      await stock.close();
    }
    return { cells, about };
  } finally {
    python?.stop();
  }
}

async function measure(operation: Operation, stock: Stock, plan: SpeedPlan): Promise<Cell> {
  const inputs = await stock.provide(operation.reads);
  const { n, python } = stock;
  const loop = operation.loop && prepared(operation.loop, inputs.typed, n);
  const verdict = await differences(operation, inputs.arrays, loop, python);
  const beside = verdict === "equal";
  const turns: Turn[] = [inJs(callOf(operation, inputs.arrays))];
  if (beside && python) turns.push((loops) => python.time(operation.numpy, loops));
  if (beside && loop) turns.push(inJs(loop));
  const timings = await inTurns(turns, plan);
  return {
    name: operation.name,
    n,
    verdict,
    ours: timings[0],
    numpy: beside && python ? timings[1] : null,
    loop: beside && loop ? timings[timings.length - 1] : null,
  };
}

function callOf({ ours, writes }: Operation, inputs: Arrays): () => unknown {
  if (writes) return () => ours(inputs);
  return () => {
    const result = ours(inputs);
    if (result instanceof NDArray) result.dispose();
  };
}

const WARM_UP = 0.1;

/** Runs a call so often and tells the seconds of one. */
type Turn = (loops: number) => Promise<number>;

// One call before the clock starts: the other side has just had the caches. A single call has arrays beyond them.
function inJs(call: () => unknown): Turn {
  return async (loops) => {
    if (loops > 1) call();
    const began = process.hrtime.bigint();
    for (let k = 0; k < loops; k++) call();
    return Number(process.hrtime.bigint() - began) / 1e9 / loops;
  };
}

// The first turns find how many calls make one turn and let V8 optimise; they are not counted. V8 trusts a path after
// thousands of calls, so short calls are repeated for longer than the clock would need.
async function inTurns(turns: readonly Turn[], { rounds, turn }: SpeedPlan): Promise<Timing[]> {
  const loops: number[] = [];
  for (const run of turns) {
    let count = 1;
    let seconds = await run(count);
    for (let spent = seconds; seconds < turn && spent < WARM_UP; spent += seconds * count) {
      count = Math.min(Math.ceil(turn / Math.max(seconds, 1e-8)), 8 * count);
      seconds = await run(count);
    }
    loops.push(Math.max(1, Math.round(turn / seconds)));
  }
  const samples = turns.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (let k = 0; k < turns.length; k++) samples[k].push(await turns[k](loops[k]));
  }
  return samples.map(summary);
}

// Compares our result with NumPy's and with the loop's.
async function differences(
  { ours, writes, rounds = false, numpy }: Operation,
  arrays: Arrays,
  loop: (() => unknown) | undefined,
  python: Python | null,
): Promise<string> {
  const result = ours(arrays);
  const described = describe(result instanceof NDArray ? result.toTypedArray() : result);
  if (result instanceof NDArray && !writes) result.dispose();
  const difference = python && unlike(described, await python.describe(numpy), rounds);
  if (difference) return `DIFFERENT (${difference})`;
  const other = loop && unlike(described, describe(loop()), rounds);
  return other ? `DIFFERENT from the loop (${other})` : "equal";
}
