import { describe, expect, test } from "vitest";
import { readString, sliceRange } from "../../src/array/slices.js";
import { core } from "../../src/core/instance.js";
import {
  arange,
  array,
  at,
  broadcastTo,
  item,
  iterate,
  memory,
  ones,
  Slice,
  set,
  slice,
  transpose,
  zeros,
} from "../../src/index.js";

describe("index strings", () => {
  test("at('…') reads what Python reads", () => {
    expect(readString("1:, ::-1, ..., None")).toEqual([
      new Slice(1, null, null),
      new Slice(null, null, -1),
      "...",
      null,
    ]);
    expect(readString(" -3 , newaxis,:")).toEqual([-3, null, new Slice(null, null, null)]);
    expect(readString("+2:-1:3")).toEqual([new Slice(2, -1, 3)]);
    expect(readString("1,")).toEqual([1]);
  });

  test.each(["", "a", "1.5", "1:2:3:4", "1,,2", "1 2", "--1", "[1, 2]"])("at('%s') is no index", (text) => {
    using a = zeros([2, 2]);
    expect(() => at(a, text)).toThrow(
      "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices",
    );
  });

  test("strings stand beside other items", () => {
    using a = arange(24).reshape([2, 3, 4]);
    using view = at(a, 1, "::2, None", slice(1, 3));
    expect(view.tolist()).toEqual([[[13, 14]], [[21, 22]]]);
  });
});

test("sliceRange(slice, length) gives what Python's range(*slice.indices(length)) visits", () => {
  const ends = [null, -7, -5, -4, -1, 0, 1, 3, 5, 6];
  for (const start of ends) {
    for (const stop of ends) {
      for (const step of [1, 2, 3, -1, -2]) {
        const [first, count, by] = sliceRange(slice(start, stop, step), 5);
        const from = start === null ? (step > 0 ? 0 : 4) : Math.max(start < 0 ? start + 5 : start, step > 0 ? 0 : -1);
        const to = stop === null ? (step > 0 ? 5 : -1) : Math.max(stop < 0 ? stop + 5 : stop, step > 0 ? 0 : -1);
        const visited: number[] = [];
        for (let i = step < 0 ? Math.min(from, 4) : from; step > 0 ? i < Math.min(to, 5) : i > to; i += step)
          visited.push(i);
        expect(
          Array.from({ length: count }, (_, i) => first + i * by),
          `${start}:${stop}:${step}`,
        ).toEqual(visited);
      }
    }
  }
});

describe("what set allocates", () => {
  const allocations = (run: () => void): number => {
    const before = core.allocationCount();
    run();
    return core.allocationCount() - before;
  };

  test("set(mask, value) and set(slice, value) allocate nothing", () => {
    memory.scope(() => {
      const a = zeros([30, 40]);
      const mask = a.greater(1);
      expect(allocations(() => set(a, mask, 5))).toBe(0);
      expect(allocations(() => set(transpose(a), "1:, ::2", 5))).toBe(0);
      expect(allocations(() => set(a, 3, 4, 5))).toBe(0);
      // A mask of the first axis alone, and a mask that is the array itself.
      expect(allocations(() => set(a, mask.at(":, 0"), 5))).toBe(0);
      expect(allocations(() => set(mask, mask, false))).toBe(0);
    });
  });

  test("set(mask, values) and set(indices, values) cast by tiles and allocate nothing", () => {
    memory.scope(() => {
      const a = zeros([3000]);
      const mask = ones([3000], { dtype: "bool" });
      const values = arange(3000, { dtype: "int16" });
      const backwards = arange(2999, -1, -1, { dtype: "int32" });
      expect(allocations(() => set(a, mask, values))).toBe(0);
      expect(a.tolist()).toEqual(Array.from({ length: 3000 }, (_, i) => i));
      expect(allocations(() => set(a, backwards, values))).toBe(0);
      expect(a.tolist()).toEqual(Array.from({ length: 3000 }, (_, i) => 2999 - i));
    });
  });

  test("values that overlap the target are copied first, and only then", () => {
    memory.scope(() => {
      const a = arange(6);
      expect(allocations(() => set(a, "1:", a.at(":-1")))).toBe(1);
      expect(a.tolist()).toEqual([0, 0, 1, 2, 3, 4]);
      expect(allocations(() => set(a, ":3", a.at("3:")))).toBe(0);
      expect(a.tolist()).toEqual([2, 3, 4, 2, 3, 4]);
      set(a, [5, 4, 3, 2, 1, 0], a);
      expect(a.tolist()).toEqual([4, 3, 2, 4, 3, 2]);
    });
  });
});

test("set(a, index, value) changes nothing when an index is out of range", () => {
  using a = zeros([20_000]);
  using index = arange(20_000, { dtype: "int32" });
  set(index, 19_999, 20_000);
  expect(() => set(a, index, 1)).toThrow("index 20000 is out of bounds for axis 0 with size 20000");
  expect(a.sum()).toBe(0);
});

test("set(a, indices, values) leaves the last value of an index that comes twice", () => {
  using a = zeros([4]);
  using index = arange(20_000, { dtype: "int32" }).remainder(4);
  using values = arange(20_000);
  set(a, index, values);
  expect(a.tolist()).toEqual([19_996, 19_997, 19_998, 19_999]);
});

test("set(a, index, value) asks that a value fits the dtype", () => {
  using a = zeros([3], { dtype: "int8" });
  expect(() => set(a, 0, 128)).toThrow("integer 128 is out of bounds for int8");
  expect(() => set(a, [true, false, true], Number.NaN)).toThrow("cannot convert float NaN to integer");
  expect(() => set(a, "...", [1, 2, 300])).toThrow("integer 300 is out of bounds for int8");
  expect(a.tolist()).toEqual([0, 0, 0]);
});

test("set(a, index, value) refuses a read-only array", () => {
  using a = ones([3]);
  using wide = broadcastTo(a, [2, 3]);
  expect(() => set(wide, 0, 1)).toThrow("assignment destination is read-only");
});

test("at(a, list) and at(a, i) count bigints and typed arrays as integers; a fraction is none", () => {
  memory.scope(() => {
    const a = array([10, 20, 30]);
    expect(at(a, [2n, 0n]).tolist()).toEqual([30, 10]);
    expect(at(a, Uint8Array.of(1, 1)).tolist()).toEqual([20, 20]);
    expect(at(a, -1n).tolist()).toBe(30);
    expect(() => at(a, 0.5)).toThrow("only integers, slices");
    expect(() => at(a, [0, 0.5])).toThrow("only integers, slices");
    expect(() => at(a, Float64Array.of(1))).toThrow("arrays used as indices must be of integer (or boolean) type");
  });
});

test("item(a, …) gives JavaScript values", () => {
  using a = array([
    [1, 2],
    [3, 4],
  ]);
  expect([item(a, 1, -2), item(a, 3), item(a.at("1:, 1:"))]).toEqual([3, 4, 4]);
  expect(() => item(a)).toThrow("can only convert an array of size 1 to a scalar");
  expect(() => item(a, 0, 2)).toThrow("index 2 is out of bounds for axis 1 with size 2");
});

test("iterate(a) yields values of one axis and views of more", () => {
  using a = array([
    [1, 2],
    [3, 4],
  ]);
  expect([...iterate(a.at(0))]).toEqual([1, 2]);
  expect([...iterate(a)].map((row) => (row as typeof a).base === a)).toEqual([true, true]);
  expect(() => [...iterate(a.at(0, 0))]).toThrow("iteration over a 0-d array");
});
