import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import type { Candidate, CandidateDType, ColumnReport, ReportOptions } from "../../src/shrink/index.js";

const { memory, shrink } = np;

function candidate({ candidates }: ColumnReport, dtype: CandidateDType): Candidate {
  return candidates.find((each) => each.dtype === dtype)!;
}
const reportOf = (values: np.ArrayLike, options?: ReportOptions): ColumnReport =>
  memory.scope(() => shrink.report(np.array(values), options).columns[0]);

describe("issue 7.25: lossless first", () => {
  test("report(a) keeps integers beyond 2^24 and 2^53 distinct, and shows what would not", () => {
    const ids = reportOf([9007199254740993n, 9007199254740995n]);
    expect(ids).toMatchObject({ from: "int64", best: "int64", verdict: "refused", maxAbs: 0, within: null });
    expect(candidate(ids, "float32")).toMatchObject({ maxAbs: 3, verdict: "refused", why: "max abs err 3.00 > 0" });
    expect(reportOf([608202549, 608202548])).toMatchObject({ best: "int32", verdict: "lossless" });
    expect(reportOf([9007199254740993n, 9007199254740995n], { rel: 1e-6 }).best).toBe("float32");
  });

  test.each([
    [[0.5, 0.25, -3], "float16"],
    [[0.1, 0.2], "float64"],
    [[16_777_217, 16_777_219.5], "float64"],
    [[1e300, 1], "float64"],
    [[5e-324, 0], "float64"],
    [[1.5, Number.NaN, Number.POSITIVE_INFINITY], "float16"],
    [[2 ** 24, -1, 0], "int32"],
    [[4_294_967_295, 0], "uint32"],
    [[4_294_967_296, 0], "float32"],
    [[-0, 0], "int8"],
  ] as const)("report(%j) chooses %s", (values, best) => {
    expect(reportOf(values)).toMatchObject({ best, maxAbs: 0 });
  });

  test("report(a) of what shrinks with loss only leaves it, and says what the loss would be", () => {
    const text = memory.scope(() => String(shrink.report({ x: np.array([0.1, 0.2]) })));
    expect(text).toContain("lossless only");
    expect(text).toMatch(/float32 +max abs err 2.98e-9 > 0/);
  });

  test.each([
    ["float64", "16777217 … 16777219", [16_777_217, 16_777_219]],
    ["float64", "0.1 … 0.30000000000000004", [0.1, 0.1 + 0.2]],
    ["float64", "-1.7976931348623157e308 … 5e-324", [-1.7976931348623157e308, 5e-324]],
    ["float32", "0.1 … 16777216", [0.1, 16_777_216]],
    ["float16", "0.1 … 65504", [0.1, 65_504]],
    ["int64", "-9223372036854775808 … 9223372036854775807", [-9223372036854775808n, 9223372036854775807n]],
    ["uint64", "3 … 18446744073709551615", [3n, 18446744073709551615n]],
    ["float64", "-∞ … 1", [Number.NEGATIVE_INFINITY, 1]],
  ] as const)("report(%s array) prints the range as it is: %s", (dtype, range, values) => {
    const text = memory.scope(() => String(shrink.report(np.array(values as np.ArrayLike, { dtype }))));
    expect(text).toMatch(new RegExp(`^ +${range};`, "m"));
  });

  test("report(int64 array) gives the range as bigints, over any number of blocks", () => {
    const big = 2n ** 62n;
    const { min, max } = memory.scope(() => {
      const a = np.full(5000, 7n, { dtype: "int64" });
      a.set(4000, big + 1n);
      a.set(1, -big - 1n);
      return shrink.report(a).columns[0];
    });
    expect([min, max]).toEqual([-big - 1n, big + 1n]);
  });

  test("report(bools) counts true and false, whatever their bytes are", () => {
    memory.scope(() => {
      const bools = np.array(Uint8Array.of(0, 1, 2, 255, 7)).view("bool");
      expect(shrink.report(bools).columns[0]).toMatchObject({ distinct: 2, min: 0, max: 1 });
    });
  });

  test("report(columns) takes columns of any lengths and shapes, and what holds nothing or nothing but NaN", () => {
    memory.scope(() => {
      const table = { a: np.arange(3), b: np.zeros([0, 2]), c: np.full(2, Number.NaN), d: np.ones([2, 2]) };
      const report = shrink.report(table);
      expect(report.columns.map(({ best }) => best)).toEqual(["int8", "int8", "float16", "int8"]);
      const small = shrink.apply(table, report);
      expect(Object.values(small).map(({ nbytes }) => nbytes)).toEqual([3, 0, 4, 4]);
      expect(String(shrink.report({}))).toContain("total");
    });
  });

  test("shrink's functions refuse what they do not know, in the library's errors", () => {
    memory.scope(() => {
      const a = np.arange(3),
        report = shrink.report(a);
      const refused = (run: () => unknown, kind: string, text: string): void =>
        expect(run).toThrow(expect.objectContaining({ name: kind, message: expect.stringContaining(text) }));
      refused(() => shrink.report(a, { tolerance: 1 } as never), "ArgumentError", "unexpected keyword argument");
      refused(() => shrink.report(a, 0.5 as never), "ArgumentError", "options as a plain object");
      refused(() => shrink.report(a, { abs: null as never }), "ValueError", "abs is an error of 0 or more, not null");
      refused(() => shrink.report({}, { abs: "1" as never }), "ValueError", "not '1'");
      refused(() => shrink.report(a, { candidates: "int8" as never }), "DTypeError", "a list of dtypes, not 'int8'");
      refused(() => shrink.report(new Map([["a", a]]) as never), "DTypeError", "an object of arrays, not a Map");
      refused(() => shrink.report(null as never), "DTypeError", "not null");
      refused(() => shrink.apply(a, { columns: [] } as never), "ValueError", "takes a report of shrink.report");
      refused(() => shrink.apply(a, Object.create(report) as never), "ValueError", "takes a report of shrink.report");
      refused(
        () => (shrink.apply as (...args: unknown[]) => void)(a, report, 1),
        "ArgumentError",
        "options as a plain object",
      );
      refused(() => shrink.sweep(a, 3 as never), "ValueError", "takes a function, not 3");
      refused(() => shrink.sweep([1] as never, () => 1), "DTypeError", "takes an array, not a list");
      refused(() => shrink.sweep(a, () => 1, ["int64" as never]), "DTypeError", "candidates are int8");
      expect(a.disposed).toBe(false);
    });
  });

  test("apply(columns, report) of columns that view each other loses none", () => {
    memory.scope(() => {
      const whole = np.arange(10),
        half = whole.at("::2") as np.NDArray,
        odd = np.divide(whole, 4).at("1:") as np.NDArray;
      const table = { whole: whole as unknown as np.NDArray, half, odd };
      const small = shrink.apply(table, shrink.report(table));
      expect(small.half.tolist()).toEqual([0, 2, 4, 6, 8]);
      expect([small.whole.dtype, small.half.dtype, small.odd.dtype]).toEqual(["int8", "int8", "float16"]);
      expect([whole.disposed, half.disposed]).toEqual([true, true]);
    });
  });

  test("apply(a frozen table, report) loses nothing either if memory is refused", () => {
    memory.scope(() => {
      const table = Object.freeze({ small: np.arange(10), large: np.arange(1000) });
      const report = shrink.report(table),
        { live } = memory.usage();
      {
        using _ = memory.limit({ allocs: 1 });
        expect(() => shrink.apply(table, report)).toThrow(np.MemoryBudgetError);
      }
      expect([table.small.disposed, table.large.disposed, memory.usage().live]).toEqual([false, false, live]);
      expect(shrink.apply(table, report).large.dtype).toBe("int16");
      expect(table.large.disposed).toBe(true);
    });
  });
});
