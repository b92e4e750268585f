import { takes } from "../../array/options.js";
import { ValueError } from "../../base/errors.js";
import type { Table } from "../common/table.js";
import { withoutSource } from "../places/sites.js";
import { mostForgetful, type Spendings, spendings } from "../record/costs.js";
import type { AllocEvent } from "../record/events.js";
import type { Left } from "../record/leftovers.js";
import type { Level, Recorder } from "../record/recorder.js";
import { type Snapshot, snapshotOf } from "../state/snapshot.js";
import { type Advice, adviceOf, mostFirst } from "./advice.js";
import { type Copy, copiesOf, copyTable, type Temporary, temporariesOf } from "./copies.js";
import { type ExportOptions, exported, stacksOf, type TextFormat } from "./exports.js";
import { leftAdvice } from "./leftAdvice.js";
import { LineTable } from "./lineTable.js";
import {
  dtypeRows,
  type FreedRow,
  freedRows,
  type OpRow,
  type OwnerRow,
  opRows,
  ownerRows,
  temporaryTable,
} from "./reportTables.js";
import { type Forgetting, headline, notesOf, type Overhead, onlyFunction } from "./reportText.js";
import { Timeline } from "./timeline.js";
import { type ViewRow, viewRows } from "./viewRows.js";

const TEMPORARIES = takes("temporaries()", { threshold: "limit" }),
  TIMELINE = takes("timeline()", { width: "size" }),
  EXPORT = takes("export(format)", { source: "boolean" });

/** What happened to memory while a function ran. Its figures are exact. */
export class Report {
  readonly #recorder: Recorder;
  readonly #label: string;
  readonly #before: Spendings;
  readonly #source: boolean;
  #after: Spendings | null = null;

  /** @internal */
  constructor(recorder: Recorder, label: string, before: Spendings, source = true) {
    this.#recorder = recorder;
    this.#label = label;
    this.#before = before;
    this.#source = source;
  }

  /** What the report is called: the label, the function's name, or that of the only function that asked for memory. */
  get label(): string {
    return this.#label || onlyFunction(this.#recorder.bySite.keys()) || "trace";
  }

