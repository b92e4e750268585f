import { expect, test } from "vitest";
import * as np from "../../src/index.js";

test("shape, ndim and size of arrays, lists and numbers", () => {
  expect(
    np.shape([
      [1, 2, 3],
      [4, 5, 6],
    ]),
  ).toEqual([2, 3]);
  expect(np.shape(3)).toEqual([]);
  expect(np.ndim(np.zeros([2, 0, 3]))).toBe(3);
  expect([
    np.size([
      [1, 2],
      [3, 4],
    ]),
    np.size(np.zeros([2, 3]), 1),
    np.size(np.zeros([2, 3]), [0, -1]),
  ]).toEqual([4, 3, 6]);
  expect(() => np.size([1], 1)).toThrow(np.AxisError);
});

test("what a list is made into to answer is given back", () => {
  const before = np.memory.usage().live;
  np.shape([1, 2, 3]);
  np.iscomplexobj([1, 2]);
  expect(np.memory.usage().live).toBe(before);
});

test("iscomplexobj and isrealobj go by the dtype", () => {
  expect([np.iscomplexobj(np.ones(2, "complex64")), np.iscomplexobj([1, 2])]).toEqual([true, false]);
  expect([np.isrealobj(np.ones(2, "complex64")), np.isrealobj(true)]).toEqual([false, true]);
});

test("isscalar knows values from arrays", () => {
  expect([3, 3n, true, "a", { re: 1, im: 0 }].map((value) => np.isscalar(value))).toEqual([
    true,
    true,
    true,
    true,
    true,
  ]);
  expect([np.array(3), [3], null, undefined, {}].map((value) => np.isscalar(value))).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test("isfortran is a column-major array that is not row-major too", () => {
  const a = np.zeros([2, 3]);
  expect([np.isfortran(a), np.isfortran(a.T), np.isfortran(np.zeros(3))]).toEqual([false, true, false]);
  expect(() => np.isfortran([1] as never)).toThrow(np.DTypeError);
});

test("the constants are JavaScript's", () => {
  expect([np.pi, np.e, np.inf, np.nan]).toEqual([Math.PI, Math.E, Infinity, NaN]);
  expect(np.eulerGamma).toBeCloseTo(0.5772156649015329, 16);
});
