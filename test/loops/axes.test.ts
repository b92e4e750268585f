import { expect, test } from "vitest";
import { arrange, bySteps, eachIndex, longAxes } from "../../src/loops/axes.js";

/** Where a loop over arranged axes comes by, in its order. */
function visited(axes: ReturnType<typeof arrange>, starts: readonly number[]): number[][] {
  const at = [...starts],
    seen: number[][] = [];
  eachIndex(axes, axes.lengths.length, at, () => {
    seen.push([...at]);
  });
  return seen;
}

test("arrange(shape, strides, starts) drops axes of length 1 and merges those that are one run in every operand", () => {
  expect(arrange([2, 1, 3, 4], [[96, 7, 32, 8]], [0])).toEqual({ lengths: [24], steps: [[8]] });
  const split = arrange(
    [2, 1, 3, 4],
    [
      [96, 7, 32, 8],
      [0, 0, 32, 8],
    ],
    [0, 0],
  );
  expect(split).toEqual({
    lengths: [2, 12],
    steps: [
      [96, 8],
      [0, 8],
    ],
  });
});

test("arrange(shape, strides, starts) keeps the order of the axes", () => {
  expect(arrange([2, 3], [[8, 16]], [0])).toEqual({ lengths: [2, 3], steps: [[8, 16]] });
});

test("arrange(…, axes, turned) goes along an axis from its other end in every operand", () => {
  const starts = [100, 100],
    axes = arrange([3], [[-8], [4]], starts, [0], () => true);
  expect(starts).toEqual([84, 108]);
  expect(visited(axes, starts)).toEqual([
    [84, 108],
    [92, 104],
    [100, 100],
  ]);
});

test("bySteps(axes, steps, still) puts the longest outermost, equal ones in their order, and 0 where it is told", () => {
  expect(bySteps(longAxes([2, 2, 2, 2]), [8, -32, 0, 32], 0)).toEqual([1, 3, 0, 2]);
  expect(bySteps(longAxes([2, 2, 2, 2]), [8, -32, 0, 32], Number.POSITIVE_INFINITY)).toEqual([2, 1, 3, 0]);
});

test("eachIndex(axes, depth, at, visit) goes in row-major order, and ends when visit returns false", () => {
  const axes = { lengths: [2, 3], steps: [[10, 1]] };
  expect(visited(axes, [0]).flat()).toEqual([0, 1, 2, 10, 11, 12]);
  let visits = 0;
  eachIndex(axes, 2, [0], () => ++visits < 4);
  expect(visits).toBe(4);
});

test("eachIndex(axes, 0, at, visit) visits once", () => {
  let visits = 0;
  eachIndex({ lengths: [], steps: [[]] }, -1, [0], () => {
    visits++;
  });
  expect(visits).toBe(1);
});
