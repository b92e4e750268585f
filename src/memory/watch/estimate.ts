import { takes } from "../../array/options.js";
import { ValueError } from "../../base/errors.js";
import { now } from "../../base/host.js";
import { shown } from "../../base/shown.js";
import { formatBytes } from "../../base/units.js";
import { capacity, core } from "../../core/instance.js";
import type { Buffer, Slot } from "../../heap/buffer.js";
import type { Listener } from "../../heap/listener.js";
import { spanOf } from "../common/blocks.js";
import { counted } from "../common/text.js";
import { attach, detach } from "../record/listeners.js";
import { map } from "../state/map.js";
import { continued, type Told } from "./extrapolation.js";
import { scope } from "./scope.js";

/** What a run would take at a size it was not run at, in bytes. */
export interface Estimate {
  readonly peak: number;
  readonly allocated: number;
  readonly allocs: number;
  /** Whether the runs lie exactly on a line: the figures then are those of the big one, if it goes on so. */
  readonly exact: boolean;
  /** Linear memory that would be left at the peak beside what is live now; below 0 it does not fit. */
  readonly left: number;
  /** Whether it fits: headers, rounding, the holes between live arrays and the largest of the arrays are counted. */
  readonly fits: boolean;
  toString(): string;
}

/** What `memory.estimate` takes. */
export interface EstimateOptions {
  /** Two or more small sizes to run at. */
  readonly at: readonly number[];
  /** The size to tell of. */
  readonly for: number;
}

const ESTIMATE = takes("memory.estimate(fn)", { at: "anything", for: "anything" }, "memory.estimate(fn, { at, for })");

const keys = ["peak", "allocated", "allocs", "blocks", "largest"] as const;
type Figures = Record<(typeof keys)[number], number>;

/** Counts what one run asks for, and nothing that is older: what others free is no part of it. */
class Meter implements Listener, Figures {
  readonly sited = false;
  peak = 0;
  allocated = 0;
  allocs = 0;
  /** The most bytes of blocks at once, with headers and rounding. */
  blocks = 0;
  /** The bytes of the largest block. */
  largest = 0;
  readonly #own = new Set<number>();
  #live = 0;
  #spans = 0;

  allowing(): void {}

