import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";

// More elements than int32 counts, without their memory: one element that repeats.
const N = 2 ** 31 + 5,
  many = (): np.NDArray<"int8"> => np.broadcastTo(np.ones([1], { dtype: "int8" }), [N]);

describe("issue 7.9: more than 2^31 elements", () => {
  test("countNonzero(x) over all axes is exact", { timeout: 120_000 }, () => {
    np.memory.scope(() => {
      expect(np.countNonzero(many())).toBe(N);
    });
  });

  test("indices and counts that an int32 array cannot hold are refused, before anything is counted", () => {
    np.memory.scope(() => {
      const x = many(),
        sentence = `gives int32, which reaches 2147483647: ${N} elements are too many for its array`;
      for (const call of [
        () => np.countNonzero(x, 0),
        () => np.countNonzero(x, null, { keepdims: true }),
        () => np.argmax(x, 0),
        () => np.argmin(x, null, { keepdims: true }),
        () => np.nonzero(x),
        () => np.flatnonzero(x),
        () => np.argwhere(x),
      ]) {
        expect(call).toThrow(np.OverflowError);
        expect(call).toThrow(sentence);
      }
    });
  });

  test("size, item, at and printing count beyond 2^31", () => {
    np.memory.scope(() => {
      const x = many();
      expect([x.size, x.nbytes, x.item(N - 1), x.at(`${N - 3}:`).size]).toEqual([N, N, 1, 3]);
      expect(np.take(x, [N - 1, -N]).tolist()).toEqual([1, 1]);
      expect(np.arrayStr(x)).toBe("[1 1 1 ... 1 1 1]");
    });
  });
});
