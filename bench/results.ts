import type { memory, shrink } from "nbytes";
import type { Timing } from "./clock.js";
import type { Outcome } from "./compare.js";
import {
  formatBytes,
  formatCount,
  formatError,
  formatMultiple,
  formatPercent,
  formatRatio,
  formatTime,
} from "./format.js";
import type { Fastcount, InPlace, Shrinking } from "./jobs.js";
import type { Cell, Table } from "./tables.js";

// Results as tables: the terminal and the report show the same ones.

const dash: Cell = { text: "–", tone: "dim" };

function time(timing: Timing | null): Cell {
  return timing === null ? dash : formatTime(timing.median);
}

// Faster than the reference by more than the noise of such a machine is worth a colour; so is slower.
function ratio(value: number | null): Cell {
  if (value === null) return dash;
  const text = formatRatio(value);
  return value < 0.9 ? { text, tone: "good" } : value > 1.1 ? { text, tone: "bad" } : text;
}

function bytesAndMultiple(nbytes: number, n: number): string {
  return `${formatBytes(nbytes)} ${formatMultiple(nbytes, n).padStart(4)}`;
}

function verdict(text: string): Cell {
  if (text.startsWith("DIFFERENT")) return { text: "DIFFERENT", tone: "bad" };
  return { text, tone: text === "equal" ? "good" : "dim" };
}

/** The ways of fastcount, one line each. */
export function fastcountTable({ n, outcomes }: Fastcount): Table {
  const columns = ["", "time", "ratio", "allocated/op", "allocs/op", "peak", "copied", "result"];
  return {
    columns: columns.map((title, k) => ({ title, align: k === 0 || k === 7 ? "left" : "right" })),
    rows: outcomes.map(({ name, timing, ratio: r, bill, verdict: v }) => [
      name,
      time(timing),
      ratio(r),
      bytesAndMultiple(bill.allocated, n),
      String(bill.allocs),
      bytesAndMultiple(bill.peak, n),
      formatBytes(bill.copied),
      verdict(v),
    ]),
  };
}

/** What a reader should know of the ways whose result differs. */
export function differenceNotes(outcomes: readonly Outcome[]): string[] {
  return outcomes
    .filter(({ verdict }) => verdict.startsWith("DIFFERENT"))
    .map(({ name, verdict }) => `${name}: ${verdict}. Another result has no time and no ratio.`);
}

/** What a pair of arrays is: how many values, missing ones, usable pairs. */
export function fastcountCaption({ title, n, missing, usable }: Fastcount): string {
  const gaps = `${formatCount(missing.x)} and ${formatCount(missing.y)} missing`;
  return `${title}; n = ${formatCount(n)}, ${gaps}, ${formatCount(usable)} usable`;
}

/** What a trace says of each line of the program. */
export function lineTable(rows: readonly memory.LineRow[]): Table {
  const columns = ["line", "source", "allocs", "allocated", "freed", "live after", "peak"];
  return {
    columns: columns.map((title, k) => ({ title, align: k === 1 ? "left" : "right" })),
    rows: rows.map(({ site, source, allocs, allocated, freed, liveAfter, peak }) => [
      String(site.line),
      source?.trim() ?? "",
      String(allocs),
      formatBytes(allocated),
      freed === 0 ? "" : formatBytes(-freed),
      formatBytes(liveAfter),
      formatBytes(peak),
    ]),
  };
}

/** Operations copying and in place, one line each. */
export function inPlaceTable(results: readonly InPlace[]): Table {
  const columns = ["", "n", "copying", "in place", "ratio", "copying allocates", "in place allocates", "result"];
  return {
    columns: columns.map((title, k) => ({ title, align: k === 0 || k === 7 ? "left" : "right" })),
    rows: results.map(({ name, n, outcomes: [copying, inPlace] }) => [
      name,
      formatCount(n),
      time(copying.timing),
      time(inPlace.timing),
      ratio(inPlace.ratio),
      formatBytes(copying.bill.allocated),
      formatBytes(inPlace.bill.allocated),
      verdict(inPlace.verdict),
    ]),
  };
}

