import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// What test/fuzz/edges.ts found, and what stood in no test: the answers are NumPy 2.4.6's.

const { memory } = np;
const half = (...values: number[]): np.NDArray<"float16"> => np.array(values, { dtype: "float16" });
/** Runs a test of arrays whose dtypes do not matter to it. */
const within = (body: () => void) => (): void => memory.scope(body);

describe("issue 7.9: numbers beside float16, and other silent ones", () => {
  test(
    "multiply(float16, 0.1) takes the float16 nearest to 0.1, equal finds it, and 70000 is infinite",
    within(() => {
      expect(np.multiply(half(3), 0.1).item(0)).toBe(0.2998046875);
      expect(np.equal(half(0.1), 0.1).item(0)).toBe(true);
      expect(np.add(half(-60000), 70000).item(0)).toBe(Number.POSITIVE_INFINITY);
      expect(np.sum(half(1, 2), null, { initial: 0.1 })).toBe(np.add(half(3), 0.1).item(0));
      expect(
        np
          .multiply(np.lazy(half(3)), 0.1)
          .evaluate()
          .item(0),
      ).toBe(0.2998046875);
    }),
  );

  test(
    "where(test, int32, 3.4e38) is refused, as beside any array of integers",
    within(() => {
      expect(() => np.where([true], np.array([1], "int32"), 3.4e38)).toThrow(np.OverflowError);
      expect(() => np.where([true], 300, np.array([1], "uint8"))).toThrow(np.OverflowError);
    }),
  );

  test(
    "power(list of bigints, negative bigints) is refused",
    within(() => {
      expect(() => np.power([2n, 3n], [1n, -4n])).toThrow("Integers to negative integer powers");
      expect(np.power([2n, 3n], [1n, 4n]).tolist()).toEqual([2n, 81n]);
    }),
  );

  test(
    "mean(x, null, { out }) and var of another shape are refused before anything is written",
    within(() => {
      const out = np.full(2, 7),
        x = np.zeros([2, 3]);
      for (const f of [np.mean, np.var, np.std]) {
        expect(() => f(x, null, { out })).toThrow("wrong shape: got (2,) (expected ())");
        expect(() => f(x, 0, { out })).toThrow("wrong shape: got (2,) (expected (3,))");
      }
      expect(out.tolist()).toEqual([7, 7]);
      expect(np.mean(x, 1, { out }).tolist()).toEqual([0, 0]);
    }),
  );

  test(
    "round(complex, decimals) rounds each part for itself",
    within(() => {
      const z = np.array([{ re: Number.NEGATIVE_INFINITY, im: -4 }]);
      expect(np.round(z, 1).tolist()).toEqual([{ re: Number.NEGATIVE_INFINITY, im: -4 }]);
      expect(np.round(np.array([{ re: 1.26, im: Number.NaN }]), 1).tolist()).toEqual([{ re: 1.3, im: Number.NaN }]);
    }),
  );

  test(
    "var(x, null, { dtype: 'complex128' }) is complex, var(complex) is real",
    within(() => {
      expect(np.var([1, 3], null, { dtype: "complex128" })).toEqual({ re: 1, im: 0 });
      expect(np.var([{ re: 1, im: 0 }])).toBe(0);
    }),
  );

  test(
    "arange(-0, …) begins with -0, counts bigints exactly in every dtype, and refuses what is no length",
    within(() => {
      expect(Object.is(np.arange(-0, 2).item(0), -0)).toBe(true);
      expect(np.arange(2n ** 53n + 6n, 2n ** 53n + 9n, 2n, { dtype: "float64" }).size).toBe(2);
      expect(() => np.arange(Number.POSITIVE_INFINITY, 0.4)).toThrow("Maximum allowed size exceeded");
      expect(() => np.arange(2n ** 64n, 0n)).toThrow(np.OverflowError);
    }),
  );

  test(
    "roll(a, shift) takes shifts of any length",
    within(() => {
      expect(np.roll([0, 1, 2], 2n ** 62n).tolist()).toEqual([2, 0, 1]);
      expect(np.roll([0, 1, 2], [2n ** 62n, 1], 0).tolist()).toEqual([1, 2, 0]);
      expect(() => np.roll(np.array(3), [], 0)).toThrow(np.AxisError);
    }),
  );

  test(
    "place(a, mask, array) casts only what is safe; lists are assigned",
    within(() => {
      const a = np.zeros(3, "int8");
      expect(() => np.place(a, [true, false, true], np.array([4.5]))).toThrow("according to the rule 'safe'");
      expect(() => np.place(a, [true, false, true], new Uint8Array([1]))).toThrow("according to the rule 'safe'");
      np.place(a, [true, false, true], [4.5]);
      expect(a.tolist()).toEqual([4, 0, 4]);
    }),
  );
});