  born({ serial, nbytes }: Buffer): void {
    const span = spanOf(nbytes);
    this.#own.add(serial);
    this.allocs++;
    this.allocated += nbytes;
    this.#live += nbytes;
    this.#spans += span;
    this.peak = Math.max(this.peak, this.#live);
    this.blocks = Math.max(this.blocks, this.#spans);
    this.largest = Math.max(this.largest, span);
  }

  died({ serial, nbytes }: Slot): void {
    if (!this.#own.delete(serial)) return;
    this.#live -= nbytes;
    this.#spans -= spanOf(nbytes);
  }

  viewed(): void {}

  ran(): void {}
}

interface Run extends Figures {
  readonly n: number;
}

/**
 * Tells what `fn(for)` would allocate, from runs at the small sizes `at` (two or more) and at some between them and `for`,
 * as long as they are quick and small: bytes as a line in n. Where they are none, the figures are estimates (`exact` is
 * false). What the runs make is freed; arrays that `fn` makes for itself count, inputs too. Errors: a `ValueError` for
 * less than two sizes; what `fn` throws at one of them.
 */
export function estimate(fn: (n: number) => unknown, options: EstimateOptions): Estimate {
  const { at, for: size } = ESTIMATE.read(options, arguments.length);
  if (typeof fn !== "function") throw new ValueError(`estimate runs a function, not ${shown(fn)}`);
  if (!Array.isArray(at))
    throw new ValueError(`estimate needs a list of sizes to run at, { at: [1000, 2000] }, not ${shown(at)}`);
  for (const n of [...at, size])
    if (!Number.isSafeInteger(n) || n < 0) throw new ValueError(`a size is a whole number from 0 on, not ${shown(n)}`);
  const sizes = [...new Set(at as number[])].sort((a, b) => a - b);
  if (sizes.length < 2) throw new ValueError("estimate needs two sizes to run at");
  const runs = sizes.map((n) => measured(fn, n));
  more(fn, runs, size);
  const of = (key: keyof Figures): Told =>
    continued(
      runs.map((run) => ({ n: run.n, value: run[key] })),
      size,
    );
  const told = (key: keyof Figures): number => Math.round(of(key).value),
    peak = told("peak"),
    exact = runs.length > 2 && (["peak", "allocated", "allocs"] as const).every((key) => of(key).linear);
  const fits = roomFor(told("blocks"), told("largest")),
    figures = { peak, allocated: told("allocated"), allocs: told("allocs"), exact, left: leftBeside(peak), fits };
  // Not enumerable, so that the figures can be compared and printed as plain data.
  return Object.defineProperty(figures, "toString", { value: () => textOf(size, figures, runs) });
}

function measured(fn: (n: number) => unknown, n: number): Run {
  const meter = new Meter();
  attach(meter);
  try {
    scope(() => void fn(n), "estimate");
  } finally {
    detach(meter);
  }
  const { peak, allocated, allocs, blocks, largest } = meter;
  return { n, peak, allocated, allocs, blocks, largest };
}

const MOST_BYTES = 2 ** 24,
  MOST_MS = 1000,
  MOST_RUNS = 16;

// Runs at further sizes, each about twice the last, odd ones and even ones, so that steps and thresholds show. A line always
// passes through two points: the third one tests it.
function more(fn: (n: number) => unknown, runs: Run[], size: number): void {
  const began = now();
  for (let left = MOST_RUNS; left > 0; left--) {
    const last = runs[runs.length - 1],
      before = runs[runs.length - 2],
      next = 2 * last.n + (left % 2);
    if (runs.length > 2 && (next >= size || last.allocated > MOST_BYTES || now() - began > MOST_MS)) return;
    const tried = runs.length === 2 ? [2 * last.n - before.n] : [next, 2 * last.n];
    const run = firstOf(fn, tried);
    if (run === null) return;
    runs.push(run);
  }
}

// Not every function takes every size.
function firstOf(fn: (n: number) => unknown, sizes: readonly number[]): Run | null {
  for (const n of sizes) {
    try {
      return measured(fn, n);
    } catch {}
  }
  return null;
}

function leftBeside(peak: number): number {
  const used = core.reservedBytes() - core.freeBytes();
  return capacity - used - peak;
}

// Blocks of so many bytes, the largest of them in one hole: holes that are smaller than that are not counted.
function roomFor(blocks: number, largest: number): boolean {
  const most = core.largestPossible();
  if (largest > most) return false;
  if (blocks <= most) return true;
  const { regions } = map(),
    holes = regions.slice(0, -2).filter(({ kind, span }) => kind === "free" && span >= largest);
  const room = holes.reduce((sum, { span }) => sum + Math.floor(span / largest) * largest, 0);
  return blocks <= most + room;
}

function textOf(
  n: number,
  { peak, allocated, allocs, exact, left, fits }: Omit<Estimate, "toString">,
  runs: readonly Run[],
): string {
  const most = runs[runs.length - 1].n.toLocaleString("en-US"),
    line = exact ? "exact, if bytes go on in a line" : `about: the runs up to n = ${most} do not lie on a line`;
  const verdict =
    left < 0
      ? `  too much   by ${formatBytes(-left)}: linear memory ends at ${formatBytes(capacity)}`
      : fits
        ? `  fits       ${formatBytes(left)} of ${formatBytes(capacity)} would be left`
        : `  too much   ${formatBytes(left)} would be left, but not in one piece: arrays lie between, or headers take it`;
  return [
    `estimate for n = ${n.toLocaleString("en-US")} (${line})`,
    `  peak       ${formatBytes(peak)}`,
    `  allocated  ${formatBytes(allocated)} in ${counted(allocs, "array")}`,
    verdict,
  ].join("\n");
}
