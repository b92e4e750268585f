import { bitsOf } from "../base/digits.js";
import { plain } from "../base/plain.js";
import { formatBytes } from "../base/units.js";
import { columns as aligned, counted, WIDTH } from "../memory/common/text.js";
import { type ColumnReport, driftShare } from "./column.js";
import { errorText, exactText, percentText, shortText, sumText } from "./numbers.js";
import type { Tolerance } from "./tally.js";

// How a report reads in a terminal of 80 columns: two lines for each column of figures, its range and what else there is
// to say on the second.

/** The figures of a report. */
export interface Figures {
  readonly columns: readonly ColumnReport[];
  readonly before: number;
  readonly after: number;
  readonly saving: number;
}

/** A report as text. @internal */
export function reportText(report: Figures): string {
  const { columns } = report,
    name = shortened(columns.map((column) => column.name));
  const parts = [mainTable(report, name)];
  const whys = columns.flatMap((column, k) => whyNotSmaller(column).map((row, i) => [i === 0 ? name[k] : "", ...row]));
  if (whys.length > 0) parts.push(`why not smaller\n${aligned(whys, "<<~", "  ")}`);
  const warnings = columns.flatMap((column, k) => driftText(column).map((text) => [name[k], text]));
  if (warnings.length > 0) parts.push(`${counted(warnings.length, "warning")}\n${aligned(warnings, "<~", "  ")}`);
  return parts.join("\n");
}

const NAME = 10;

// Names leave the figures their room.
function shortened(names: readonly string[]): string[] {
  return names.map(plain).map((name) => (name.length > NAME ? `${name.slice(0, NAME - 1)}…` : name));
}

function mainTable({ columns, before, after, saving }: Figures, name: readonly string[]): string {
  const tolerances = new Set(columns.map(({ tolerance }) => toleranceText(tolerance))),
    rows = columns.map((c, k) => [
      name[k],
      c.from,
      c.best,
      changeText(c.before, c.after),
      percentText(c.saving),
      errorText(c.maxAbs),
      errorText(c.maxRel),
    ]);
  const head = ["column", "from", "best", "bytes", "saves", "max abs err", "max rel err"],
    total = ["total", "", "", changeText(before, after), percentText(saving), "", ""];
  const [titles, ...lines] = aligned([head, ...rows, total], "<<<<>>>").split("\n"),
    last = lines.pop();
  const notes = columns.map((column) =>
    aligned([["", noteOf(column, tolerances.size > 1)]], "<~", " ".repeat(Math.max(6, ...name.map((n) => n.length)))),
  );
  const [tolerance] = tolerances.size === 1 ? tolerances : [""],
    end = `${last}   ${tolerance}`.trimEnd();
  const ends = end.length > WIDTH ? [last, `  ${tolerance}`] : [end];
  return [titles, ...lines.flatMap((line, k) => [line, notes[k]]), ...ends].join("\n");
}

// `8.00 → 4.00 MB`, or with two units where they differ.
function changeText(before: number, after: number): string {
  const [from, to] = [formatBytes(before), formatBytes(after)];
  if (from === to) return from;
  const unit = ` ${from.split(" ")[1]}`;
  return `${to.endsWith(unit) ? from.slice(0, -unit.length) : from} → ${to}`;
}

function toleranceText({ abs, rel }: Tolerance): string {
  if (abs === 0 || rel === 0) return "lossless only";
  const limits = [
    abs < Number.POSITIVE_INFINITY ? `abs ${shortText(abs)}` : "",
    rel < Number.POSITIVE_INFINITY ? `rel ${shortText(rel)}` : "",
  ];
  const given = limits.filter((text) => text !== "");
  return `tolerance ${given.length > 0 ? given.join(", ") : "∞"}`;
}

function noteOf(column: ColumnReport, tolerances: boolean): string {
  const { from, size, min, max, nans, verdict, ideas, tolerance } = column;
  const bits = bitsOf(from);
  const range =
    size === 0 ? "empty" : nans === size ? "nothing but NaN" : `${exactText(min, bits)} … ${exactText(max, bits)}`;
  return [
    range,
    ...(nans > 0 && nans < size ? [`${nans.toLocaleString("en-US")} NaN`] : []),
    verdict === "refused"
      ? "nothing smaller will do"
      : verdict === "within" && tolerances
        ? toleranceText(tolerance)
        : verdict,
    ...ideas.map(({ text }) => text),
  ].join("; ");
}

// The dtypes that would be no larger than the best, those of one reason together.
function whyNotSmaller({ candidates, within, before, size }: ColumnReport): [dtypes: string, why: string][] {
  const most = within?.itemsize ?? before / size,
    reasons = new Map<string, string[]>();
  for (const { dtype, itemsize, verdict, why } of candidates) {
    if (verdict !== "refused" || itemsize > most) continue;
    reasons.set(why, [...(reasons.get(why) ?? []), dtype]);
  }
  return [...reasons].map(([why, dtypes]) => [namesOf(dtypes), why]);
}

function namesOf(dtypes: readonly string[]): string {
  return dtypes.length === 6 && dtypes.every((name) => name.includes("int")) ? "all integers" : dtypes.join(", ");
}

function driftText({ drift }: ColumnReport): string[] {
  if (drift === null || driftShare(drift) === 0) return [];
  const { dtype, running, paired, exact } = drift;
  const off = exact === 0 ? "" : ` (${errorText(100 * driftShare(drift))} % off)`;
  return [
    `a running sum in ${dtype} drifts to ${sumText(running)}${off}; in float64 the sum is ` +
      `${sumText(exact)}; sum() in ${dtype} adds in pairs: ${sumText(paired)}`,
  ];
}
