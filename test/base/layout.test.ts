import { describe, expect, test } from "vitest";
import {
  assignedStrides,
  bounds,
  broadcastShapes,
  broadcastStrides,
  checkAxes,
  checkAxis,
  checkReshape,
  checkShape,
  cutAt,
  isContiguous,
  partsOf,
  reshapeStrides,
  rowMajor,
  shapeText,
  sizeOfShape,
} from "../../src/base/layout.js";

/** Byte offsets of the elements in row-major order. */
function offsets(shape: readonly number[], strides: readonly number[]): number[] {
  let at = [0];
  for (let k = 0; k < shape.length; k++)
    at = at.flatMap((start) => Array.from({ length: shape[k] }, (_, i) => start + i * strides[k]));
  return at;
}

test("shapeText(shape) writes a shape as Python writes a tuple", () => {
  expect([[], [4], [2, 3], [0, 1, 2]].map(shapeText)).toEqual(["()", "(4,)", "(2,3)", "(0,1,2)"]);
});

test("sizeOfShape(shape) is the product of the lengths: 1 without axes, 0 with an empty one", () => {
  expect([[], [4], [2, 3], [5, 0, 7]].map(sizeOfShape)).toEqual([1, 4, 6, 0]);
});

describe("checkShape(shape)", () => {
  test("takes a length alone, and a list", () => {
    expect([checkShape(3), checkShape([2, 0])]).toEqual([[3], [2, 0]]);
  });
  test.each([
    [[-1], "negative dimensions are not allowed"],
    [[2, 1.5], "1.5 cannot be interpreted as an integer"],
    [[2 ** 40, 2 ** 40], "Maximum allowed dimension exceeded"],
    [[0, 2 ** 40, 2 ** 40], "Maximum allowed dimension exceeded"],
    [new Array(65).fill(1), "maximum supported dimension for an ndarray is currently 64, found 65"],
  ])("refuses %j", (shape, sentence) => {
    expect(() => checkShape(shape)).toThrow(sentence);
  });
});

test("rowMajor(shape, itemsize): the last axis goes by the itemsize; an empty axis counts as one of length 1", () => {
  expect(rowMajor([2, 3, 4], 8)).toEqual([96, 32, 8]);
  expect(rowMajor([2, 0, 4], 8)).toEqual([32, 32, 8]);
  expect(rowMajor([], 8)).toEqual([]);
});

test("isContiguous(shape, strides, itemsize) looks at axes of more than one element", () => {
  expect(isContiguous([2, 3], [24, 8], 8)).toBe(true);
  expect(isContiguous([2, 1, 3], [24, 999, 8], 8)).toBe(true);
  expect(isContiguous([2, 3], [8, 16], 8)).toBe(false);
  expect(isContiguous([3], [-8], 8)).toBe(false);
  expect(isContiguous([3, 0], [1, 1], 8)).toBe(true);
});

describe("checkAxis(axis, ndim)", () => {
  test("counts from the end below 0", () => {
    expect([0, 2, -1, -3].map((axis) => checkAxis(axis, 3))).toEqual([0, 2, 2, 0]);
  });
  test.each([3, -4])("refuses %d of 3 in NumPy's words", (axis) => {
    expect(() => checkAxis(axis, 3)).toThrow(`axis ${axis} is out of bounds for array of dimension 3`);
  });
  test("checkAxes(null, ndim) is all of them; a repeated one is refused, also as a negative number", () => {
    expect(checkAxes(null, 3)).toEqual([0, 1, 2]);
    expect(checkAxes([-1, 0], 3)).toEqual([2, 0]);
    expect(() => checkAxes([2, -1], 3)).toThrow("duplicate value in 'axis'");
  });
});

describe("broadcastShapes(…shapes)", () => {
  test.each([
    [
      [[], [2, 2]],
      [2, 2],
    ],
    [
      [[2, 3], [3]],
      [2, 3],
    ],
    [
      [
        [3, 1],
        [1, 4],
      ],
      [3, 4],
    ],
    [[[1], [0]], [0]],
    [
      [[2, 1, 4], [3, 1], [1]],
      [2, 3, 4],
    ],
  ])("of %j is %j", (shapes, due) => {
    expect(broadcastShapes(...shapes)).toEqual(due);
    expect(broadcastShapes(...[...shapes].reverse())).toEqual(due);
  });
  test("refuses lengths that differ and are not 1", () => {
    expect(() => broadcastShapes([2, 3], [4])).toThrow(
      "operands could not be broadcast together with shapes (2,3) (4,)",
    );
    expect(() => broadcastShapes([0], [2])).toThrow("(0,) (2,)");
  });
});