const short = (value: number | bigint): string => String(Number(Number(value).toPrecision(5)));

/** The columns of a table: from which dtype to which, and what it saves and costs. */
export function shrinkTable({ columns, before, after }: Shrinking): Table {
  const titles = ["column", "range", "lossless", "within", "tolerance", "bytes", "saves", "max error"];
  const lines: Cell[][] = columns.map(({ name, unit, tolerance, report }) => {
    return [
      name,
      `${short(report.min)} … ${short(report.max)}`,
      report.lossless?.dtype ?? { text: "float64", tone: "dim" },
      { text: report.best, tone: report.verdict === "refused" ? "dim" : "good" },
      `${tolerance} ${unit}`,
      `${formatBytes(report.before)} → ${formatBytes(report.after)}`,
      formatPercent(report.saving),
      formatError(report.maxAbs),
    ];
  });
  const total = [
    "total",
    "",
    "",
    "",
    "",
    `${formatBytes(before)} → ${formatBytes(after)}`,
    formatPercent(1 - after / before),
  ];
  return {
    columns: titles.map((title, k) => ({ title, align: [0, 2, 3].includes(k) ? "left" : "right" })),
    rows: [...lines, total],
  };
}

/** Everything that was tried on one column. */
export function candidateTable({ candidates, before, size }: shrink.ColumnReport): Table {
  const titles = [
    "dtype",
    "bytes",
    "saves",
    "below",
    "above",
    "NaN lost",
    "max abs error",
    "relative",
    "verdict",
    "why not",
  ];
  return {
    columns: titles.map((title, k) => ({ title, align: [0, 8, 9].includes(k) ? "left" : "right" })),
    rows: candidates.map((c) => [
      c.dtype,
      formatBytes(size * c.itemsize),
      formatPercent(1 - (size * c.itemsize) / before),
      formatCount(c.below),
      formatCount(c.above),
      formatCount(c.nans),
      formatError(c.maxAbs),
      formatError(c.maxRel),
      { text: c.verdict, tone: c.verdict === "refused" ? "bad" : "good" },
      c.why,
    ]),
  };
}

/** Why a column cannot be smaller: each dtype no larger than the one chosen that was refused. */
export function whyNotSmaller({ candidates, size, after }: shrink.ColumnReport): readonly shrink.Candidate[] {
  return candidates.filter(({ verdict, itemsize }) => verdict === "refused" && size * itemsize <= after);
}

/** The time of a pass over each column in each dtype, and what the answers are. */
export function passTable({ columns }: Shrinking): Table {
  const titles = ["column", "dtype", "bytes", "mean", "std", "count by bin", "mean is", "bins"];
  const rows = columns.flatMap(({ name, unit, passes }) =>
    passes.map((pass): Cell[] => {
      const of = (kind: "mean" | "std" | "bins"): string => {
        const share = pass[kind].median / passes[0][kind].median;
        return pass === passes[0]
          ? formatTime(pass[kind].median)
          : `${formatTime(pass[kind].median)} ${formatRatio(share)}×`;
      };
      const moved = pass.values.bins.reduce((sum, count, k) => sum + Math.abs(count - passes[0].values.bins[k]), 0) / 2;
      return [
        pass === passes[0] ? `${name}, ${unit}` : "",
        pass.dtype,
        formatBytes(pass.nbytes),
        of("mean"),
        of("std"),
        of("bins"),
        pass.values.mean.toPrecision(7),
        pass === passes[0] ? dash : moved === 0 ? "same" : `${formatCount(moved)} moved`,
      ];
    }),
  );
  return { columns: titles.map((title, k) => ({ title, align: k < 2 ? "left" : "right" })), rows };
}
