import { expect, test } from "vitest";
import { roundTo } from "../../src/base/digits.js";
import { arange, array, array2string, arrayRepr, arrayStr, memory, zeros } from "../../src/index.js";

// What is told by eye; test/text/printing.test.ts holds NumPy's own answers.

test("arrayRepr(a) says the dtype where the digits do not tell it", () => {
  memory.scope(() => {
    expect(arrayRepr(array([1, 2.5]))).toBe("array([1. , 2.5])");
    expect(arrayRepr(array([1, 2], { dtype: "int8" }))).toBe("array([1, 2], dtype=int8)");
    expect(arrayRepr(array([true, false]))).toBe("array([ True, False])");
    expect(arrayRepr(zeros([0, 3]))).toBe("array([], shape=(0, 3), dtype=float64)");
    expect(arrayRepr(array(1.5))).toBe("array(1.5)");
  });
});

test("arrayStr(a) of a 0-d array is its value", () => {
  memory.scope(() => {
    expect([
      arrayStr(array(0.1)),
      arrayStr(array(7n)),
      arrayStr(array({ re: 0, im: 2 })),
      arrayStr(array(1e-7)),
    ]).toEqual(["0.1", "7", "2j", "1e-07"]);
  });
});

test("array2string(a, options) takes NumPy's options", () => {
  memory.scope(() => {
    const a = array([0.123456789, 100, -2]);
    expect(array2string(a, { precision: 3 })).toBe("[  0.123 100.     -2.   ]");
    expect(array2string(a, { precision: 2, floatmode: "fixed" })).toBe("[  0.12 100.00  -2.00]");
    expect(array2string(arange(10, { dtype: "int8" }), { threshold: 5, edgeitems: 2, separator: ", " })).toBe(
      "[0, 1, ..., 8, 9]",
    );
    expect(array2string(array([1e-5, 1]), { suppress: true })).toBe("[0.00001 1.     ]");
  });
});

test("a large array is read at its ends only", () => {
  using a = zeros([2000, 2000]);
  const lines = arrayStr(a).split("\n");
  expect([lines.length, lines[0], lines[3]]).toEqual([7, "[[0. 0. 0. ... 0. 0. 0.]", " ..."]);
});

test("a tie goes to the even digit, as in NumPy and not as in toFixed", () => {
  using a = array([2 ** -9, 0.5]);
  expect(array2string(a, { precision: 8 })).toBe("[0.00195312 0.5       ]");
  expect((2 ** -9).toFixed(8)).toBe("0.00195313");
});

test("roundTo(16, x) rounds as halves do", () => {
  expect([0.1, 65519, 65520, 2049, 2051, 2 ** -25, 3 * 2 ** -25, -0.3].map((x) => roundTo(16, x))).toEqual([
    0.0999755859375,
    65504,
    Number.POSITIVE_INFINITY,
    2048,
    2052,
    0,
    2 ** -23,
    -0.300048828125,
  ]);
});
