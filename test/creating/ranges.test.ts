import { arange, type Complex, DTypeError, linspace } from "nbytes";
import { describe, expect, test } from "vitest";

describe("issue 7.9: ranges of floats are stepped by the difference of the first two values, as they are held", () => {
  test.each([
    ["float16", [-8.140625, -5.64453125, -3.1484375, -0.65234375, 1.84375]],
    ["float32", [-8.142857551574707, -5.642857074737549, -3.1428565979003906, -0.6428561210632324, 1.8571443557739258]],
    ["float64", [-8.142857142857142, -5.642857142857142, -3.1428571428571423, -0.6428571428571423, 1.8571428571428577]],
  ] as const)("arange(-57 / 7, 14, 2.5, { dtype: %j })", (dtype, values) => {
    const a = arange(-57 / 7, 14, 2.5, { dtype });
    expect(a.at([0, 1, 2, 3, 4]).tolist()).toEqual(values);
  });

  test("arange(2n ** 63n, 2n ** 63n + 4n, 1n, { dtype: 'float16' }) is infinite, and no number after two", () => {
    const a = arange(2n ** 63n, 2n ** 63n + 4n, 1n, { dtype: "float16" });
    expect(a.tolist()).toEqual([Infinity, Infinity, NaN, NaN]);
  });

  test("arange(start, stop, Infinity) has the start alone, and nothing where there is no way to go", () => {
    expect(arange(-3.375, 3.125, Infinity).tolist()).toEqual([-3.375]);
    expect(arange(5, 2, -Infinity, { dtype: "int16" }).tolist()).toEqual([5]);
    expect(arange(0.1, 0.1, Infinity, { dtype: "int64" }).tolist()).toEqual([]);
    expect(arange(5, 2, Infinity).tolist()).toEqual([]);
    expect(() => arange(1e10, 1e10 + 5.75, Infinity, { dtype: "int16" })).toThrow(/10000000000/);
  });
});

test("linspace(0, { re, im }, n, { dtype: 'float32' }) is refused", () => {
  expect(() => linspace(0, { re: 1, im: 1 }, 3, { dtype: "float32" })).toThrow(DTypeError);
});

test("issue 7.9: linspace between complex ends has its step as one number, however small a part of it is", () => {
  const a = linspace({ re: 1e-310, im: 5e-324 }, 5e-324, 50).tolist() as Complex[];
  expect(a.slice(0, 49).map(({ im }) => im)).toEqual(Array(49).fill(5e-324));
});
