import fc from "fast-check";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import type { Candidate, CandidateDType, ColumnReport, ReportOptions } from "../../src/shrink/index.js";
import * as arbitrary from "../support/arbitraries.js";
import source from "./shrink.test.js?raw";

const { memory, shrink } = np;
type Columns = Record<string, np.NDArray>;

// The columns of the specification's example, a million values each; NumPy 2.4.6 gave the figures for them.
const n = 1_000_000;
function example(): Columns {
  return {
    temp: np.linspace(-40, 60, n),
    counts: np.remainder(np.arange(n), 40_001),
    price: np.round(np.linspace(0.01, 9999.99, n), 2),
    flux: np.linspace(1e30, 1e39, n),
  };
}
/** Runs with the columns, and disposes whatever was made. */
const withExample = <R>(run: (columns: Columns) => R): R => memory.scope(() => run(example()));

const lineThatIs = (text: string): number => source.split("\n").findIndex((line) => line.trim() === text) + 1;

function candidate({ candidates }: ColumnReport, dtype: CandidateDType): Candidate {
  return candidates.find((each) => each.dtype === dtype)!;
}
const reportOf = (values: np.ArrayLike, options?: ReportOptions): ColumnReport =>
  memory.scope(() => shrink.report(np.array(values), options).columns[0]);

test("report(columns) finds float32, uint16, float32 and nothing smaller than float64, with NumPy's errors", () => {
  const { columns, before, after, saving } = withExample((table) => shrink.report(table, { abs: 1e-3 }));
  const [temp, counts, price, flux] = columns;
  expect(columns.map(({ best, verdict }) => [best, verdict])).toEqual([
    ["float32", "within"],
    ["uint16", "lossless"],
    ["float32", "within"],
    ["float64", "refused"],
  ]);
  expect(columns.map(({ maxAbs }) => maxAbs)).toEqual([1.9073429058380498e-6, 0, 0.00046875000043655746, 0]);
  expect(candidate(temp, "float16").maxAbs).toBe(0.0156249843749805);
  expect(candidate(counts, "int16")).toMatchObject({ above: 180_800, why: "180,800 values above 32,767" });
  expect(candidate(counts, "float16").maxAbs).toBe(16);
  expect(candidate(price, "float16")).toMatchObject({ maxAbs: 4, why: "max abs err 4.00 > 0.001" });
  expect(candidate(flux, "float32")).toMatchObject({ below: 0, above: 659_717, verdict: "refused" });
  expect(price.ideas.map(({ text }) => text)).toEqual(["int32 ×100 is lossless, same size"]);
  expect([before, after, saving]).toEqual([32_000_000, 18_000_000, 0.4375]);
});

test("report(columns) prints a table of 80 columns whose figures add up, and warns of running sums", () => {
  const text = withExample((table) => String(shrink.report(table, { abs: 1e-3 })));
  expect(text).toMatchInlineSnapshot(`
    "column  from     best     bytes            saves  max abs err  max rel err
    temp    float64  float32  8.00 → 4.00 MB    50 %      1.91e-6      5.95e-8
            -40 … 60; within
    counts  float64  uint16   8.00 → 2.00 MB    75 %            0            0
            0 … 40000; lossless
    price   float64  float32  8.00 → 4.00 MB    50 %      4.69e-4      5.72e-8
            0.01 … 9999.99; within; int32 ×100 is lossless, same size
    flux    float64  float64  8.00 MB            0 %            0            0
            1e30 … 1e39; nothing smaller will do
    total                     32.0 → 18.0 MB  43.8 %   tolerance abs 0.001
    why not smaller
      temp    int8, int16, int32            max abs err 0.500 > 0.001
              uint8, uint16, uint32         395,000 values below 0
              float16                       max abs err 0.0156 > 0.001
      counts  int8                          996,800 values above 127
              uint8                         993,600 values above 255
              int16                         180,800 values above 32,767
              float16                       max abs err 16.0 > 0.001
      price   int8                          987,251 values above 127
              uint8                         974,451 values above 255
              int16, uint16, int32, uint32  max abs err 0.500 > 0.001
              float16                       max abs err 4.00 > 0.001
      flux    int8                          1,000,000 values above 127
              uint8                         1,000,000 values above 255
              int16                         1,000,000 values above 32,767
              uint16                        1,000,000 values above 65,535
              float16                       1,000,000 values above 65,504
              int32                         1,000,000 values above 2,147,483,647
              uint32                        1,000,000 values above 4,294,967,295
              float32                       659,717 values above 3.40e38
    2 warnings
      temp   a running sum in float32 drifts to 10,000,020 (2.00e-4 % off); in
             float64 the sum is 10,000,000; sum() in float32 adds in pairs:
             10,000,000
      price  a running sum in float32 drifts to 4,997,616,640 (0.0477 % off); in
             float64 the sum is 5,000,000,000; sum() in float32 adds in pairs:
             5,000,000,000"
  `);
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
});

