import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

const GIB = 2 ** 30;

// Memory that is reserved but never written costs no pages: these tests hold gigabytes of addresses and little else.
describe("a heap above 2 GiB", () => {
  test("arrays whose addresses have the highest bit set compute, slice, and take writes as any other", () => {
    using low = np.empty([2 * GIB], { dtype: "uint8" });
    using x = np.arange(1000);
    expect(low.nbytes).toBe(2 * GIB);
    expect(x.address).toBeGreaterThan(2 ** 31);
    expect(x.address % 64).toBe(0);
    using y = np.add(x, 1);
    using reversed = y.at("::-1");
    using product = np.multiply(reversed, x.at(np.slice(null, null, -1)));
    expect(np.sum(y)).toBe(500500);
    expect(product.item(0)).toBe(999 * 1000);
    y.set(np.greater(y, 10), 0);
    expect(np.sum(y)).toBe(55);
    expect(np.sum(np.reshape(y, [10, 100]), 0).tolist()).toEqual(
      Array.from({ length: 100 }, (_, i) => (i < 10 ? i + 1 : 0)),
    );
    expect(y.astype("int16").sum()).toBe(55n);
    expect([...y.data.slice(0, 3)]).toEqual([1, 2, 3]);
  });
});

describe("memory that is not to be had", () => {
  test("an array of 4 GiB and more is refused before anything changes", () => {
    const before = np.memory.usage();
    for (const shape of [[2 ** 29], [2 ** 32], [2 ** 50]]) {
      expect(() => np.zeros(shape)).toThrow(np.OutOfMemoryError);
    }
    expect(() => np.zeros([2 ** 29])).toThrow(
      /Unable to allocate 4\.29 GB for an array with shape \(536870912,\) and data type float64/,
    );
    expect(np.memory.usage()).toEqual(before);
  });

  test("running out says what is live, changes no counter, and leaves the engine usable", () => {
    const held: np.NDArray[] = [];
    let error: unknown;
    try {
      for (let i = 0; i < 9; i++) held.push(np.empty([512 * 2 ** 20], { dtype: "int8" }) as unknown as np.NDArray);
    } catch (e) {
      error = e;
    }
    const full = np.memory.usage();
    expect(error).toBeInstanceOf(np.OutOfMemoryError);
    const { requested, live, reserved, largestFree } = error as np.OutOfMemoryError;
    expect(requested).toBe(2 ** 29);
    expect(live).toBe(full.live);
    expect(reserved).toBeGreaterThanOrEqual(live);
    expect(largestFree).toBeLessThan(requested);
    expect((error as Error).message).toMatch(/heap\.test\.ts/);
    using small = np.ones([1000]);
    expect(np.sum(small)).toBe(1000);
    for (const array of held) array.dispose();
    expect(np.memory.usage().live).toBe(full.live - held.length * 2 ** 29 + small.nbytes);
  });

  test("lengths that are no lengths are refused in NumPy's words", () => {
    const before = np.memory.usage();
    expect(() => np.zeros([-1])).toThrow("negative dimensions are not allowed");
    expect(() => np.zeros([1.5])).toThrow(np.DTypeError);
    expect(() => np.zeros([Number.NaN])).toThrow(np.DTypeError);
    expect(() => np.zeros([Number.POSITIVE_INFINITY])).toThrow(np.DTypeError);
    expect(() => np.zeros([2 ** 40, 2 ** 40])).toThrow("Maximum allowed dimension exceeded");
    expect(np.memory.usage()).toEqual(before);
  });
});
