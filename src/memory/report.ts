import { byCode } from "../dtype.js";
import { type Advice, adviceOf, type Copy, copiesOf, copyTable, type Temporary, temporariesOf } from "./copies.js";
import type { AllocEvent } from "./events.js";
import { type ExportOptions, exported, stacksOf, type TextFormat } from "./exports.js";
import type { Recorder } from "./ledger.js";
import { LineTable } from "./lineTable.js";
import { headline, notesOf, type OpRow, onlyFunction, opTable, type Spendings, spendings } from "./reportText.js";
import { withoutSource } from "./sites.js";
import { type Snapshot, snapshotOf } from "./snapshot.js";
import { type Row, sumOf } from "./sums.js";
import { Table } from "./table.js";
import { Timeline } from "./timeline.js";

/** What one keeper of memory was given, summed over a trace. */
export interface OwnerRow {
  /** `array`, or the name of a pool or cache, or `growable`. */
  readonly owner: string;
  readonly allocs: number;
  readonly allocated: number;
}

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
    return this.#label || onlyFunction(this.#recorder) || "trace";
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
  /** What happened, in order; the last of it if there was more than `maxEvents`. */
  get events(): readonly AllocEvent[] {
    const events = this.#recorder.ring.list(this.#recorder.live);
    return this.#source ? events : events.map(withoutSource);
  }
  /** Events that are no longer kept. */
  get dropped(): number {
    return this.#recorder.level === "counters" ? 0 : this.#recorder.ring.dropped;
  }
  /** What tracing itself took: bytes of JavaScript memory for events, milliseconds for finding lines. */
  get overhead(): { readonly bytes: number; readonly ms: number } {
    return { bytes: this.#recorder.nbytes, ms: (this.#after ?? spendings()).sites - this.#before.sites };
  }

  /**
   * Whether the trace went on across an `await`: what other tasks did meanwhile is then counted too, for no engine tells
   * cheaply on whose behalf memory is asked for.
   */
  get unattributed(): boolean {
    return this.crossed;
  }

  /** @internal */
  crossed = false;

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
  ops(): OpRow[] {
    const rows = [...this.#recorder.byOp].map(([op, sums]) => opRow(op, sumOf(sums.rows)));
    return rows.sort((a, b) => b.allocated - a.allocated || (a.op < b.op ? -1 : 1));
  }

  /** Per dtype, the most allocating first. */
  dtypes(): OpRow[] {
    const all = [...this.#recorder.byOp.values()],
      rows = byCode.map(({ name }, code) => opRow(name, sumOf(all.map(({ rows }) => rows[code]))));
    return rows
      .filter(({ allocs, calls }) => allocs > 0 || calls > 0)
      .sort((a, b) => b.allocated - a.allocated || (a.op < b.op ? -1 : 1));
  }

  /** What pools, caches and growable arrays took, by their names, and under `array` all else; the most allocating first. */
  owners(): OwnerRow[] {
    const { byOwner, allocs, allocated } = this.#recorder,
      others = sumOf(byOwner.values()),
      own = { owner: "array", allocs: allocs - others.allocs, allocated: allocated - others.allocated };
    const rows = [...byOwner].map(([owner, row]) => ({ owner, allocs: row.allocs, allocated: row.allocated }));
    return [own, ...rows]
      .filter((row) => row.allocs > 0)
      .sort((a, b) => b.allocated - a.allocated || (a.owner < b.owner ? -1 : 1));
  }

  /** All copies by line, operation and reason, why they were made, and whether they were needed. */
  copies(): Table<Copy> {
    const all = copiesOf(this.#recorder),
      copies = this.#source ? all : all.map(withoutSource);
    return Table.printed(copies, () => copyTable(copies));
  }

  /** Arrays that were freed after at most `threshold` further allocations, or that a single operation read. */
  temporaries({ threshold = 1 }: { threshold?: number } = {}): Temporary[] {
    const all = temporariesOf(this.#recorder, threshold);
    return this.#source ? all : all.map(withoutSource);
  }

  /** Changes that provably give the same values with fewer bytes. */
  advice(): Advice[] {
    return adviceOf(this.#recorder, this.#source);
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
  timeline({ width = 64 }: { width?: number } = {}): Timeline {
    return new Timeline(this.events, width);
  }

  /**
   * The report for other tools: `collapsed` stacks, `speedscope`, `pprof` (bytes), `json`, the timeline as `svg`, or one
   * `html` file that shows everything without a network. `source: false` leaves source text out.
   */
  export(format: "pprof", options?: ExportOptions): Uint8Array<ArrayBuffer>;
  export(format: TextFormat, options?: ExportOptions): string;
  export(format: TextFormat | "pprof", options: ExportOptions = {}): string | Uint8Array<ArrayBuffer> {
    const report = options.source === false ? this.#withoutSource() : this;
    return exported(format, report, stacksOf(this.#recorder));
  }

  #withoutSource(): Report {
    const report = new Report(this.#recorder, this.#label, this.#before, false);
    report.crossed = this.crossed;
    report.#after = this.#after;
    return report;
  }

  /** The report as text: the sums, the lines, and what a reader should know. */
  toString(): string {
    const { level, bySite } = this.#recorder,
      table = bySite.size > 0 ? this.lines().toString() : opTable(this.ops());
    const notes = notesOf(this.#recorder, this.#source, { before: this.#before, after: this.#after ?? spendings() });
    if (this.unattributed)
      notes.push("the trace went on across an await: what other tasks did meanwhile is counted too");
    return [headline(this.label, this), ...(level === "counters" ? [] : [table]), ...notes].join("\n");
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
      events: this.events,
    };
  }
}

function opRow(op: string, { calls, allocs, allocated, scratch, copied }: Row): OpRow {
  return { op, calls, allocs, allocated, scratch, copied };
}