test("report(columns) keeps to 80 columns whatever the names, units and tolerances are", () => {
  const text = memory.scope(() => {
    const table = {
      "a very long name of a column": np.full(125_000, -1.25e-7),
      b: np.array([1, Number.NaN]),
      c: np.zeros(0),
    };
    return String(shrink.report(table, { abs: { b: 1.5e-200, c: 2 }, rel: 1.23456e-100 }));
  });
  expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(text).toMatchInlineSnapshot(`
    "column      from     best     bytes     saves  max abs err  max rel err
    a very lo…  float64  float64  1.00 MB     0 %            0            0
                -1.25e-7 … -1.25e-7; nothing smaller will do; 1 distinct value: int8
                codes and a table would be 125 kB
    b           float64  float16  16 → 4 B   75 %            0            0
                1 … 1; 1 NaN; lossless
    c           float64  int8     0 B         0 %            0            0
                empty; lossless
    total                         1.00 MB   0.0 %
    why not smaller
      a very lo…  all integers                max rel err 1.00 > 1.23456e-100
                  float16                     max rel err 0.0463 > 1.23456e-100
                  float32                     max rel err 2.52e-9 > 1.23456e-100
      b           int8, uint8, int16, uint16  1 NaN that no integer can hold"
  `);
});

test("report(a) accepts no change unless told otherwise", () => {
  const thirds = [1 / 3, 2 / 3, 4 / 3];
  expect(reportOf(thirds)).toMatchObject({ name: "array", best: "float64", verdict: "refused" });
  expect(reportOf(thirds, { rel: 1e-6 })).toMatchObject({ best: "float32", verdict: "within", lossless: null });
  expect(reportOf(thirds, { abs: 0 })).toMatchObject({ best: "float64", verdict: "refused", within: null, after: 24 });
  expect(reportOf(thirds, { rel: 1e-3 }).best).toBe("float16");
  expect(reportOf([0.5, 0.25], { abs: 0 })).toMatchObject({ best: "float16", verdict: "lossless" });
});

test("report(a) prefers the smaller error among dtypes of one size", () => {
  expect(reportOf([300.25, 299.5], { abs: 0.5 }).best).toBe("float16");
  expect(reportOf([4097, 4098], { abs: 2 }).best).toBe("int16");
});

test("report(a) tries the candidates it is given, smallest first", () => {
  const { candidates, best } = reportOf([1, 2, 3], { candidates: ["float32", "int16"] });
  expect([candidates.map(({ dtype }) => dtype), best]).toEqual([["int16", "float32"], "int16"]);
});

