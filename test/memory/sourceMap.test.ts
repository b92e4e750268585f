import { expect, test } from "vitest";
import { decode } from "../../src/memory/sourceMap.js";

test("decode reads the differences of a source map's mappings", () => {
  // a.ts:1:1 → 1:1, a.ts:1:7 → 1:11; an empty line; b.ts:3:1 → 3:5.
  expect(decode("AAAA,UAAM;;ICEN")).toEqual([
    [
      [0, 0, 0, 0],
      [10, 0, 0, 6],
    ],
    [],
    [[4, 1, 2, 0]],
  ]);
});

test("decode reads numbers of several digits, negative ones, and segments without a source", () => {
  expect(decode("gwBAAgB,C,EADvB")).toEqual([
    [
      [768, 0, 0, 16],
      [771, 0, -1, -7],
    ],
  ]);
});
