import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// What sorting allocates, and what a trace tells of it. Up to 128 KiB of scratch lie in the core, and are no allocation.

/** A shuffled array of n numbers, n prime to 7919: the integers below n. */
function shuffled(n: number, dtype: np.DType = "float64"): np.NDArray {
  const values = Float64Array.from({ length: n }, (_, i) => (i * 7919) % n);
  return np.array(values, { dtype }) as np.NDArray;
}

/** What a call allocates, in a row each, of which nothing but the result is left. */
function allocations(call: () => unknown): string[] {
  const before = np.memory.usage(),
    t = np.memory.trace(call, { level: "events" }),
    result = t.result instanceof np.NDArray ? t.result.nbytes : 0;
  expect(np.memory.usage().live - before.live).toBe(result);
  return t.events
    .filter(({ kind }) => kind === "alloc" || kind === "scratch")
    .map(({ kind, op, nbytes, reason }) => `${kind} ${op} ${nbytes} ${reason ?? ""}`.trim());
}

const COUNTERS = 3 * 2048 * 4;

describe("a.sort() of elements that are one run", () => {
  test("allocates nothing where the array is small", () => {
    using x = shuffled(10_000);
    expect(allocations(() => x.sort())).toEqual([]);
    expect(x.tolist()).toEqual(np.arange(10_000).tolist());
  });

  test("takes scratch for a large one, and gives it back", () => {
    using x = shuffled(100_000);
    expect(allocations(() => x.sort())).toEqual([`scratch sort ${800_000 + COUNTERS}`]);
    expect(np.arrayEqual(x, np.arange(100_000))).toBe(true);
  });

  test("takes counters alone for 8 and 16 bits, whatever the length", () => {
    using bytes = shuffled(100_000, "uint8"),
      words = shuffled(100_000, "int16");
    expect(allocations(() => bytes.sort())).toEqual([]);
    expect(allocations(() => words.sort())).toEqual(["scratch sort 262144"]);
  });
});

test("a.sort(0) of columns takes scratch for some of them, packed", () => {
  using x = np.reshape(shuffled(100_000), [1000, 100]).copy();
  expect(allocations(() => x.sort(0))).toEqual([`scratch sort ${8000 + COUNTERS + 65 * 8000}`]);
  expect(np.all(np.greaterEqual(x.at("1:"), x.at(":-1")))).toBe(true);
});

test("a.partition(kth) allocates nothing, however large a run is", () => {
  using x = shuffled(100_000);
  expect(allocations(() => x.partition(50_000))).toEqual([]);
  expect(x.item(50_000)).toBe(50_000);
});

test("sort(a) makes one copy, which is asked for, and partition(a, kth) too", () => {
  using x = shuffled(1000);
  expect(allocations(() => np.sort(x))).toEqual(["alloc sort 8000 requested"]);
  expect(allocations(() => np.partition(x, 3))).toEqual(["alloc partition 8000 requested"]);
});

test("argsort(a) makes int32 indices, and takes 16 bytes of scratch for each element of a long lane", () => {
  using x = shuffled(1000),
    y = shuffled(50_000, "int8");
  expect(allocations(() => np.argsort(x))).toEqual(["alloc argsort 4000"]);
  expect(allocations(() => np.argsort(y))).toEqual([`scratch argsort ${800_000 + COUNTERS}`, "alloc argsort 200000"]);
});

describe("searchsorted(a, v)", () => {
  test("of a number that the dtype holds allocates nothing", () => {
    using x = np.arange(1000, { dtype: "int32" });
    expect(allocations(() => np.searchsorted(x, 500))).toEqual([]);
    expect([np.searchsorted(x, 500), np.searchsorted(x, 500, { side: "right" })]).toEqual([500, 501]);
  });

  test("of a fraction in integers casts these, for a reason", () => {
    using x = np.arange(1000, { dtype: "int32" });
    expect(allocations(() => np.searchsorted(x, 499.5))).toEqual(["scratch searchsorted 8000 dtype"]);
    expect(np.searchsorted(x, 499.5)).toBe(500);
  });

  test("of values that its dtype holds casts these by tiles", () => {
    using x = np.arange(1000, { dtype: "int16" }),
      v = np.array([3, 999, -1]);
    expect(allocations(() => np.searchsorted(x, v))).toEqual(["alloc searchsorted 12"]);
    expect(np.searchsorted(x, v).tolist()).toEqual([3, 999, 0]);
  });
});

test("a.sort() of an array that was copied lazily makes the copy first", () => {
  using x = np.array([3, 1, 2]),
    y = x.copy({ lazy: true });
  x.sort();
  expect([x.tolist(), y.tolist()]).toEqual([
    [1, 2, 3],
    [3, 1, 2],
  ]);
});

test("argsort(a) of a lane whose scratch memory has not is an OutOfMemoryError", () => {
  using one = np.zeros(1, { dtype: "int8" });
  const many = np.broadcastTo(one, [2 ** 28]),
    { live } = np.memory.usage();
  expect(() => np.argsort(many)).toThrow(np.OutOfMemoryError);
  expect(np.memory.usage().live).toBe(live);
});