  /** Bytes asked for, in sum. */
  get allocated(): number {
    return this.#recorder.allocated;
  }
  /** Arrays and temporaries that were given memory. */
  get allocs(): number {
    return this.#recorder.allocs;
  }
  /** Buffers whose memory was given back. */
  get frees(): number {
    return this.#recorder.frees;
  }
  /** The most bytes that were live at once, temporaries inside operations included, beyond those at the start. */
  get peak(): number {
    return this.#recorder.peak;
  }
  /** Live bytes at the end less those at the start. */
  get retained(): number {
    return this.#recorder.live;
  }
  /** The most bytes of temporaries inside one operation. */
  get scratchPeak(): number {
    return this.#recorder.scratchPeak;
  }
  /** Bytes of the allocations that received copies. */
  get copied(): number {
    return this.#recorder.copied;
  }
  /** Bytes of linear memory at the end, and those by which it grew meanwhile. It never shrinks: freed is not returned. */
  get reserved(): { readonly bytes: number; readonly grown: number } {
    const { reserved } = this.#after ?? spendings();
    return { bytes: reserved, grown: reserved - this.#before.reserved };
  }
  /** What happened, in order; the last of it if there was more than `maxEvents`. */
  get events(): readonly AllocEvent[] {
    const events = this.#recorder.ring.list(this.#recorder.live);
    return this.#source ? events : events.map(withoutSource);
  }
  /** Events that are no longer kept. */
  get dropped(): number {
    return this.#recorder.level === "counters" ? 0 : this.#recorder.ring.dropped;
  }
  /** How much was recorded. */
  get level(): Level {
    return this.#recorder.level;
  }
  /** What tracing itself took: bytes of JavaScript memory for what it keeps, milliseconds for finding lines. */
  get overhead(): Overhead {
    return { bytes: this.#recorder.nbytes, ms: (this.#after ?? spendings()).sites - this.#before.sites };
  }
  /** What was forgotten: arrays that only the collector freed, the searches for such arrays, and the busiest line. */
  get forgotten(): Forgetting {
    const after = this.#after ?? spendings(),
      before = this.#before,
      { count, bytes } = this.#recorder.freedBy("gc"),
      most = mostForgetful(this.#recorder.forgotten);
    const searches = after.searches - before.searches,
      ms = after.searchMs - before.searchMs;
    return { arrays: count, bytes, searches, ms, ...(most === "" ? {} : { most }) };
  }

  /**
   * Whether the trace went on across an `await` and counts what other tasks did meanwhile too. `traceAsync` tells them
   * apart where the host does; `tracing` never does.
   */
  get unattributed(): boolean {
    return this.crossed;
  }

  /** @internal */
  crossed = false;

  /** @internal What was made in a function that has ended, and is still alive. */
  left: Left | null = null;

  /** @internal What others spend from now on is not this trace's. */
  end(): this {
    this.#after ??= spendings();
    return this;
  }

  /** Per line of the user's program. */
  lines(): LineTable {
    return new LineTable(this.#recorder, this.#source);
  }

  /** Per operation, the most allocating first. */
  ops(): Table<OpRow> {
    return opRows(this.#recorder);
  }

  /** Per dtype, the most allocating first. */
  dtypes(): Table<OpRow> {
    return dtypeRows(this.#recorder);
  }

  /** What pools, caches and growable arrays took, by their names, and under `array` all else; the most allocating first. */
  owners(): Table<OwnerRow> {
    return ownerRows(this.#recorder);
  }

  /** Who gave memory back: `dispose`, `using`, a scope, an operation, a pool, a cache, the collector; the most bytes first. */
  freed(): Table<FreedRow> {
    return freedRows(this.#recorder);
  }

  /** All copies by line, operation and reason, why they were made, and whether they were needed. */
  copies(): Table<Copy> {
    const all = copiesOf(this.#recorder),
      copies = this.#source ? all : all.map(withoutSource);
    return copyTable(copies);
  }

  /** Arrays that were freed after at most `threshold` further allocations, or that a single operation read. */
  temporaries(options?: { threshold?: number }): Table<Temporary> {
    const { threshold = 1 } = TEMPORARIES.read(options, arguments.length);
    const all = temporariesOf(this.#recorder, threshold);
    return temporaryTable(this.#source ? all : all.map(withoutSource));
  }

  /** Changes that give the same values with fewer bytes, those that save most first. */
  advice(): Advice[] {
    const advice = adviceOf(this.#recorder, this.#source);
    return [...advice, ...leftAdvice(this.#recorder, this.left, this.#source)].sort(mostFirst);
  }

  /** Views that hold memory whose array is gone, that ended with their array, or whose array was never disposed. */
  views(): Table<ViewRow> {
    return viewRows(this.#recorder, this.left, this.#source);
  }

  /** What was live at the highest moment, of what was born in the trace. */
  atPeak(): Snapshot {
    return snapshotOf(this.#recorder.atPeak(), this.#source);
  }

  /** What is live at the end, of what was born in the trace. */
  atEnd(): Snapshot {
    return snapshotOf(this.#recorder.living(), this.#source);
  }

  /** Live bytes after each event that is still kept. */
  timeline(options?: { width?: number }): Timeline {
    const { width = 64 } = TIMELINE.read(options, arguments.length);
    if (width < 1 || width > 1000) throw new ValueError(`timeline() is 1 to 1000 characters wide, not ${width}`);
    return new Timeline(this.events, width);
  }

  /**
   * The report for other tools: `collapsed` stacks, `speedscope`, `pprof` (bytes), `json`, the timeline as `svg`, or one
   * `html` file that shows everything without a network. `source: false` leaves source text out.
   */
  export(format: "pprof", options?: ExportOptions): Uint8Array<ArrayBuffer>;
  export(format: TextFormat, options?: ExportOptions): string;
  export(format: TextFormat | "pprof", options?: ExportOptions): string | Uint8Array<ArrayBuffer> {
    const { source } = EXPORT.read(options, arguments.length),
      report = source === false ? this.#withoutSource() : this;
    return exported(format, report, stacksOf(this.#recorder));
  }

  #withoutSource(): Report {
    const report = new Report(this.#recorder, this.#label, this.#before, false);
    report.crossed = this.crossed;
    report.left = this.left;
    report.#after = this.#after;
    return report;
  }

  /** The report as text: the sums, the lines, and what a reader should know. */
  toString(): string {
    const { sited, bySite } = this.#recorder,
      ops = this.ops(),
      table = sited && bySite.size > 0 ? [String(this.lines())] : ops.length > 0 ? [String(ops)] : [];
    const notes = notesOf(this.#recorder, this.#source, this.forgotten, this.overhead, this.left);
    if (this.unattributed)
      notes.push("the trace went on across an await: what other tasks did meanwhile is counted too");
    return [headline(this.label, this), ...table, ...notes].join("\n");
  }

  /** The sums, the lines, operations and events as plain data. */
  toJSON(): unknown {
    const { allocated, allocs, frees, peak, retained, scratchPeak, copied, dropped } = this;
    return {
      label: this.label,
      allocated,
      allocs,
      frees,
      peak,
      retained,
      scratchPeak,
      copied,
      dropped,
      unattributed: this.unattributed,
      lines: this.lines().rows,
      ops: this.ops(),
      dtypes: this.dtypes(),
      owners: this.owners(),
      freed: this.freed(),
      advice: this.advice(),
      views: this.views(),
      forgotten: this.forgotten,
      overhead: this.overhead,
      events: this.events,
    };
  }
}