test("report(a) refuses integers for a column with NaN, and floats keep NaN and ∞", () => {
  const odd = reportOf([1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3, 300], { abs: 0 });
  expect(odd).toMatchObject({ nans: 1, best: "float16", min: Number.NEGATIVE_INFINITY, max: Number.POSITIVE_INFINITY });
  expect(candidate(odd, "int8")).toMatchObject({ nans: 1, below: 1, above: 2, why: "1 NaN that no integer can hold" });
  expect(candidate(odd, "float16")).toMatchObject({ nans: 0, below: 0, above: 0, maxAbs: 0 });
  expect(odd.drift).toEqual({ dtype: "float16", running: Number.NaN, paired: Number.NaN, exact: Number.NaN });
  expect(reportOf([Number.NaN])).toMatchObject({ min: Number.NaN, max: Number.NaN, nans: 1, best: "float16" });
});

test("report(a) narrows integers, and judges 64-bit ones exactly where float64 cannot", () => {
  const ints = (values: readonly bigint[], dtype: np.DType): ColumnReport =>
    memory.scope(() => shrink.report(np.array(values, { dtype }), { abs: 0 }).columns[0]);
  expect(ints([-3n, 200n], "int64")).toMatchObject({ best: "int16", verdict: "lossless" });
  expect(ints([0n, 70_000n], "uint64").best).toBe("int32");
  expect(candidate(ints([2n ** 53n + 1n, 5n], "int64"), "float32")).toMatchObject({ maxAbs: 1, verdict: "refused" });
  expect(candidate(ints([2n ** 53n, 5n], "int64"), "float32")).toMatchObject({ maxAbs: 0, verdict: "lossless" });
  expect(candidate(ints([2n ** 63n - 1n], "int64"), "float32").maxAbs).toBe(1);
  expect(candidate(ints([2n ** 64n - 3n], "uint64"), "float32").maxAbs).toBe(3);
  expect(candidate(ints([-(2n ** 62n) - 1n, 7n], "int64"), "float32").maxAbs).toBe(1);
  expect(candidate(ints([2n ** 62n, 7n], "int64"), "int32")).toMatchObject({ above: 1, maxAbs: 0 });
});

test("report(a) takes float16, bool and 0-d arrays, and empty ones", () => {
  memory.scope(() => {
    const of = (a: np.NDArray): ColumnReport => shrink.report(a, { abs: 0 }).columns[0];
    expect(of(np.array([1, 2, 100], { dtype: "float16" }))).toMatchObject({ from: "float16", best: "int8", max: 100 });
    expect(of(np.array([true, false]))).toMatchObject({ from: "bool", best: "bool", candidates: [], ideas: [] });
    expect(of(np.array(7))).toMatchObject({ shape: [], size: 1, best: "int8", before: 8, after: 1 });
    expect(of(np.zeros([0, 3]))).toMatchObject({ size: 0, before: 0, saving: 0, min: Number.NaN });
  });
});

test("report(a) tells of bool, of whole numbers of a smaller unit, and of codes and a table", () => {
  const ideas = (values: np.ArrayLike): string[] => reportOf(values, { abs: 0 }).ideas.map(({ kind }) => kind);
  expect(ideas([0, 1, 1, 0])).toEqual(["bool"]);
  expect(ideas([0, 1, 2])).toEqual([]);
  expect(ideas([0.1, 0.2, 0.3])).toEqual(["scaled"]);
  const few = memory.scope(() => shrink.report(np.divide(np.remainder(np.arange(3000), 7), 3), { abs: 0 }).columns[0]);
  expect(few).toMatchObject({ distinct: 7, ideas: [{ kind: "categorical", nbytes: 3000 + 7 * 8 }] });
});

test.each(["float64", "float32", "int16", "uint64"] as const)(
  "report(a) counts up to 256 distinct values of %s",
  (dtype) => {
    const count = (values: number): number | null =>
      memory.scope(() => shrink.report(np.remainder(np.arange(5000, { dtype }), values)).columns[0].distinct);
    expect([1, 2, 255, 256, 257, 1000].map(count)).toEqual([1, 2, 255, 256, null, null]);
  },
);

