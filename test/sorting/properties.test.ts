import fc from "fast-check";
import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import { DTYPES } from "../support/oracle.js";

// What holds of any elements, at lengths at which every algorithm runs: insertion, merges, digits, counting.

const lengths = fc.oneof(fc.integer({ min: 0, max: 70 }), fc.constantFrom(129, 500, 1023, 1024, 3001, 33_000));
const dtypes = fc.constantFrom(...DTYPES);

/** Arrays of any bits of a dtype, of a few different ones, or of ones in order. */
function random(dtype: np.DType, n: number, seed: number, few: boolean): np.NDArray {
  const words = np.random.defaultRng(seed).integers(0, few ? 4 : 256, n * np.zeros(1, { dtype }).itemsize);
  const bytes = words.astype("uint8"),
    bits = bytes.view(dtype as "float64") as unknown as np.NDArray;
  return few && "fc".includes(dtype[0]) ? fewValues(dtype, n, seed) : bits;
}
function fewValues(dtype: np.DType, n: number, seed: number): np.NDArray {
  const values = np.array([0, -0, 1, Number.NaN, -Infinity, Infinity, -1], { dtype });
  return np.take(values, np.random.defaultRng(seed).integers(0, 7, n).astype("int32")) as unknown as np.NDArray;
}

const sample = fc.record({ dtype: dtypes, n: lengths, seed: fc.integer({ min: 0, max: 1e6 }), few: fc.boolean() });

/** Bits as text, which tells -0 from 0 and one NaN from another. */
const bits = (a: np.NDArray): string => String(a.copy().view("uint8").toTypedArray());

function check(property: (x: np.NDArray) => void): void {
  fc.assert(
    fc.property(sample, ({ dtype, n, seed, few }) => {
      np.memory.scope(() => {
        property(random(dtype, n, seed, few));
      });
    }),
    { numRuns: 60 },
  );
}

describe("argsort(a)", () => {
  test("is a permutation that a stable sort follows, bit by bit", () => {
    check((x) => {
      const order = np.argsort(x);
      expect(np.arrayEqual(np.sort(order), np.arange(x.size, { dtype: "int32" }))).toBe(true);
      expect(bits(np.take(x, order) as unknown as np.NDArray)).toBe(bits(np.sort(x, -1, { stable: true })));
    });
  });

  test("of what is sorted leaves everything in its place", () => {
    check((x) => {
      const order = np.argsort(np.sort(x, -1, { kind: "mergesort" }));
      expect(np.arrayEqual(order, np.arange(x.size, { dtype: "int32" }))).toBe(true);
    });
  });
});

test("sort(a) holds what a stable sort does, and a.sort() what sort(a) does", () => {
  check((x) => {
    const sorted = np.sort(x),
      stable = np.sort(x, -1, { stable: true });
    if (x.dtype.startsWith("complex")) expect(bits(sorted)).toBe(bits(stable));
    else expect(np.arrayEqual(sorted, stable, { equalNan: !/int|bool/.test(x.dtype) })).toBe(true);
    const strided = np.repeat(x, 2).at("::2") as unknown as np.NDArray;
    strided.sort();
    expect(bits(strided)).toBe(bits(sorted));
  });
});

test("searchsorted(a, v) on either side leaves a where it belongs", () => {
  check((x) => {
    const sorted = np.sort(x, -1, { stable: true }),
      left = np.searchsorted(sorted, sorted),
      right = np.searchsorted(sorted, sorted, { side: "right" }),
      here = np.arange(x.size, { dtype: "int32" });
    expect(np.all(np.lessEqual(left, here))).toBe(true);
    expect(np.all(np.greater(right, here))).toBe(true);
    const sorter = np.argsort(x);
    expect(np.arrayEqual(np.searchsorted(x, sorted, { sorter }), left)).toBe(true);
  });
});

test("lexsort(keys) of one key is argsort, and of a key twice too", () => {
  check((x) => {
    const order = np.argsort(x);
    expect(np.arrayEqual(np.lexsort([x]), order)).toBe(true);
    expect(np.arrayEqual(np.lexsort([x, x]), order)).toBe(true);
  });
});

test("argpartition(a, kth) divides where partition(a, kth) does", () => {
  check((x) => {
    if (x.size === 0) return;
    const kth = Math.floor(x.size / 3),
      order = np.argsort(x),
      rank = np.emptyLike(order);
    np.put(rank, order, np.arange(x.size, { dtype: "int32" }));
    const ranks = np.take(rank, np.argpartition(x, kth)),
      value = ranks.item(kth) as number;
    expect(np.max(ranks)).toBe(x.size - 1);
    // Equal elements have ranks of their own, which the stable order gave: so they divide exactly.
    expect(np.all(np.lessEqual(ranks.at(`:${kth}`), value))).toBe(true);
    expect(np.all(np.greaterEqual(ranks.at(`${kth}:`), value))).toBe(true);
  });
});

test("a.sort() sorts each of several windows on one buffer in its turn, as NumPy does", () => {
  using base = np.array([5, 4, 3, 2, 1]);
  const windows = np.asStrided(base, [3, 3], { strides: [8, 8], writeable: true });
  windows.sort();
  // NumPy: as_strided(np.array([5., 4, 3, 2, 1]), (3, 3), (8, 8)).sort(), then the base.
  expect(base.tolist()).toEqual([3, 2, 1, 4, 5]);
});