describe("issue 7.12: casting and dtype are never ignored", () => {
  test(
    "add(x, y, { casting }) is asked of the operands too, without a dtype",
    within(() => {
      const x = np.ones(2, "int8"),
        y = np.ones(2, "float64");
      expect(() => np.add(x, y, { casting: "no" })).toThrow("input 0 from dtype('int8') to dtype('float64')");
      expect(() => np.sin(x, { casting: "equiv" })).toThrow(np.DTypeError);
      expect(np.add(x, y, { casting: "safe" }).dtype).toBe("float64");
      expect([np.logicalAnd(x, y, { casting: "no" }).dtype, np.isnan(x, { casting: "no" }).dtype]).toEqual([
        "bool",
        "bool",
      ]);
    }),
  );

  test(
    "less(x, y, { dtype }) takes bool, which is what it gives, and refuses others",
    within(() => {
      expect(() => np.less([1.5], [2], { dtype: "float32" })).toThrow("No loop matching the specified signature");
      expect(() => np.isnan([1.5], { dtype: "float64" })).toThrow("No loop matching the specified signature");
      expect(np.less([1.5], [1.7], { dtype: "bool" }).tolist()).toEqual([true]);
    }),
  );

  test(
    "add(int32, 0.5, { dtype: 'int32' }) and complex numbers there are refused, and never a native error",
    within(() => {
      const x = np.ones(2, "int32");
      expect(() => np.add(x, 0.5, { dtype: "int32" })).toThrow(np.DTypeError);
      expect(() => np.fmin({ re: 0, im: 0 }, x, { dtype: "int64" })).toThrow(np.DTypeError);
      expect(np.add(x, 2, { dtype: "int8", casting: "same_kind" }).dtype).toBe("int8");
    }),
  );

  test("canCast(…, 'same_value') is refused: a dtype has no values", () => {
    expect(() => np.canCast("int8", "int16", "same_value" as "safe")).toThrow(np.ValueError);
  });
});