test("report(view) is that of its copy, whatever the layout", () => {
  const real = arbitrary.dtype.filter((dtype) => !dtype.startsWith("complex"));
  fc.assert(
    fc.property(real, arbitrary.shape, arbitrary.steps, fc.nat(19), (dtype, shape, steps, seed) => {
      memory.scope(() => {
        const view = steps.reduce(arbitrary.apply, arbitrary.counting(shape, dtype, seed));
        expect(shrink.report(view, { abs: 0 })).toEqual(shrink.report(view.copy(), { abs: 0 }));
      });
    }),
  );
  memory.scope(() => {
    const grid = np.round(np.linspace(-3, 70_000, 6006).reshape([6, 7, 143]), 2);
    for (const view of [grid.T, grid.at("::-1, ::2, ::-3"), np.broadcastTo(grid.at("0"), [3, 7, 143])]) {
      const [[{ drift, ...rest }], [same]] = [
        shrink.report(view, { rel: 1e-6 }).columns,
        shrink.report(view.copy(), { rel: 1e-6 }).columns,
      ];
      expect({ ...rest, drift: same.drift }).toEqual(same);
      // The running sum goes in row-major order everywhere; sum() goes as the memory lies.
      const paired = np.sum(view, null, { dtype: "float32" });
      expect(drift).toEqual({ ...same.drift, paired, exact: np.sum(view) });
    }
  });
});

test("report(columns) allocates 57 KiB of scratch, on the user's line, and frees it", () => {
  withExample((table) => {
    const t = memory.trace(() => shrink.report(table));
    expect([t.allocs, t.retained, t.peak]).toEqual([1, 0, t.allocated]);
    expect(t.peak).toBeLessThanOrEqual(65_536);
    expect(t.scratchPeak).toBe(t.peak);
    expect(t.lines().rows.map(({ site }) => site.line)).toEqual([
      lineThatIs("const t = memory.trace(() => shrink.report(table));"),
    ]);
  });
});

test("report(…) refuses what it cannot take before it allocates", () => {
  memory.scope(() => {
    const a = np.arange(3),
      gone = np.arange(3);
    gone.dispose();
    const refused = (run: () => unknown, kind: string, text: string): void => {
      const { allocs } = memory.trace(() => expect(run).toThrow(text), { level: "counters" });
      expect(allocs).toBe(0);
      expect(run).toThrow(expect.objectContaining({ name: kind }));
    };
    const pair = np.array([{ re: 1, im: 2 }]);
    refused(() => shrink.report(pair), "DTypeError", "column 'array' is complex128; only real dtypes shrink");
    refused(() => shrink.report({ a: [1, 2] } as never), "DTypeError", "column 'a' is no array but a list");
    refused(() => shrink.report({ gone }), "DisposedError", "was disposed");
    refused(() => shrink.report(a, { abs: -1 }), "ValueError", "abs is an error of 0 or more, not -1");
    refused(() => shrink.report(a, { rel: Number.NaN }), "ValueError", "rel is an error of 0 or more, not NaN");
    refused(() => shrink.report({ a }, { abs: { b: 1 } }), "ValueError", "a tolerance for 'b', which is no column");
    refused(() => shrink.report(a, { candidates: ["int64" as never] }), "DTypeError", "candidates are int8, uint8");
  });
});

test("apply(columns, report) converts column by column: 36 MB at the peak, 18 MB in the end", () => {
  withExample((table) => {
    const report = shrink.report(table, { abs: 1e-3 });
    const total = Object.values(table).reduce((sum, { nbytes }) => sum + nbytes, 0);
    const t = memory.trace(() => shrink.apply(table, report));
    expect(Object.entries(t.result).map(([name, { dtype }]) => `${name} ${dtype}`)).toEqual([
      "temp float32",
      "counts uint16",
      "price float32",
      "flux float64",
    ]);
    expect([total + t.peak, total + t.retained, t.allocs]).toEqual([36_000_000, 18_000_000, 3]);
    expect(t.copies().map(({ reason }) => reason)).toEqual(["dtype"]);
    expect(new Set(t.lines().rows.map(({ site }) => site.line))).toEqual(
      new Set([lineThatIs("const t = memory.trace(() => shrink.apply(table, report));")]),
    );
    expect([table.temp.disposed, table.flux.disposed, t.result.flux === table.flux]).toEqual([true, false, true]);
  });
});

