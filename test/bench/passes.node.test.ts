import { array, less } from "nbytes";
import { expect, test } from "vitest";
import { flights, movieRatings } from "../../bench/data.js";
import { countByBin, timePasses } from "../../bench/passes.js";

test("countByBin(column, edges) counts below, between and from the last edge on", () => {
  using column = array([-5, 0, 14, 15, 29.5, 30, 1000]);
  using mask = less(column, 0);
  expect(countByBin(column, [0, 15, 30], mask)).toEqual([1, 2, 2, 2]);
});

test("timePasses(column) gives the same answers in every dtype that holds the values", () => {
  using column = array([-5, 0, 14, 15, 29, 30, 1000]);
  const passes = timePasses(column, [0, 15, 30], { seconds: 0.001, rounds: 1 }, () => {});
  expect(passes.map(({ dtype, nbytes }) => [dtype, nbytes])).toEqual([
    ["float64", 56],
    ["float32", 28],
    ["float16", 14],
    ["int16", 14],
  ]);
  for (const { values } of passes) expect(values.bins).toEqual([1, 2, 2, 2]);
  expect(passes.map(({ values }) => values.mean)).toEqual([1083 / 7, Math.fround(1083 / 7), 154.75, 1083 / 7]);
});

// The file has 3,201 films; 213 and 880 of these ratings are null.
test("movieRatings() has NaN where a rating is missing", async () => {
  const { x, y } = await movieRatings();
  const missing = [x, y].map(({ data }) => data.reduce((count, v) => count + Number(Number.isNaN(v)), 0));
  expect([x.size, y.size, ...missing]).toEqual([3201, 3201, 213, 880]);
  expect([x.item(0), y.item(0)]).toEqual([6.1, Number.NaN]);
});

test("flights(rows) reads the first rows of both columns", async () => {
  const { delay, distance } = await flights(5, () => {});
  expect([delay.tolist(), distance.tolist()]).toEqual([
    [33, 19, 14, -13, 1],
    [2176, 215, 405, 2345, 75],
  ]);
});
