import { arange, multiply, type NDArray } from "nbytes";
import { expect, test } from "vitest";
import { goalsOf, goalTable, power, ratioOf, speedTable } from "../../bench/goals.js";
import { fastcountOfGaps, inPlaceAgainstCopying, linesOfFastcount, shrinkFlights } from "../../bench/jobs.js";
import { reportHtml } from "../../bench/report.js";
import { fastcountTable, shrinkTable } from "../../bench/results.js";
import type { Cell } from "../../bench/speed.js";
import { textOf } from "../../bench/tables.js";

const plan = { calls: 1, seconds: 0.001, rounds: 1 };
const quiet = (): void => {};
const seconds = (median: number) => ({ median, low: median, high: median, samples: 1 });

function cell(name: string, n: number, ours: number, numpy: number | null, loop: number | null = null): Cell {
  const timing = (of: number | null) => (of === null ? null : seconds(of));
  return { name, n, ours: seconds(ours), numpy: timing(numpy), loop: timing(loop), verdict: "equal" };
}
const cells = [
  cell("x + y", 100, 150e-9, 300e-9, 60e-9),
  cell("x + y into out", 100, 120e-9, 300e-9),
  cell("x + y", 1e5, 20e-6, 25e-6, 200e-6),
  cell("sum(x)", 1e5, 10e-6, 14e-6, 90e-6),
  cell("matrix + row", 1e5, 23e-6, 30e-6),
];
const forgetting = {
  iterations: 2000,
  disposing: 1,
  forgetting: 3,
  asked: 16e9,
  reserved: 6e8,
  smaller: [{ size: 10, ratio: 3.3 }],
};

test("goalsOf(cells) holds each figure against what is asked, and marks those that miss it", () => {
  const lines = goalTable(goalsOf(cells, forgetting)).rows.map((row) => row.map(textOf).join(" | "));
  expect(lines).toEqual([
    "x + y | NumPy's time ≤ 1.10 |  | 0.80 ✓ | ",
    "sum(x) | NumPy's speed ≥ 1.5× |  | 1.40× ✗ | ",
    "add(x, y, { out }) | ≤ 100 ns | 120 ns ✗ |  | ",
    "add(x, y), disposed | ≤ 200 ns | 150 ns ✓ |  | ",
    "matrix + row | x + y ≤ 1.10 |  | 1.15 ✗ | ",
    "2,000 × y = add(x, 1) | disposing ≤ 5× |  |  | 3.00× ✓",
    "… linear memory | ≤ 1.00 GB |  |  | 600 MB ✓",
  ]);
});

test("speedTable(cells) has a ratio where there was something to compare with", () => {
  expect(ratioOf(cells[1], "loop")).toBe(null);
  const { columns, rows } = speedTable(cells, "loop");
  expect(columns.map(({ title }) => title)).toEqual(["operation", "10²", "10⁵"]);
  expect(rows.map((row) => row.map(textOf))).toEqual([
    ["x + y", "2.50", "0.10"],
    ["sum(x)", "", "0.11"],
  ]);
  expect(power(1e7)).toBe("10⁷");
});

test("fastcountTable(...) gives bytes as figures and as multiples of n", () => {
  const result = fastcountOfGaps(1000, plan, quiet);
  const texts = fastcountTable(result).rows.map((row) => row.map(textOf));
  expect(
    texts.map(([name, , , allocated, allocs, peak, copied, verdict]) => [
      name,
      allocated,
      allocs,
      peak,
      copied,
      verdict,
    ]),
  ).toEqual([
    ["copying", "19.0 kB  19n", "5", "19.0 kB  19n", "16.0 kB", "reference"],
    ["copying, using", "19.0 kB  19n", "5", "18.0 kB  18n", "16.0 kB", "equal"],
    ["inputs kept, 3 arrays", "17.0 kB  17n", "3", "17.0 kB  17n", "0 B", "equal"],
    ["in place, 1 array", "1.00 kB   1n", "1", "1.00 kB   1n", "0 B", "equal"],
  ]);
});

function table(): { delay: NDArray<"float64">; distance: NDArray<"float64"> } {
  const delay = arange(-1000, 1000),
    steps = arange(2000);
  const distance = multiply(steps, 2.5) as NDArray<"float64">;
  steps.dispose();
  return { delay, distance };
}

test("the report is one file that asks nothing of a network, with the figures and a chart for each part", () => {
  const shrinking = shrinkFlights(table(), { seconds: 0.001, rounds: 1 }, quiet);
  expect(textOf(shrinkTable(shrinking).rows[0][3])).toBe("int16");
  const html = reportHtml({
    quick: true,
    machine: "a <machine>",
    date: "2026-01-01",
    seconds: 1,
    fastcounts: [fastcountOfGaps(1000, plan, quiet)],
    lines: linesOfFastcount(1000),
    inPlace: inPlaceAgainstCopying(1000, plan, quiet),
    shrinking,
    speed: { cells, about: { numpy: "2.4.6", python: "3.11.7", simd: "AVX2" } },
    goals: goalsOf(cells, forgetting),
    forgetting,
  });
  expect(html).not.toMatch(/https?:|src=|href=|url\(|@import|<script/);
  expect(html).toContain("19.0 kB  19n");
  expect(html).toContain("a &lt;machine&gt;");
  expect(html).toContain("const usable = logicalNot(missing);");
  expect(html.match(/<figure class="chart">/g)).toHaveLength(2 + 1 + 1 + 1 + 2);
  expect(html).not.toMatch(/undefined|NaN%|\[object/);
});
