import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory, table } = np;

test("table(rows) of rows with missing keys, null, and mixed types: strings where any is one, NaN where a number is missing", () => {
  const before = memory.usage().live;
  {
    using t = table([
      { title: "Up", gross: 12.5, seen: true, sold: null },
      { title: 300, seen: null, gross: null, extra: 1 },
      { gross: 3, seen: false, sold: undefined },
    ]);
    expect(t.columns).toEqual(["title", "gross", "seen", "sold", "extra"]);
    expect(t.dtypes).toEqual({
      title: "category",
      gross: "float64",
      seen: "float64",
      sold: "float64",
      extra: "float64",
    });
    // In JSON what is missing is null again.
    expect(JSON.parse(JSON.stringify(t))).toEqual([
      { title: "Up", gross: 12.5, seen: 1, sold: null, extra: null },
      { title: "300", gross: null, seen: null, sold: null, extra: 1 },
      { title: null, gross: 3, seen: 0, sold: null, extra: null },
    ]);
  }
  expect(memory.usage().live).toBe(before);
});

test("table(rows): bools and 64-bit integers stay what they are where none is missing", () => {
  using t = table([
    { yes: true, id: 2n ** 60n },
    { yes: false, id: -1n },
  ]);
  expect(t.dtypes).toEqual({ yes: "bool", id: "int64" });
  expect(t.toJSON()).toEqual([
    { yes: true, id: String(2n ** 60n) },
    { yes: false, id: "-1" },
  ]);
});

test("table(rows) has columns of any name, and refuses lists and objects by row and column", () => {
  using t = table(JSON.parse('[{ "__proto__": 1, "constructor": 2 }]') as Record<string, number>[]);
  expect(t.columns).toEqual(["__proto__", "constructor"]);
  expect(() => table([{ x: 1 }, { x: [1, 2] }])).toThrow(
    "column 'x' has a list in row 1: columns hold numbers, strings and bools",
  );
  expect(() => table([{ x: 1 }, 7 as never])).toThrow("a row is an object, which 7 (row 1) is not");
  expect(() => table([[1] as never])).toThrow("a row is an object, which a list (row 0) is not");
});
