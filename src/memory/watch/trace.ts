import { takes } from "../../array/options.js";
import { NDArrayError, ValueError } from "../../base/errors.js";
import { plain } from "../../base/plain.js";
import { shown } from "../../base/shown.js";
import { checkFunction, nameOf } from "../common/args.js";
import { isThenable } from "../common/values.js";
import { type Spendings, spendings } from "../record/costs.js";
import { leftBy } from "../record/leftovers.js";
import { attach, detach } from "../record/listeners.js";
import { type Level, levels, Recorder } from "../record/recorder.js";
import type { LineTable } from "../report/lineTable.js";
import { Report } from "../report/report.js";

/** What a trace is told to record. */
export interface TraceOptions {
  /** `lines` unless said otherwise. */
  level?: Level;
  /** Callers to keep of each allocation at the level `stacks`: 8, or what another open trace asks for, if that is more. */
  frames?: number;
  /** What the report calls it; else the function's name. */
  label?: string;
  /** Events to keep: 65,536. Older ones are dropped and counted; sums stay exact. */
  maxEvents?: number;
  /** Leaves source text out of reports if false. */
  source?: boolean;
}

/** The report of a function that ran, and what it returned. */
export class Trace<T = unknown> extends Report {
  /** @internal */
  constructor(
    recorder: Recorder,
    label: string,
    before: Spendings,
    source: boolean,
    /** What the function returned. */
    readonly result: T,
  ) {
    super(recorder, label, before, source);
  }
}

const OPTIONS = { level: "string", frames: "size", label: "string", maxEvents: "size", source: "boolean" } as const,
  TRACE = takes("memory.trace(fn)", OPTIONS),
  TRACING = takes("memory.tracing()", OPTIONS),
  START = takes("memory.start()", OPTIONS),
  LINES = takes("memory.lines(fn)"),
  STOP = takes("memory.stop()");
/** How traces read their options. */
export const TRACE_ASYNC = takes("memory.traceAsync(fn)", OPTIONS);
const MOST_FRAMES = 256;

/** The recorder that a trace with these options hears through. */
export function recorderOf({ level = "lines", frames = 8, maxEvents = 65_536 }: TraceOptions): Recorder {
  if (!levels.includes(level)) throw new ValueError(`a trace has the levels ${levels.join(", ")}, not ${shown(level)}`);
  return new Recorder(level, Math.min(frames, MOST_FRAMES), maxEvents);
}

/**
 * Runs a function and reports what it did to memory. It must be synchronous: the work of other tasks would be billed to
 * it; around an await, use `await memory.traceAsync(fn)`, or `using t = memory.tracing()`.
 */
export function trace<T>(fn: () => T, given?: TraceOptions): Trace<T> {
  const options = TRACE.read(given, arguments.length);
  checkFunction(fn, "memory.trace");
  const recorder = recorderOf(options),
    label = plain(options.label ?? nameOf(fn));
  if (fn.constructor?.name === "AsyncFunction") throw notSynchronous();
  const before = spendings();
  recorder.start();
  attach(recorder);
  let result: T;
  try {
    result = fn();
  } finally {
    detach(recorder);
    recorder.stop();
  }
  if (isThenable(result)) throw notSynchronous();
  const report = new Trace(recorder, label, before, options.source ?? true, result).end();
  report.left = leftBy(recorder, result);
  return report;
}

function notSynchronous(): NDArrayError {
  return new NDArrayError(
    "trace() measures synchronous work; around an await use `await memory.traceAsync(fn)`, or `using t = memory.tracing()`",
  );
}

/** The table per line of what a function does: `trace(fn).lines()`. */
export function lines(fn: () => unknown): LineTable {
  LINES.count(arguments.length);
  return trace(fn).lines();
}

/** A trace that lasts until it is disposed, across awaits too; its report can be read at any time. */
export class Tracing implements Disposable {
  readonly report: Report;
  readonly #recorder: Recorder;
  #open = true;

  /** @internal */
  constructor(options: TraceOptions) {
    this.#recorder = recorderOf(options);
    this.report = new Report(this.#recorder, plain(options.label ?? "tracing"), spendings(), options.source ?? true);
    this.#recorder.start();
    attach(this.#recorder);
    // If a microtask runs before the end, other tasks may have too.
    void Promise.resolve().then(() => {
      this.report.crossed = this.#open;
    });
  }

  /** Ends the trace; the report stays. */
  stop(): Report {
    if (this.#open) {
      this.#open = false;
      detach(this.#recorder);
      this.#recorder.stop();
      this.report.end();
    }
    return this.report;
  }

  [Symbol.dispose](): void {
    this.stop();
  }

  /** The report so far. */
  toString(): string {
    return String(this.report);
  }
}

/**
 * Begins a trace that lasts until it is disposed: `using t = memory.tracing()`. All that happens meanwhile is counted,
 * the work of other tasks included: `report.unattributed` is then true. For one task alone there is `traceAsync`, which
 * takes a function: a context that is entered in the middle of one (`enterWith`) would stay after the trace has ended,
 * in whatever its caller does next.
 */
export function tracing(options?: TraceOptions): Tracing {
  return new Tracing(TRACING.read(options, arguments.length));
}

let started: Tracing | null = null;

/** Begins to trace everything, until `stop`; a second call begins anew. Python: `tracemalloc.start`. */
export function start(options?: TraceOptions): void {
  const read = START.read(options, arguments.length),
    next = new Tracing({ label: "since start", ...read });
  started?.stop();
  started = next;
}

/** Ends what `start` began, and gives its report. */
export function stop(): Report {
  STOP.count(arguments.length);
  if (started === null) throw new NDArrayError("memory.stop() without memory.start()");
  const { report } = started;
  started.stop();
  started = null;
  return report;
}
