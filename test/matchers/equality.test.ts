import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import "../../src/vitest.js";

/** What a failing expectation says. */
function failure(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}

describe("issue 7.23: equal arrays are equal", () => {
  test("expect(a).toEqual(b) compares dtype, shape and values, not addresses", () => {
    const a = np.array([
      [1, Number.NaN],
      [3, 4],
    ]);
    expect(a).toEqual(
      np.array([
        [1, Number.NaN],
        [3, 4],
      ]),
    );
    expect(a).toStrictEqual(a.T.T.copy());
    expect({ deep: [a] }).toEqual({ deep: [a.copy()] });
    expect(a.T).toEqual(
      np.array([
        [1, 3],
        [Number.NaN, 4],
      ]),
    );
    expect(a).not.toEqual(
      np.array([
        [1, Number.NaN],
        [3, 5],
      ]),
    );
    expect(a).not.toEqual(a.astype("float32"));
    expect(a).not.toEqual(a.reshape([4]));
    expect(np.array([2n ** 53n])).not.toEqual(np.array([2n ** 53n + 1n]));
    expect(np.array([{ re: 1, im: 2 }])).toEqual(np.array([{ re: 1, im: 2 }]));
    expect(np.zeros([0])).toEqual(np.zeros([0]));
  });

  test("expect(a).toEqual(b) of a disposed array fails, and does not throw another error", () => {
    const a = np.ones(2);
    a.dispose();
    expect(a).not.toEqual(np.ones(2));
    expect(a).toEqual(a);
  });

  test("expect(a).toBeCloseToArray(b) tells how many elements differ, where, and by how much", () => {
    const a = np.array([
      [1, 2],
      [3, 4],
    ]);
    expect(a).toBeCloseToArray([
      [1, 2],
      [3, 4 + 1e-9],
    ]);
    expect(a).toBeCloseToArray(
      [
        [1, 2],
        [3, 4.5],
      ],
      { atol: 0.5 },
    );
    expect(np.array([Number.NaN, Number.POSITIVE_INFINITY])).toBeCloseToArray([Number.NaN, Number.POSITIVE_INFINITY]);
    expect(np.array([1])).not.toBeCloseToArray([Number.POSITIVE_INFINITY]);
    expect(
      failure(() =>
        expect(a).toBeCloseToArray([
          [1, 2],
          [3.5, 6],
        ]),
      ),
    ).toBe(
      "2 of 4 elements are not within rtol 1e-7 and atol 0; the largest difference is 2\n" +
        "  at [1, 0]: 3, expected 3.5\n  at [1, 1]: 4, expected 6",
    );
    expect(failure(() => expect(a).toBeCloseToArray([1, 2]))).toBe(
      "expected an array of shape [2], but it has shape [2, 2]",
    );
    expect(failure(() => expect(3).toBeCloseToArray([3]))).toMatch("compares arrays");
  });
});
