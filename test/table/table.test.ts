import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { factorize, memory, table } = np;
const live = (): number => memory.usage().live;

test("lesson 29: factorize(strings): 1,000,000 strings of 4 kinds are 1,000,000 bytes of codes and 4 strings", () => {
  const kinds = ["ERROR", "INFO", "WARN", "DEBUG"],
    strings = Array.from({ length: 1_000_000 }, (_, i) => kinds[(i * 7) % 4]);
  const t = memory.trace(() => factorize(strings));
  using made = t.result;
  expect([t.allocs, t.peak, made.codes.dtype, made.categories.length]).toEqual([1, 1_000_000, "int8", 4]);
  expect(made.tolist()).toEqual(strings);
});

test("factorize(strings) takes the smallest dtype: 128 kinds are int8, 129 int16, 32,769 int32; none is -1", () => {
  for (const [count, dtype] of [
    [128, "int8"],
    [129, "int16"],
    [32_768, "int16"],
    [32_769, "int32"],
  ] as const) {
    using made = factorize(Array.from({ length: count }, (_, i) => `k${i}`));
    expect([made.codes.dtype, made.item(-1)]).toEqual([dtype, `k${count - 1}`]);
  }
  using none = factorize(["a", null, undefined, "a"]);
  expect([none.codes.tolist(), none.tolist()]).toEqual([
    [0, -1, -1, 0],
    ["a", null, null, "a"],
  ]);
});

test("lesson 30: table({ x, y }) of 100,000 points is 1,600,000 bytes in 2 arrays", () => {
  const t = memory.trace(() => table({ x: new Float64Array(100_000), y: new Float64Array(100_000) }));
  using points = t.result;
  expect([t.allocs, t.peak, points.nbytes, points.length]).toEqual([2, 1_600_000, 1_600_000, 100_000]);
});

test("table(columns).select and head are views, rows and sortBy copies; the end frees all that was made", () => {
  const before = live();
  {
    using t = table({ x: [3, 1, 2], name: ["c", "a", "b"] });
    using part = t.select(["x"]);
    using first = t.head(2);
    expect(np.sharesMemory(part.array("x"), t.array("x"))).toBe(true);
    expect(first.toJSON()).toEqual([
      { x: 3, name: "c" },
      { x: 1, name: "a" },
    ]);
    using masked = t.rows([true, false, true]);
    using picked = t.rows([2, 0]);
    using sorted = t.sortBy("name");
    using turned = t.sortBy("x", { descending: true });
    expect(np.sharesMemory(masked.array("x"), t.array("x"))).toBe(false);
    expect(masked.toJSON()).toEqual([
      { x: 3, name: "c" },
      { x: 2, name: "b" },
    ]);
    expect(picked.array("x").tolist()).toEqual([2, 3]);
    expect(sorted.array("x").tolist()).toEqual([1, 2, 3]);
    expect(turned.array("x").tolist()).toEqual([3, 2, 1]);
    expect([t.columns, t.dtypes]).toEqual([["x", "name"], { x: "float64", name: "category" }]);
  }
  expect(live()).toBe(before);
});

test("table({ x }) has a view of an array: writing one writes the other, and the array outlives the table", () => {
  using x = np.zeros(3);
  {
    using t = table({ x });
    t.array("x").set(0, 5);
  }
  expect(x.tolist()).toEqual([5, 0, 0]);
});

test("table(rows) makes columns of JSON rows: what is missing is NaN or no string", () => {
  using t = table([{ a: 1, b: "x" }, { a: null, b: null }, { b: "y" }]);
  expect(t.toJSON()).toEqual([
    { a: 1, b: "x" },
    { a: Number.NaN, b: null },
    { a: Number.NaN, b: "y" },
  ]);
});

test("String(table) is aligned text", () => {
  using t = table({ x: [1.5, 20], name: ["ab", "c"] });
  expect(String(t)).toBe("     x  name\n0  1.5    ab\n1   20     c\n[2 rows × 2 columns, 18 B]");
});

test("table(columns) refuses lengths and shapes that do not fit, and leaves nothing behind", () => {
  const before = live();
  expect(() => table({ x: [1, 2], y: [1] })).toThrow("columns have one length: 'x' has 2 rows, 'y' 1");
  expect(() => table({ x: [[1, 2]] })).toThrow("column 'x' has 2 axes");
  using t = table({ price: [1, 2] });
  expect(() => t.at("prise")).toThrow("no column 'prise': did you mean 'price'?");
  expect(() => t.rows([true])).toThrow(np.ShapeError);
  t.dispose();
  expect(live()).toBe(before);
});