describe("issue 7.10: as NumPy 2.4", () => {
  test(
    "sum(0-d, 0), argmax, repeat: a 0-d array has one axis, 0 or -1, for these; mean has none",
    within(() => {
      const x = np.array(3);
      for (const axis of [0, -1]) {
        expect(np.tolist(np.sum(x, axis))).toBe(3);
        expect(np.tolist(np.any(x, axis))).toBe(true);
        expect(np.argmax(x, axis)).toBe(0);
        expect(np.repeat(x, 2, axis).tolist()).toEqual([3, 3]);
      }
      expect(() => np.sum(x, [0])).toThrow(np.AxisError);
      expect(() => np.mean(x, 0)).toThrow(np.AxisError);
    }),
  );

  test(
    "permuteDims(x, 0) is an array of one axis as it is, and refuses others",
    within(() => {
      const x = np.arange(3);
      expect(np.permuteDims(x, 0).tolist()).toEqual([0, 1, 2]);
      expect(np.permuteDims(x, [-1]).tolist()).toEqual([0, 1, 2]);
      expect(() => np.permuteDims(np.zeros([2, 2]), 0)).toThrow("axes don't match array");
      expect(() => np.permuteDims(np.array(1), 0)).toThrow("axes don't match array");
    }),
  );

  test(
    "at(mask of rank 0) adds an axis of length 1 or 0, and set writes all or nothing",
    within(() => {
      const x = np.arange(3);
      expect(x.at(np.array(true)).shape).toEqual([1, 3]);
      expect(x.at(np.array(false)).shape).toEqual([0, 3]);
      x.set(np.array(false), 9);
      expect(x.tolist()).toEqual([0, 1, 2]);
      x.set(np.array(true), 9);
      expect(x.tolist()).toEqual([9, 9, 9]);
    }),
  );

  test(
    "at(empty mask) needs the array's length, and selects nothing",
    within(() => {
      const none = np.zeros(0, "bool");
      expect(np.zeros([0, 3]).at(none).shape).toEqual([0, 3]);
      expect(() => np.zeros(3).at(none)).toThrow(np.IndexError);
      const empty = np.zeros([0, 3]);
      empty.set(none, 1);
      expect(empty.size).toBe(0);
    }),
  );

  test(
    "slidingWindowView(nothing, …) has windows of length 0 only",
    within(() => {
      expect(np.slidingWindowView(np.zeros(0), 0).shape).toEqual([1, 0]);
      expect(() => np.slidingWindowView(np.zeros(0), 1)).toThrow("window shape cannot be larger");
      expect(() => np.slidingWindowView(np.zeros([3, 0]), [1, 0], [-1, 1])).toThrow("window shape cannot be larger");
      expect(np.slidingWindowView(np.array(5), []).item()).toBe(5);
      expect(np.slidingWindowView(np.arange(4), [2, 2], [0, 0]).shape).toEqual([2, 2, 2]);
    }),
  );

  test(
    "copyto(a, [[1]]), full([], [4]) and insert leave out leading axes of length 1, as assignment does",
    within(() => {
      const a = np.zeros(3);
      np.copyto(a, [[1]]);
      expect(a.tolist()).toEqual([1, 1, 1]);
      expect(np.full([], [4]).item()).toBe(4);
      expect(() => np.copyto(a, 5, { where: np.array([[true]]) })).toThrow(np.ShapeError);
    }),
  );
});

describe("issue 7.3: lists that contain themselves", () => {
  const endless: unknown[] = [0];
  endless[0] = endless;
  const ring = endless as never;

  test.each<readonly [string, (x: np.NDArray) => unknown]>([
    ["at(list)", (x) => x.at(ring)],
    ["set(list, 1)", (x) => x.set(ring, 1)],
    ["sum(a, list)", (x) => np.sum(x, ring)],
    ["transpose(a, list)", (x) => np.transpose(x, ring)],
    ["reshape(a, list)", (x) => np.reshape(x, ring)],
    ["zeros(list)", () => np.zeros(ring)],
    ["broadcastTo(a, list)", (x) => np.broadcastTo(x, ring)],
    ["split(a, list)", (x) => np.split(x, ring)],
    ["arraySplit(a, list)", (x) => np.arraySplit(x, ring)],
    ["insert(a, list, 1)", (x) => np.insert(x, ring, 1)],
    ["delete(a, list)", (x) => np.delete(x, ring)],
    ["roll(a, list)", (x) => np.roll(x, ring)],
    ["repeat(a, list)", (x) => np.repeat(x, ring)],
    ["tile(a, list)", (x) => np.tile(x, ring)],
    ["take(a, list)", (x) => np.take(x, ring)],
    ["put(a, list, 1)", (x) => np.put(x, ring, 1)],
    ["moveaxis(a, list, 0)", (x) => np.moveaxis(x, ring, 0)],
    ["squeeze(a, list)", (x) => np.squeeze(x, ring)],
    ["slidingWindowView(a, list)", (x) => np.slidingWindowView(x, ring)],
    ["concatenate(list)", () => np.concatenate(ring)],
    ["array(list)", () => np.array(ring)],
    ["add(a, list)", (x) => np.add(x, ring)],
    ["compress(list, a)", (x) => np.compress(ring, x)],
    ["where option", (x) => np.sum(x, null, { where: ring })],
  ])("%s is an error of the library, and nothing is left or written", (_, call) => {
    memory.scope(() => {
      const x = np.arange(4) as unknown as np.NDArray,
        { live } = memory.usage();
      let error: unknown;
      try {
        call(x);
      } catch (thrown) {
        error = thrown;
      }
      expect(np.isNDArrayError(error)).toBe(true);
      expect([memory.usage().live, x.tolist()]).toEqual([live, [0, 1, 2, 3]]);
    });
  });
});
