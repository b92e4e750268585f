import { array, ones, prod, sum } from "nbytes";
import { describe, expect, test } from "vitest";

describe("issue 7.9: { dtype, out }: what is cast into out is what the dtype holds", () => {
  test("prod(int8, { dtype: 'uint8', out: float64 }) wraps around, as NumPy's does", () => {
    const out = array(0);
    prod(array([4, 10, 7], "int8"), null, { dtype: "uint8", out });
    expect(out.item()).toBe(24);
  });
  test("sum(int32, { dtype: 'int32', out: int64 }) wraps around", () => {
    const out = array([0n]);
    sum(array([[2 ** 31 - 1, 1]], "int32"), 1, { dtype: "int32", out });
    expect(out.tolist()).toEqual([-(2n ** 31n)]);
  });
  test("sum(float16, { dtype: 'float16', out: float32 }) is rounded to float16, and overflows as it does", () => {
    const out = ones(2, "float32");
    sum(
      array(
        [
          [60000, 60000],
          [2048, 1],
        ],
        "float16",
      ),
      1,
      { dtype: "float16", out },
    );
    expect(out.tolist()).toEqual([Infinity, 2048]);
  });
});

test("issue 7.9: prod(x, axis, { dtype: 'bool', initial }) begins with the truth of initial", () => {
  for (const [initial, due] of [
    [NaN, true],
    [0.5, true],
    [0, false],
    [-1, true],
  ] as const)
    expect(prod(array([[1, 2]], "uint16"), 1, { dtype: "bool", initial }).tolist()).toEqual([due]);
});
