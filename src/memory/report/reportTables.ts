import { byCode } from "../../base/dtype.js";
import { formatBytes } from "../../base/units.js";
import { type FreedBy, freers } from "../../heap/reasons.js";
import { Table } from "../common/table.js";
import { bytesOrNone, columns, countOrNone } from "../common/text.js";
import { numbersOf } from "../places/fileNames.js";
import type { Recorder } from "../record/recorder.js";
import { type Row, sumOf } from "../record/sums.js";
import type { Temporary } from "./copies.js";

// The tables of a report that are sums by something else than lines.

/** What one operation did to memory, summed over a trace. */
export interface OpRow {
  /** The name of the operation or the dtype. */
  readonly op: string;
  readonly calls: number;
  readonly allocs: number;
  readonly allocated: number;
  /** Bytes of those that lived only while the operation ran. */
  readonly scratch: number;
  readonly copied: number;
}

/** What one keeper of memory was given, summed over a trace. */
export interface OwnerRow {
  /** `array`, or the name of a pool or cache, or `growable`. */
  readonly owner: string;
  readonly allocs: number;
  readonly allocated: number;
}

/** What was given back in one way, summed over a trace. */
export interface FreedRow {
  readonly by: FreedBy;
  readonly frees: number;
  readonly freed: number;
}

/** Sums by operation, the most allocating first. */
export function opRows({ byOp }: Recorder): Table<OpRow> {
  return opTable(
    "operation",
    [...byOp].map(([op, sums]) => opRow(op, sumOf(sums.rows))),
  );
}

/** Sums by dtype, the most allocating first. */
export function dtypeRows({ byOp }: Recorder): Table<OpRow> {
  const all = [...byOp.values()],
    rows = byCode.map(({ name }, code) => opRow(name, sumOf(all.map(({ rows }) => rows[code]))));
  return opTable(
    "dtype",
    rows.filter(({ allocs, calls }) => allocs > 0 || calls > 0),
  );
}

function opRow(op: string, { calls, allocs, allocated, scratch, copied }: Row): OpRow {
  return { op, calls, allocs, allocated, scratch, copied };
}

function opTable(by: string, rows: OpRow[]): Table<OpRow> {
  rows.sort((a, b) => b.allocated - a.allocated || (a.op < b.op ? -1 : 1));
  return Table.printed(rows, () => {
    const cells = rows.map(({ op, calls, allocs, allocated, scratch, copied }) => [
      op,
      ...[calls, allocs].map(countOrNone),
      ...[allocated, scratch, copied].map(bytesOrNone),
    ]);
    return columns([[by, "calls", "allocs", "allocated", "scratch", "copied"], ...cells], "<>>>>>", "  ");
  });
}

/** Sums by keeper: what pools, caches and growable arrays took, and under `array` all else. Counters know no keepers. */
export function ownerRows({ level, byOwner, allocs, allocated }: Recorder): Table<OwnerRow> {
  const others = sumOf(byOwner.values()),
    own = { owner: "array", allocs: allocs - others.allocs, allocated: allocated - others.allocated },
    all = [own, ...[...byOwner].map(([owner, row]) => ({ owner, allocs: row.allocs, allocated: row.allocated }))];
  const rows = all
    .filter((row) => row.allocs > 0 && level !== "counters")
    .sort((a, b) => b.allocated - a.allocated || (a.owner < b.owner ? -1 : 1));
  return Table.printed(rows, () => {
    const cells = rows.map((row) => [row.owner, countOrNone(row.allocs), formatBytes(row.allocated)]);
    return columns([["owner", "allocs", "allocated"], ...cells], "<>>", "  ");
  });
}

/** Sums by who gave memory back, the most bytes first. */
export function freedRows(recorder: Recorder): Table<FreedRow> {
  const rows = freers
    .map((by) => ({ by, frees: recorder.freedBy(by).count, freed: recorder.freedBy(by).bytes }))
    .filter(({ frees }) => frees > 0)
    .sort((a, b) => b.freed - a.freed);
  return Table.printed(rows, () => {
    const cells = rows.map(({ by, frees, freed }) => [by, countOrNone(frees), formatBytes(freed)]);
    return columns([["freed by", "frees", "bytes"], ...cells], "<>>", "  ");
  });
}

/** Temporaries that print themselves. */
export function temporaryTable(rows: readonly Temporary[]): Table<Temporary> {
  return Table.printed(rows, () => {
    if (rows.length === 0) return "no temporaries";
    const lineOf = numbersOf(rows.map(({ site }) => site));
    const cells = rows.map(({ site, op, nbytes, count, lifetime, reads, scratch }) => [
      lineOf(site),
      formatBytes(nbytes),
      countOrNone(count),
      String(reads),
      String(lifetime),
      scratch ? `${op} (scratch)` : op,
      site?.source ?? "",
    ]);
    return columns([["line", "bytes", "arrays", "reads", "lifetime", "operation", "source"], ...cells], ">>>>><<", " ");
  });
}