test("apply(a, report) rounds fractions to the nearest whole number where the tolerance allows it", () => {
  memory.scope(() => {
    const hours = np.divide([0, 44, 46, 89, -31], 60);
    const whole = shrink.apply(hours, shrink.report(hours, { abs: 0.75 }));
    expect([whole.dtype, whole.tolist()]).toEqual(["int8", [0, 1, 1, 1, -1]]);
  });
});

test("apply(view, report) has the values that the report judged", () => {
  memory.scope(() => {
    const view = np.arange(24).reshape([4, 6]).at("::-1, ::2").T;
    const values = view.tolist();
    const small = shrink.apply({ view }, shrink.report({ view })).view;
    expect([small.dtype, small.contiguous, small.tolist()]).toEqual(["int8", true, values]);
  });
});

test("apply(…) refuses, with nothing changed, columns that are not those of the report", () => {
  memory.scope(() => {
    const a = np.arange(3),
      b = np.arange(4);
    const report = shrink.report({ a, b });
    const twins = shrink.report({ a, b: a });
    expect(() => shrink.apply({ a }, report)).toThrow("a report on the columns a, b cannot be applied to a");
    expect(() => shrink.apply({ a, b: a }, report)).toThrow("column 'b' was float64 (4,) when it was reported");
    expect(() => shrink.apply({ a, b: a }, twins)).toThrow("columns 'a' and 'b' are one array");
    expect([a.disposed, b.disposed]).toEqual([false, false]);
  });
});

test("apply(…) loses nothing if memory is refused in the middle", () => {
  memory.scope(() => {
    const table: Columns = { small: np.arange(10), large: np.arange(1000) };
    const report = shrink.report(table);
    {
      using _ = memory.limit({ allocs: 1 });
      expect(() => shrink.apply(table, report)).toThrow(np.MemoryBudgetError);
    }
    expect(Object.values(table).map(({ dtype, disposed }) => [dtype, disposed])).toEqual([
      ["float64", false],
      ["int16", false],
    ]);
  });
});

test("sweep(x, fn) tells the error of the result in each dtype, and skips those that cannot hold the values", () => {
  memory.scope(() => {
    const x = np.linspace(0, 1000, 1001);
    const live = memory.usage().live;
    const rows = shrink.sweep(x, (column) => np.mean(column) as number, ["int8", "float16", "float32"]);
    expect(rows.map(({ dtype, nbytes, why }) => [dtype, nbytes, why])).toEqual([
      ["float64", 8008, ""],
      ["int8", 1001, "873 values above 127"],
      ["float16", 2002, ""],
      ["float32", 4004, ""],
    ]);
    expect(rows.map(({ maxAbs }) => maxAbs)).toEqual([0, Number.NaN, 0, 0]);
    expect(memory.usage().live).toBe(live);
    const negatives = shrink.sweep(x, (column) => np.negative(column), ["float16"]);
    expect(negatives[1]).toMatchObject({ dataAbs: 0, maxAbs: 0, maxRel: 0 });
    expect(String(rows)).toMatchInlineSnapshot(`
      "dtype      bytes  data error  result error  relative
      float64  8.01 kB           0             0         0
      int8     1.00 kB                                      873 values above 127
      float16  2.00 kB           0             0         0
      float32  4.00 kB           0             0         0"
    `);
    expect(memory.usage().live).toBe(live);
    expect(() => shrink.sweep(x, (column) => np.zeros(column.itemsize))).toThrow(np.ShapeError);
    expect(memory.usage().live).toBe(live);
  });
});
