import { expect, test } from "vitest";
import { eachLane, without } from "../../src/loops/lanes.js";

/** The addresses of all lanes of two operands, sorted, and the most lanes of a visit. */
function lanesOf(
  shape: number[],
  starts: number[],
  strides: number[][],
  most: number,
): { found: string[]; most: number } {
  const found: string[] = [];
  let largest = 0;
  eachLane(shape, starts, strides, most, (lanes, at, next) => {
    largest = Math.max(largest, lanes);
    for (let i = 0; i < lanes; i++) found.push(at.map((start, k) => start + i * (next[k] ?? Number.NaN)).join());
  });
  return { found: found.sort(), most: largest };
}

test("eachLane(shape, starts, strides, most, visit) visits every lane once, whatever the strides are", () => {
  const expected: string[] = [];
  for (let i = 0; i < 3; i++)
    for (let j = 0; j < 4; j++) expected.push(`${1000 + 8 * i - 24 * j},${5 + 4 * i + 40 * j}`);
  for (const most of [1, 2.5, 100]) {
    const { found, most: largest } = lanesOf(
      [3, 1, 4],
      [1000, 5],
      [
        [8, 9, -24],
        [4, 9, 40],
      ],
      most,
    );
    expect(found).toEqual(expected.sort());
    expect(largest).toBeLessThanOrEqual(most);
  }
});

test("eachLane(shape, starts, strides, most, visit) takes lanes that are one run at once", () => {
  expect(lanesOf([3, 4], [0], [[32, 8]], 100).most).toBe(12);
  expect(lanesOf([3, 4], [0], [[32, 8]], 0.1).most).toBe(1);
});

test("eachLane([], starts, strides, most, visit) visits one lane, and of an empty shape none", () => {
  expect(lanesOf([], [7, 9], [[], []], 4).found).toEqual(["7,9"]);
  expect(lanesOf([3, 0], [7], [[8, 8]], 4).found).toEqual([]);
});

test("eachLane(shape, starts, strides, most, visit) ends when visit returns false", () => {
  let visits = 0;
  eachLane([5, 7], [0], [[100, 8]], 1, () => ++visits < 9);
  expect(visits).toBe(9);
});

test("without(list, axis) leaves out one axis", () => {
  expect(without([2, 3, 4], 1)).toEqual([2, 4]);
});
