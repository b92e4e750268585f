import * as np from "nbytes";
import { describe, expect, test } from "vitest";

const INTEGERS = ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"] as const;

describe("bincount", () => {
  test.each(INTEGERS)("bincount(%s) counts from 0 to the largest, as int32", (dtype) => {
    np.memory.scope(() => {
      const x = np.array([1, 5, 0, 1, 1, 3]).astype(dtype);
      const counts = np.bincount(x);
      expect([counts.dtype, counts.tolist()]).toEqual(["int32", [1, 3, 0, 1, 0, 1]]);
      expect(np.bincount(x.at("::-2") as np.NDArray).tolist()).toEqual([0, 1, 0, 1, 0, 1]);
    });
  });

  test("bincount(x) of many elements is what a loop counts, with weights of any dtype the sums in their order", () => {
    np.memory.scope(() => {
      const n = 200_001,
        rng = np.random.defaultRng(3),
        x = np.multiply(rng.random(n), 97).astype("int16", { casting: "unsafe" }),
        w = rng.standardNormal(n);
      const places = x.toTypedArray() as Int16Array, // of its dtype
        weights = w.toTypedArray() as Float64Array,
        small = w.astype("float32"),
        smallWeights = small.toTypedArray() as Float32Array;
      const counts = new Int32Array(97),
        sums = new Float64Array(97),
        smallSums = new Float64Array(97);
      for (let i = 0; i < n; i++) {
        counts[places[i]]++;
        sums[places[i]] += weights[i];
        smallSums[places[i]] += smallWeights[i];
      }
      expect(np.bincount(x).tolist()).toEqual([...counts]);
      expect(np.bincount(x, w).tolist()).toEqual([...sums]);
      expect(np.bincount(x, small).tolist()).toEqual([...smallSums]);
    });
  });

  test("bincount allocates its result alone", () => {
    using x = np.arange(1000n);
    using w = np.ones(1000, "float32");
    const counted = np.memory.trace(() => np.bincount(x).dispose()),
      weighed = np.memory.trace(() => np.bincount(x, w).dispose());
    expect([counted.allocs, counted.allocated, counted.copied]).toEqual([1, 4000, 0]);
    expect([weighed.allocs, weighed.allocated, weighed.copied]).toEqual([1, 8000, 0]);
  });

  test("bincount takes lists of whole numbers, bools, nothing at all, and minlength", () => {
    np.memory.scope(() => {
      expect(np.bincount([0, 2, 2]).tolist()).toEqual([1, 0, 2]);
      expect(np.bincount([3n, 0n]).tolist()).toEqual([1, 0, 0, 1]);
      expect(np.bincount([true, false, true]).tolist()).toEqual([1, 2]);
      expect(np.bincount(new Uint8Array([2, 2])).tolist()).toEqual([0, 0, 2]);
      expect(np.bincount([]).tolist()).toEqual([]);
      expect(np.bincount([1], null, { minlength: 4 }).tolist()).toEqual([0, 1, 0, 0]);
      expect(np.bincount([], [], { minlength: 2 }).tolist()).toEqual([0, 0]);
      expect(np.bincount([1, 1, 0], [0.5, 2, 4]).tolist()).toEqual([4, 2.5]);
    });
  });

  test.each<[string, () => unknown, string]>([
    ["negative integers", () => np.bincount([1, -1]), "'list' argument must have no negative elements"],
    ["two axes", () => np.bincount([[1]]), "object too deep for desired array"],
    ["no axis", () => np.bincount(3), "object of too small depth for desired array"],
    ["weights too few", () => np.bincount([1, 2], [1]), "The weights and list don't have the same length."],
    ["minlength below 0", () => np.bincount([1], null, { minlength: -1 }), "'minlength' must not be negative"],
    ["floats", () => np.bincount(np.zeros(2)), "Cannot cast array data from dtype('float64') to dtype('int64')"],
    ["complex weights", () => np.bincount([1], [{ re: 1, im: 2 }]), "Cannot cast array data from dtype('complex128')"],
    ["too many bins", () => np.bincount([2 ** 40]), "bincount gives int32"],
  ])("bincount refuses %s", (_, call, message) => {
    const { live } = np.memory.usage();
    np.memory.scope(() => expect(call).toThrow(message));
    expect(np.memory.usage().live).toBe(live);
  });
});
