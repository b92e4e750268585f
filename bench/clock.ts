import Benchmark from "benchmark";

// Benchmark.js copies the source text of `setup` and `fn` into a loop of its own, where the names of these modules mean
// nothing. Told that functions have no source, it calls them.
Benchmark.support.decompilation = false;

/** What is timed: `setup` runs before each sample and outside the clock, then `run` runs `calls` times inside it. */
export interface Timed {
  readonly name: string;
  readonly setup: () => void;
  readonly run: () => void;
}

/** How a comparison is timed. */
export interface Plan {
  /** Calls of `run` in one sample. One for a call of milliseconds: in-place work then finds fresh inputs each time. */
  readonly calls: number;
  /** Seconds for each of those compared, over all rounds. */
  readonly seconds: number;
  /** Those compared take turns this often, so that a busy minute of the machine does not fall on one of them alone. */
  readonly rounds: number;
}

/** Seconds of one call: the median of all samples, and the quarter below and above it. */
export interface Timing {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** Times several things against each other. `told` hears before each turn of each of them. */
export function timeAll(subjects: readonly Timed[], plan: Plan, told: (name: string) => void = () => {}): Timing[] {
  const samples = subjects.map((): number[] => []);
  // Before it counts, everyone runs once, for as long as V8 takes to trust a path.
  for (const subject of subjects) oneTurn(subject, { ...plan, seconds: 0.05, rounds: 1 });
  for (let round = 0; round < plan.rounds; round++) {
    subjects.forEach((subject, k) => {
      told(subject.name);
      samples[k].push(...oneTurn(subject, plan));
    });
  }
  return samples.map(summary);
}

// `minTime` of a nanosecond keeps the number of calls as it was given: Benchmark.js raises it only while a sample is
// shorter than that.
function oneTurn({ name, setup, run }: Timed, { calls, seconds, rounds }: Plan): number[] {
  const benchmark = new Benchmark({
    name,
    setup,
    fn: run,
    initCount: calls,
    minTime: 1e-9,
    minSamples: 3,
    maxTime: seconds / rounds,
  }) as Benchmark & { error?: unknown };
  benchmark.run({ async: false });
  if (benchmark.error) throw benchmark.error;
  return benchmark.stats.sample as number[];
}

/** The median of samples and its quartiles. */
export function summary(samples: readonly number[]): Timing {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (part: number): number => {
    const place = part * (sorted.length - 1),
      below = Math.floor(place);
    return sorted[below] + (place - below) * ((sorted[below + 1] ?? sorted[below]) - sorted[below]);
  };
  return { median: at(0.5), low: at(0.25), high: at(0.75), samples: samples.length };
}
