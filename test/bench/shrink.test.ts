import { arange, array, divide, linspace, memory, multiply, type NDArray, remainder, round } from "nbytes";
import { expect, test } from "vitest";
import { analyse, type Candidate, type CandidateDType, type ColumnReport, shrink } from "../../bench/shrink.js";

// The columns of the specification's example, with 10,000 values each; NumPy 2.4.6 gave the figures for them.
const n = 10_000;
const makers: Record<string, () => NDArray> = {
  temp: () => linspace(-40, 60, n),
  counts: () => {
    using steps = multiply(arange(n), 5);
    return remainder(steps, 40001);
  },
  price: () => {
    using raw = linspace(0.01, 9999.99, n);
    return round(raw, 2);
  },
  flux: () => linspace(1e30, 1e39, n),
};

function report(name: string): ColumnReport {
  using column = makers[name]();
  return analyse(name, column, { abs: 1e-3 });
}
function candidate({ candidates }: ColumnReport, dtype: CandidateDType): Candidate {
  return candidates.find((each) => each.dtype === dtype)!;
}

test("analyse(temp) takes float32 and refuses float16 by its error, uint16 by its values", () => {
  const temp = report("temp");
  expect([temp.min, temp.max, temp.missing, temp.scaled]).toEqual([-40, 60, 0, null]);
  expect([temp.lossless, temp.within?.dtype]).toEqual([null, "float32"]);
  expect(candidate(temp, "float32")).toMatchObject({ maxAbs: 1.9071578805096578e-6, maxRel: 5.913753528472002e-8 });
  expect(candidate(temp, "float16")).toMatchObject({ maxAbs: 0.015617186718671405, verdict: "refused" });
  expect(candidate(temp, "float16").why).toBe("largest error 0.0156 > 0.00100");
  expect(candidate(temp, "uint16")).toMatchObject({ below: 3950, above: 0, why: "3,950 values below 0" });
});

test("analyse(counts) takes uint16, which is lossless", () => {
  const counts = report("counts");
  expect([counts.lossless?.dtype, counts.within?.dtype]).toEqual(["uint16", "uint16"]);
  expect(candidate(counts, "int16")).toMatchObject({ above: 1447, why: "1,447 values above 32,767" });
  expect(candidate(counts, "float16")).toMatchObject({ maxAbs: 16, maxRel: 0.0004880429477794046, verdict: "refused" });
  expect(counts.candidates.map(({ above }) => above)).toEqual([9949, 9897, 1447, 0, 0, 0, 0, 0]);
});

test("analyse(price) takes float32, and finds that int32 ×100 is lossless", () => {
  const price = report("price");
  expect([price.lossless, price.within?.dtype, price.scaled]).toEqual([null, "float32", "int32 ×100"]);
  expect(candidate(price, "float32").maxAbs).toBe(0.00046875000043655746);
  expect(candidate(price, "float16").maxAbs).toBe(3.9899999999997817);
  expect(candidate(price, "int16")).toMatchObject({ maxAbs: 0.5, maxRel: 1, verdict: "refused" });
});

test("analyse(flux) counts the 6,597 values that overflow float32, and leaves float64", () => {
  const flux = report("flux");
  expect([flux.lossless, flux.within]).toEqual([null, null]);
  expect(candidate(flux, "float32")).toMatchObject({ above: 6597, why: "6,597 values above 3.40e+38" });
  expect(candidate(flux, "float32").maxAbs).toBe(1.0136141253809311e31);
});

test("analyse(...) refuses integers for a column with NaN, and floats keep NaN and ∞", () => {
  using column = array([1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 3, 300]);
  const odd = analyse("odd", column);
  expect([odd.missing, odd.lossless?.dtype]).toEqual([1, "float16"]);
  expect(candidate(odd, "int8")).toMatchObject({ nans: 1, below: 1, above: 2, verdict: "refused" });
  expect(candidate(odd, "int8").why).toBe("1 NaN that no integer can hold");
  expect(candidate(odd, "float16")).toMatchObject({ nans: 0, below: 0, above: 0, maxAbs: 0 });
});

test("analyse(...) needs at most 64 KiB of scratch, and frees it", () => {
  using column = makers.temp();
  const before = memory.usage().live;
  const { peak, retained } = memory.trace(() => analyse("temp", column), { level: "counters" });
  expect(peak).toBeLessThanOrEqual(65_536);
  expect([retained, memory.usage().live - before]).toEqual([0, 0]);
});

test("analyse(...) reads every value of a column that is no multiple of its blocks", () => {
  using column = arange(1025);
  expect(analyse("ramp", column)).toMatchObject({ min: 0, max: 1024, size: 1025, lossless: { dtype: "int16" } });
  using none = arange(0);
  expect(analyse("none", none)).toMatchObject({ size: 0, missing: 0, lossless: { dtype: "int8" } });
});

test("shrink(...) converts column by column: at the peak one new column lives beside the table", () => {
  const columns = { temp: makers.temp(), counts: makers.counts(), price: makers.price(), flux: makers.flux() };
  const reports = Object.entries(columns).map(([name, column]) => analyse(name, column, { abs: 1e-3 }));
  const { result, peak, retained } = memory.trace(() => shrink(columns, reports));
  expect(Object.values(result).map(({ dtype }) => dtype)).toEqual(["float32", "uint16", "float32", "float64"]);
  expect([peak, retained]).toEqual([4 * n, (4 + 2 + 4 + 8 - 32) * n]);
  for (const column of Object.values(result)) column.dispose();
});

test("shrink(...) rounds fractions to the nearest whole number where the tolerance allows it", () => {
  using minutes = array([0, 44, 46, 89, -31]);
  const hours = divide(minutes, 60);
  const { hours: whole } = shrink({ hours }, [analyse("hours", hours, { abs: 0.75 })]);
  expect([whole.dtype, whole.tolist()]).toEqual(["int8", [0, 1, 1, 1, -1]]);
  whole.dispose();
});
