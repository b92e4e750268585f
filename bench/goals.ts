import { formatBytes, formatCount, formatRatio, formatTime } from "./format.js";
import type { Forgetting } from "./reclaim.js";
import type { Cell as SpeedCell } from "./speed.js";
import type { Cell, Table } from "./tables.js";

// The speed table, and what the project asks of it.

/** Something that was asked for, and at each size what was measured. */
export interface Goal {
  readonly text: string;
  readonly asked: string;
  readonly at: ReadonlyMap<number, { readonly measured: string; readonly reached: boolean }>;
}

type Beside = "numpy" | "loop";

/** Our time over that of NumPy or of the loop; null where it was not measured. */
export function ratioOf(cell: SpeedCell, beside: Beside): number | null {
  const other = cell[beside];
  return other === null ? null : cell.ours.median / other.median;
}

const sizesOf = (cells: readonly SpeedCell[]): number[] => [...new Set(cells.map(({ n }) => n))];
const namesOf = (cells: readonly SpeedCell[]): string[] => [...new Set(cells.map(({ name }) => name))];

/** 10 to a power as it is written: 10⁵. */
export function power(n: number): string {
  return `10${[...String(Math.round(Math.log10(n)))].map((digit) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(digit)]).join("")}`;
}

/** Ratios by operation and size: below 1 nbytes takes less time. */
export function speedTable(cells: readonly SpeedCell[], beside: Beside): Table {
  const sizes = sizesOf(cells);
  const rows = namesOf(cells).map((name): Cell[] => {
    const line = sizes.map((n): Cell => {
      const cell = cells.find((each) => each.name === name && each.n === n);
      if (cell === undefined) return "";
      if (cell.verdict !== "equal") return { text: "DIFFERENT", tone: "bad" };
      const ratio = ratioOf(cell, beside);
      if (ratio === null) return { text: "–", tone: "dim" };
      return { text: formatRatio(ratio), tone: ratio <= 1.1 ? "good" : "bad" };
    });
    return [name, ...line];
  });
  const measured = rows.filter((row) => row.slice(1).some((cell) => typeof cell === "object" && cell.text !== "–"));
  return { columns: ["operation", ...sizes.map(power)].map((title) => ({ title })), rows: measured };
}

/** Times by operation and size: ours, then NumPy's. */
export function timeTable(cells: readonly SpeedCell[]): Table {
  const sizes = sizesOf(cells);
  const rows = namesOf(cells).map((name): Cell[] => {
    const line = sizes.map((n) => {
      const cell = cells.find((each) => each.name === name && each.n === n);
      if (cell === undefined) return "";
      return [cell.ours, cell.numpy, cell.loop].map((t) => (t === null ? "–" : formatTime(t.median))).join(" / ");
    });
    return [name, ...line];
  });
  return { columns: ["operation", ...sizes.map(power)].map((title) => ({ title })), rows };
}

/** What the project asks of speed. A goal is measured at sizes where it says something. */
export function goalsOf(cells: readonly SpeedCell[], forgetting: Forgetting | null): Goal[] {
  const goals = [...besideNumPy(cells), ...wholeCalls(cells), ...layouts(cells)];
  if (forgetting !== null) goals.push(...forgettingGoals(forgetting));
  return goals.filter(({ at }) => at.size > 0);
}

const find = (cells: readonly SpeedCell[], name: string, n: number): SpeedCell | undefined =>
  cells.find((cell) => cell.name === name && cell.n === n);

// A goal measured from one figure at each size: what is not known is left out.
function goal(
  text: string,
  asked: string,
  sizes: readonly number[],
  figure: (n: number) => number | null,
  most: number,
  write: (value: number) => string,
): Goal {
  const known = sizes.flatMap((n) => {
    const value = figure(n);
    return value === null ? [] : [[n, { measured: write(value), reached: value <= most }] as const];
  });
  return { text, asked, at: new Map(known) };
}

// From 10³ on: below that a call is overhead, which has goals of its own.
function besideNumPy(cells: readonly SpeedCell[]): Goal[] {
  const sizes = sizesOf(cells).filter((n) => n >= 1000);
  const beside = (name: string) => (n: number) => {
    const cell = find(cells, name, n);
    return cell === undefined ? null : ratioOf(cell, "numpy");
  };
  const alike = [
    "x + y",
    "x + y into out",
    "x * y",
    "x < y",
    "float64 to float32",
    "float32 to float64",
    "float64 to int16",
    "int16 to float64",
  ];
  const speed = (ratio: number): string => `${formatRatio(1 / ratio)}×`;
  return [
    ...alike.map((name) => goal(name, "NumPy's time ≤ 1.10", sizes, beside(name), 1.1, formatRatio)),
    goal("sum(x)", "NumPy's speed ≥ 1.5×", sizes, beside("sum(x)"), 1 / 1.5, speed),
    goal("x[mask] = 0, random", "NumPy's speed ≥ 8×", sizes, beside("x[mask] = 0"), 1 / 8, speed),
  ];
}

function wholeCalls(cells: readonly SpeedCell[]): Goal[] {
  const seconds = (name: string) => (n: number) => find(cells, name, n)?.ours.median ?? null;
  return [
    goal("add(x, y, { out })", "≤ 100 ns", [100], seconds("x + y into out"), 100e-9, formatTime),
    goal("add(x, y), disposed", "≤ 200 ns", [100], seconds("x + y"), 200e-9, formatTime),
  ];
}

function layouts(cells: readonly SpeedCell[]): Goal[] {
  const sizes = sizesOf(cells).filter((n) => n >= 100_000);
  const against = (name: string, plain: string) => (n: number) => {
    const [cell, other] = [find(cells, name, n), find(cells, plain, n)];
    return cell === undefined || other === undefined ? null : cell.ours.median / other.ours.median;
  };
  return [
    goal("matrix + row", "x + y ≤ 1.10", sizes, against("matrix + row", "x + y"), 1.1, formatRatio),
    goal("matrix + column", "x + y ≤ 1.10", sizes, against("matrix + column", "x + y"), 1.1, formatRatio),
    goal("x + scalar", "x + y ≤ 1.10", sizes, against("x + scalar", "x + y"), 1.1, formatRatio),
    goal("x[::2] + y[::2]", "x + y ≤ 2.50", sizes, against("x[::2] + y[::2]", "x + y into out"), 2.5, formatRatio),
  ];
}

function forgettingGoals({ disposing, forgetting, reserved, iterations }: Forgetting): Goal[] {
  const loop = `${formatCount(iterations)} × y = add(x, 1)`;
  return [
    goal(
      loop,
      "disposing ≤ 5×",
      [1e6],
      () => forgetting / disposing,
      5,
      (ratio) => `${formatRatio(ratio)}×`,
    ),
    goal("… linear memory", "≤ 1.00 GB", [1e6], () => reserved, 1e9, formatBytes),
  ];
}

/** Goals, one line each, and each size's figure with ✓ or ✗. */
export function goalTable(goals: readonly Goal[]): Table {
  const sizes = [...new Set(goals.flatMap(({ at }) => [...at.keys()]))].sort((a, b) => a - b);
  const rows = goals.map(({ text, asked, at }): Cell[] => [
    text,
    asked,
    ...sizes.map((n): Cell => {
      const figure = at.get(n);
      if (figure === undefined) return "";
      return { text: `${figure.measured} ${figure.reached ? "✓" : "✗"}`, tone: figure.reached ? "good" : "bad" };
    }),
  ]);
  const columns = ["goal", "asked", ...sizes.map(power)];
  return { columns: columns.map((title, k) => ({ title, align: k < 2 ? "left" : "right" })), rows };
}
