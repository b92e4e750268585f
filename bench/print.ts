import { cpus, loadavg } from "node:os";
import { type Cost, costTable, costText } from "./cost.js";
import { formatBytes, formatCount, formatError, formatRatio, formatTime } from "./format.js";
import { type Goal, goalTable, speedTable } from "./goals.js";
import type { Fastcount, InPlace, Shrinking } from "./jobs.js";
import * as progress from "./progress.js";
import { type Forgetting, smallerText } from "./reclaim.js";
import {
  differenceNotes,
  fastcountCaption,
  fastcountTable,
  inPlaceTable,
  passTable,
  shrinkTable,
  whyNotSmaller,
} from "./results.js";
import type { SpeedResult } from "./speed.js";
import { heading, heights, paint, tableText, wrap } from "./tables.js";

// What the terminal shows of each part, printed when the part is done.

function say(...lines: readonly string[]): void {
  progress.clear();
  process.stdout.write(`${lines.join("\n")}\n`);
}
const note = (text: string): string => paint("dim", wrap(text));

/** The machine and the runtime, in a line, and whether others keep it from measuring well. */
export function machine(): string {
  const [cpu] = cpus();
  const load = loadavg()[0],
    busy = load > cpus().length ? `, BUSY (load ${load.toFixed(1)})` : "";
  return `Node ${process.versions.node}, ${cpus().length} × ${cpu?.model.trim() ?? "unknown processor"}${busy}`;
}

export function opening(quick: boolean): void {
  say(`${paint("title", "nbytes")}  the main job: time, and the bill for every byte`, note(machine()));
  if (quick)
    say(
      paint("accent", "  QUICK RUN (NBYTES_BENCH_QUICK): smaller inputs, few samples. Its figures are a smoke test."),
    );
}

export function fastcountHead(): void {
  say(
    heading(1, "fastcount: in place against copying"),
    note(
      "Two arrays with missing values: mask where either is missing, zero both there, say which pairs are usable and how many. " +
        "The same job four ways; results are compared before anything is timed. Bytes are exact, n is the number of pairs.",
    ),
  );
}

export function fastcountPart(result: Fastcount): void {
  const notes = differenceNotes(result.outcomes);
  say("", `  ${paint("accent", fastcountCaption(result))}`, tableText(fastcountTable(result)), ...notes.map(note));
}

/** Live bytes of each way, event by event, as little bars. */
export function timelines({ outcomes, n }: Fastcount): void {
  const most = Math.max(...outcomes.map(({ bill }) => bill.peak));
  const lines = outcomes
    .filter(({ verdict }) => !verdict.startsWith("DIFFERENT"))
    .map(({ name, bill }) => {
      const bars = heights(
        bill.timeline.flatMap(({ live }) => [live, live, live]),
        most,
      );
      return `  ${name.padEnd(22)} ${paint("accent", bars)}`;
    });
  say(
    "",
    note(`live bytes after each allocation and release, n = ${formatCount(n)} (full height: ${formatBytes(most)})`),
    ...lines,
  );
}

export function lineTable(text: string): void {
  const lines = text.split("\n").map((line) => `  ${line}`);
  say("", note('where the bytes of "copying, using" come from, by line, as memory.trace prints it'), ...lines);
}

export function inPlacePart(results: readonly InPlace[]): void {
  say(
    heading(2, "One operation at a time"),
    note("ratio: time in place over time copying. The copying call includes giving its result back."),
    "",
    tableText(inPlaceTable(results)),
  );
}

export function shrinkPart(result: Shrinking): void {
  const { rows, columns, scratch, seconds, before, after, peak, drift } = result;
  say(
    heading(3, `dtype shrink: ${formatCount(rows)} flights`),
    note(
      "flights-3m.parquet: delay and distance as they are, and two columns computed from them that have " +
        `fractions. One pass over each column: ${formatTime(seconds)} for all, ${formatBytes(scratch)} of scratch.`,
    ),
    "",
    tableText(shrinkTable(result)),
    note(
      `converted column by column: ${formatBytes(before)} → ${formatBytes(after)} live, ${formatBytes(peak)} at the peak`,
    ),
    "",
    "  why not smaller",
    ...columns.flatMap(({ name, report }) => whyLines(name, report)),
    "",
    tableText(passTable(result)),
    note(
      `A running sum kept in float32 drifts: ${formatCount(drift.running)} miles instead of ${formatCount(drift.exact)} ` +
        `(${formatError((100 * Math.abs(drift.running - drift.exact)) / drift.exact)} % off); sum() in float32 gives ${formatCount(drift.paired)}.`,
    ),
  );
}

function whyLines(name: string, report: Shrinking["columns"][number]["report"]): string[] {
  const refused = whyNotSmaller(report).map(
    ({ dtype, why }, k) => `    ${(k === 0 ? name : "").padEnd(16)}${dtype.padEnd(9)}${why}`,
  );
  return [...refused, ...report.ideas.map(({ text }) => `    ${"".padEnd(16)}${text}`)];
}

export function speedPart({ cells, about }: SpeedResult, goals: readonly Goal[], forgetting: Forgetting | null): void {
  const beside =
    about === null ? null : `NumPy ${about.numpy} (Python ${about.python}, ${about.simd || "its best SIMD"})`;
  say(heading(4, "Speed"));
  if (beside === null) say(note("No Python with NumPy 2 was found (NBYTES_PYTHON names one): plain loops only."));
  else {
    say(
      note(
        `time of nbytes over time of ${beside}, in turns, medians: below 1 nbytes takes less time. Results were compared first.`,
      ),
      "",
      tableText(speedTable(cells, "numpy")),
      "",
    );
  }
  say(
    note("time of nbytes over time of a plain JavaScript loop into an array that is there already"),
    "",
    tableText(speedTable(cells, "loop")),
  );
  if (forgetting !== null) say("", note(forgettingText(forgetting)));
  say("", tableText(goalTable(goals)));
}

/** The price of forgetting to dispose, in a sentence. */
export function forgettingText({ iterations, disposing, forgetting, asked, reserved, smaller }: Forgetting): string {
  return (
    `Forgetting: ${formatCount(iterations)} × y = add(x, 1) on 8 MB arrays without disposing asked for ${formatBytes(asked)} and took ` +
    `${formatTime(forgetting)}, ${formatRatio(forgetting / disposing)} times as long as disposing; linear memory ended at ${formatBytes(reserved)}. ` +
    smallerText(smaller)
  );
}

/** What a trace costs at each level, under the speed that it takes from. */
export function costPart(cost: Cost): void {
  say(
    "",
    note(`what the ledger costs an addition of 1,000 elements, in turns; medians of ${cost.processes} processes`),
    "",
    tableText(costTable(cost.rows)),
  );
  say("", note(costText(cost)));
}

export function closing(path: string, seconds: number): void {
  say("", `${paint("good", "✓")} done in ${formatTime(seconds)}; the report with charts:`, `  ${path}`);
}
