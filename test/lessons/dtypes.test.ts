// Smaller dtypes: the bytes they save, the errors they make, and the sums that drift.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;
const n = 1_000_000;

/** The largest difference that a dtype makes to any element, in one array and its smaller copy. */
function largestError(x: np.NDArray, dtype: np.DType): number {
  return memory.scope(() => {
    const difference = np.subtract(x, x.astype(dtype));
    return np.max(np.absolute(difference, { out: difference })) as number;
  });
}

const beyond = (x: np.NDArray, most: number): number =>
  memory.scope(() => Number(np.countNonzero(np.greater(np.absolute(x), most))));

test("lesson 62: float64 to float32 to int16 is 8, 4, 2 bytes an element", () => {
  memory.scope(() => {
    const x = np.arange(n);
    const t = memory.trace(() => [x.astype("float32"), x.astype("int16")] as const);
    expect([x, ...t.result].map((a) => [a.itemsize, a.nbytes])).toEqual([
      [8, 8_000_000],
      [4, 4_000_000],
      [2, 2_000_000],
    ]);
    expect([t.allocs, t.allocated, t.scratchPeak]).toEqual([2, 6_000_000, 0]);
    expect(t.copies().map(({ reason }) => reason)).toEqual(["dtype", "dtype"]);
  });
});

test("lesson 62: what a dtype costs is counted: the largest error, and the values beyond its range", () => {
  memory.scope(() => {
    const temperature = np.linspace(-40, 60, n),
      counts = np.remainder(np.arange(n), 40_001),
      price = np.round(np.linspace(0.01, 9999.99, n), 2),
      flux = np.linspace(1e30, 1e39, n);
    expect(largestError(temperature, "float32")).toBe(1.9073429058380498e-6);
    expect(largestError(temperature, "float16")).toBe(0.0156249843749805);
    expect(largestError(price, "float32")).toBe(0.00046875000043655746);
    expect(largestError(price, "float16")).toBe(4);
    expect(largestError(counts, "uint16")).toBe(0);
    expect(largestError(counts, "float16")).toBe(16);
    expect(beyond(counts, Number(np.iinfo("int16").max))).toBe(180_800);
    expect(beyond(flux, np.finfo("float32").max)).toBe(659_717);
    expect(np.countNonzero(np.isinf(flux.astype("float32")))).toBe(659_717);
    expect(() => counts.astype("int16", { casting: "same_value" })).toThrow("would change");
    expect(() => flux.astype("float32", { casting: "same_value" })).toThrow("would change");
  });
});

test("lesson 62: column by column, a table of 32 MB shrinks to 18 MB and never takes more than 36 MB", () => {
  memory.scope(() => {
    const t = memory.trace(() => {
      const columns: np.NDArray[] = [np.linspace(-40, 60, n), np.arange(n), np.ones(n), np.linspace(1e30, 1e39, n)];
      memory.resetPeak();
      (["float32", "uint16", "float32", "float64"] as const).forEach((dtype, i) => {
        using wide = columns[i];
        columns[i] = wide.astype(dtype);
      });
      return columns;
    });
    expect([t.peak, t.retained]).toEqual([36_000_000, 18_000_000]);
  });
});

test("lesson 62: shrink.report counts it all in one pass over each column, and shrink.apply takes no more memory", () => {
  memory.scope(() => {
    const table = {
      temp: np.linspace(-40, 60, n),
      counts: np.remainder(np.arange(n), 40_001),
      price: np.round(np.linspace(0.01, 9999.99, n), 2),
      flux: np.linspace(1e30, 1e39, n),
    };
    const scan = memory.trace(() => np.shrink.report(table, { abs: 1e-3 }));
    const { columns } = scan.result;
    expect([scan.allocs, scan.peak <= 65_536, scan.retained]).toEqual([1, true, 0]);
    expect(columns.map(({ best }) => best)).toEqual(["float32", "uint16", "float32", "float64"]);
    expect(columns.map(({ maxAbs }) => maxAbs)).toEqual([1.9073429058380498e-6, 0, 0.00046875000043655746, 0]);
    expect(columns[1].candidates.find(({ dtype }) => dtype === "int16")?.above).toBe(180_800);
    expect(columns[3].candidates.find(({ dtype }) => dtype === "float32")?.above).toBe(659_717);
    const t = memory.trace(() => np.shrink.apply(table, scan.result));
    expect([32_000_000 + t.peak, 32_000_000 + t.retained]).toEqual([36_000_000, 18_000_000]);
  });
});

test("lesson 62: shrink.report warns of the running sum in float32 that is 8.8 % off", () => {
  using tenths = np.full(1e7, 0.1);
  const report = np.shrink.report(tenths, { rel: 1e-6 });
  expect(report.columns[0]).toMatchObject({
    best: "float32",
    drift: { running: 1_087_937, exact: 999_999.9999999988 },
  });
  expect(String(report)).toContain("a running sum in float32 drifts to 1,087,937 (8.79 % off)");
});

test("lesson 62: a running sum in float32 of ten million tenths is 1,087,937; in float64 it is a million", () => {
  using single = np.full(1e7, 0.1, { dtype: "float32" });
  using double = np.full(1e7, 0.1);
  let drifting = 0;
  for (const value of single.data) drifting = Math.fround(drifting + value);
  let running = 0;
  for (const value of double.data) running += value;
  expect([drifting, running]).toEqual([1_087_937, 999_999.9998389754]);
});

test("lesson 62: sum() adds in pairs: in float32 it is off by 0.3 of a million, with dtype float64 by nothing", () => {
  using single = np.full(1e7, 0.1, { dtype: "float32" });
  using double = np.full(1e7, 0.1);
  expect([np.sum(single), np.sum(double)]).toEqual([999_999.6875, 999_999.9999999988]);
  const t = memory.trace(() => np.sum(single, null, { dtype: "float64" }));
  // A tenth in float32 is 0.10000000149011612, and ten million of that is the exact sum.
  expect([t.result, t.allocs, t.scratchPeak]).toEqual([1_000_000.0149011612, 0, 0]);
});
