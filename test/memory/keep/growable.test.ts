import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;
const live = (): number => memory.usage().live;

test("growable.push(…) adds values of every dtype and returns the new length", () => {
  const cases = {
    bool: [true, false],
    int8: [-1, 5],
    uint64: [2n ** 64n - 1n, 3],
    float16: [1.5, 65504],
    complex64: [{ re: 1, im: 2 }, 3],
  } as const;
  const expected = {
    bool: [true, false],
    int8: [-1, 5],
    uint64: [2n ** 64n - 1n, 3n],
    float16: [1.5, 65504],
    complex64: [
      { re: 1, im: 2 },
      { re: 3, im: 0 },
    ],
  };
  for (const [dtype, values] of Object.entries(cases)) {
    using list = memory.growable(dtype as np.DType);
    expect([list.push(...values), list.length, list.dtype]).toEqual([2, 2, dtype]);
    using a = list.toArray();
    expect(a.tolist()).toEqual(expected[dtype as keyof typeof expected]);
  }
});

test("growable.push(…) adds nothing if one value is wrong", () => {
  using list = memory.growable("int8");
  list.push(1);
  expect(() => list.push(2, 300)).toThrow(np.OverflowError);
  expect(() => list.push(2, "a" as unknown as number)).toThrow(
    "an array holds numbers, bigints, booleans and complex numbers, not string; keep mixed data in a column for each kind",
  );
  expect([list.length, list.capacity, list.push()]).toEqual([1, 4, 1]);
});

test("growable.pop() takes the last value; of an empty one it is undefined", () => {
  using list = memory.growable("int64");
  expect(list.pop()).toBeUndefined();
  list.push(1, 2n);
  expect([list.pop(), list.length, list.capacity, list.pop(), list.pop()]).toEqual([2n, 1, 8, 1n, undefined]);
});

test("growable.toArray() is a view that stays good when the memory is replaced, and ends with the array", () => {
  const before = live();
  const list = memory.growable("float64");
  for (const value of [1, 2, 3]) list.push(value);
  const a = list.toArray();
  expect([a.base !== null, a.tolist()]).toEqual([true, [1, 2, 3]]);
  a.set(0, 9);
  list.push(4);
  expect([list.capacity, list.pop()]).toEqual([4, 4]);
  list.push(4, 5);
  expect([list.capacity, live() - before]).toEqual([8, 32 + 64]);
  a.set(1, 7);
  using grown = list.toArray();
  expect([a.tolist(), grown.tolist()]).toEqual([
    [9, 7, 3],
    [9, 2, 3, 4, 5],
  ]);
  a.dispose();
  expect(live() - before).toBe(64);
  list.dispose();
  list.dispose();
  expect([grown.disposed, live() - before]).toEqual([true, 0]);
  for (const use of [() => list.push(1), () => list.pop(), () => list.toArray(), () => list.clear()])
    expect(use).toThrow(np.DisposedError);
});

test("growable.extend(values) adds arrays, lists and typed arrays, also its own elements", () => {
  using list = memory.growable("float32");
  using m = np.arange(6).reshape([2, 3]);
  using t = m.T;
  const before = live();
  expect(list.extend(t)).toBe(6);
  expect(list.extend([10, 11])).toBe(8);
  expect(list.extend(new Int8Array([-1]))).toBe(9);
  expect(list.extend([])).toBe(9);
  {
    using own = list.toArray();
    list.extend(own.at("-2:"));
  }
  using a = list.toArray();
  expect(a.tolist()).toEqual([0, 3, 1, 4, 2, 5, 10, 11, -1, 11, -1]);
  expect([list.capacity, live() - before]).toEqual([12, 48]);
  expect(() => list.extend("ab" as unknown as number[])).toThrow(np.DTypeError);
});

test("growable({ capacity }) begins with room for so many, and allocates once", () => {
  const t = memory.trace(() => {
    using list = memory.growable("float64", { capacity: 100 });
    for (let i = 0; i < 100; i++) list.push(i);
    return [list.capacity, list.stats.reallocations, list.nbytes];
  });
  expect([t.result, t.allocs, t.allocated, t.retained]).toEqual([[100, 1, 800], 1, 800, 0]);
});

test("a growable grows inside a scope and outlives it", () => {
  using list = memory.growable("int32");
  for (let k = 0; k < 10; k++) memory.scope(() => list.push(k, k + 1));
  const last = memory.scope(() => list.toArray().item(-1));
  expect([list.length, last]).toEqual([20, 10]);
});

test("each growth is a copy with the reason `growth`, and the old memory is freed by `resize`", () => {
  const t = memory.trace(() => {
    using list = memory.growable("float64");
    for (let i = 0; i < 5; i++) list.push(i);
  });
  expect(t.events.filter((e) => e.kind === "alloc").map((e) => [e.op, e.nbytes, e.reason])).toEqual([
    ["growable", 32, undefined],
    ["growable", 64, "growth"],
  ]);
  expect(t.events.filter((e) => e.kind === "free").map((e) => e.freedBy)).toEqual(["resize", "using"]);
  expect([t.peak, t.retained]).toEqual([96, 0]);
});

test("growable(…) refuses a factor of 1 and a capacity that is none", () => {
  expect(() => memory.growable("int8", { growth: 1 })).toThrow("growth is a factor above 1, not 1");
  expect(() => memory.growable("int8", { capacity: -2 })).toThrow(
    "takes an integer that is not negative as capacity, not -2",
  );
  expect(() => memory.growable("text" as "int8")).toThrow(np.DTypeError);
});

test("growable.push(…) without memory left is an OutOfMemoryError and loses nothing", () => {
  using list = memory.growable("float64", { growth: 2 ** 30 });
  list.push(1, 2, 3, 4);
  const before = live();
  expect(() => list.push(5)).toThrow(np.OutOfMemoryError);
  expect([list.length, live()]).toEqual([4, before]);
  using a = list.toArray();
  expect(a.tolist()).toEqual([1, 2, 3, 4]);
});
