// Current and peak, and the table of lines.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { lineOf } from "../support/lineOf.js";
import text from "./measuring.test.js?raw";

const { memory } = np;

test("lesson 65: a thousand arrays of a thousand numbers are 8,000,000 bytes; after the scope, none", () => {
  const before = memory.usage();
  memory.resetPeak();
  memory.scope(() => {
    for (let i = 0; i < 1000; i++) np.arange(1000);
    const { live, peak, allocs, buffers } = memory.usage();
    expect(live - before.live).toBe(8_000_000);
    expect(peak).toBeGreaterThanOrEqual(live);
    expect([allocs - before.allocs, buffers - before.buffers]).toEqual([1000, 1000]);
  });
  const { live, peak } = memory.usage();
  expect(live).toBe(before.live);
  expect(peak - live).toBe(8_000_000);
  memory.resetPeak();
  expect(memory.usage().peak).toBe(live);
});

test("lesson 66: memory.lines tells what each line took and gave back", () => {
  const rows = memory.lines(function example() {
    const a = np.empty(1e6);
    const b = np.empty(2e7);
    b.dispose();
    a.dispose();
  }).rows;
  expect(
    rows.map(({ source, allocs, allocated, freed, liveAfter }) => [source, allocs, allocated, freed, liveAfter]),
  ).toEqual([
    ["const a = np.empty(1e6);", 1, 8_000_000, 0, 8_000_000],
    ["const b = np.empty(2e7);", 1, 160_000_000, 0, 168_000_000],
    ["b.dispose();", 0, 0, 160_000_000, 8_000_000],
    ["a.dispose();", 0, 0, 8_000_000, 0],
  ]);
  expect(Math.max(...rows.map((row) => row.peak))).toBe(168_000_000);
});

test("lesson 66: a line in a loop sums up and counts; no line shows bytes it did not take", () => {
  const table = memory.lines(() => {
    for (let i = 0; i < 10; i++) {
      const each = np.zeros(1000);
      each.dispose();
    }
  });
  expect(
    table.rows.map(({ source, allocs, allocated, freed, peak }) => [source, allocs, allocated, freed, peak]),
  ).toEqual([
    ["const each = np.zeros(1000);", 10, 80_000, 0, 8000],
    ["each.dispose()" + ";", 0, 0, 80_000, 0],
  ]);
  const first = lineOf(text, "each." + "dispose();") - 1;
  expect(String(table).split("\n")).toEqual([
    " line  allocs  allocated     freed  live after     peak  source",
    `   ${first}      10    80.0 kB               8.00 kB  8.00 kB  const each = np.zeros(…`,
    `   ${first + 1}                     -80.0 kB         0 B           ${"each.dispose()"};`,
  ]);
});

test("lesson 65: usage keeps its sums: live, free and overhead are all that is reserved", () => {
  using a = np.zeros(12_345);
  using v = a.at("5:");
  const u = memory.usage();
  expect(u.live + u.free + u.overhead).toBe(u.reserved);
  expect(u.overhead).toBeLessThan(1e6);
  expect(u.views).toBe(1);
  expect(v.base).toBe(a);
  expect(u.buffers).toBe(u.allocs - u.frees);
});

test("lesson 67: summary lists live bytes by dtype, and they sum to what is live", () => {
  using a = np.zeros(1000);
  using b = np.zeros(1000, { dtype: "int16" });
  using c = np.zeros(10);
  const table = memory
    .summary()
    .split("\n\n")[1]
    .split("\n")
    .map((line) => line.trim().split(/\s{2,}/));
  expect(table).toEqual([
    ["dtype", "count", "live"],
    ["float64", "2", "8.08 kB"],
    ["int16", "1", "2.00 kB"],
  ]);
  expect(memory.usage().live).toBe(a.nbytes + b.nbytes + c.nbytes);
});