test("broadcastStrides(shape, strides, target) repeats by stride 0, and is null where it cannot", () => {
  expect(broadcastStrides([3, 1], [8, 8], [2, 3, 4])).toEqual([0, 8, 0]);
  expect(broadcastStrides([2, 3], [24, 8], [2, 3])).toEqual([24, 8]);
  expect(broadcastStrides([2], [8], [3])).toBeNull();
  expect(broadcastStrides([1, 3], [24, 8], [3])).toBeNull();
  expect(assignedStrides([1, 1, 3], [24, 24, 8], [3])).toEqual([8]);
  expect(assignedStrides([2, 3], [24, 8], [3])).toBeNull();
});

test("bounds(shape, strides, itemsize) are the bytes that elements touch", () => {
  for (const [shape, strides] of [
    [
      [2, 3],
      [24, 8],
    ],
    [
      [2, 3],
      [-24, 16],
    ],
    [
      [3, 2],
      [0, -8],
    ],
    [[], []],
  ] as const) {
    const all = offsets(shape, strides);
    expect(bounds(shape, strides, 8)).toEqual([Math.min(...all), Math.max(...all) + 8]);
  }
  expect(bounds([2, 0], [24, 8], 8)).toEqual([0, 0]);
});

describe("checkReshape(size, shape)", () => {
  test("fills in the one -1", () => {
    expect([checkReshape(6, -1), checkReshape(6, [2, -1]), checkReshape(0, [0, 4])]).toEqual([[6], [2, 3], [0, 4]]);
  });
  test.each([
    [6, [-1, -1], "can only specify one unknown dimension"],
    [6, [4, -1], "cannot reshape array of size 6 into shape (4,-1)"],
    [6, [5], "cannot reshape array of size 6 into shape (5,)"],
    [0, [0, -1], "cannot reshape array of size 0 into shape (0,-1)"],
  ])("refuses %d as %j", (size, shape, sentence) => {
    expect(() => checkReshape(size, shape)).toThrow(sentence);
  });
});

describe("reshapeStrides(shape, strides, target, itemsize)", () => {
  const cases: [shape: number[], strides: number[], target: number[], view: boolean][] = [
    [[4, 6], [48, 8], [24], true],
    [[4, 6], [48, 8], [2, 2, 3, 2], true],
    [[6, 4], [8, 48], [24], false],
    [[6, 4], [8, 48], [2, 3, 4], true],
    [[6, 4], [8, 48], [6, 2, 2], true],
    [[4, 3], [48, 16], [12], true],
    [[4, 3], [48, 8], [12], false],
    [[1, 4, 1], [999, -8, 7], [2, 2], true],
    [[2, 3], [0, 0], [6], true],
  ];
  test.each(cases)("%j by %j as %j", (shape, strides, target, view) => {
    const found = reshapeStrides(shape, strides, target, 8);
    expect(found !== null).toBe(view);
    if (found !== null) expect(offsets(target, found)).toEqual(offsets(shape, strides));
  });
});

test("cutAt(shape, most): pieces are whole steps of one axis", () => {
  expect(cutAt([4, 5, 6], 30)).toEqual({ axis: 0, below: 30, step: 1 });
  expect(cutAt([4, 5, 6], 29)).toEqual({ axis: 1, below: 6, step: 4 });
  expect(cutAt([4, 5, 6], 5)).toEqual({ axis: 2, below: 1, step: 5 });
  expect(cutAt([], 5)).toMatchObject({ below: 1, step: 1 });
});

test("partsOf(shape, from, to) covers each element once, in row-major order, in rectangles", () => {
  const shape = [3, 4, 5];
  for (let from = 0; from < 60; from += 7)
    for (let to = from; to <= 60; to += 3) {
      const covered = [...partsOf(shape, from, to)].flatMap((part) => {
        const first = part.start.reduce((at, i, k) => at * shape[k] + i, 0);
        expect(part.first).toBe(first);
        return offsets(part.shape, [20, 5, 1]).map((at) => first + at);
      });
      expect(covered).toEqual(Array.from({ length: to - from }, (_, i) => from + i));
    }
});
