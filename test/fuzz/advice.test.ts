import { expect, test } from "vitest";
import { carried, run } from "./advice.js";

const kinds = [
  "copy",
  "original",
  "original array",
  "original asarray",
  "original astype",
  "original copy",
  "original without dispose",
  "original, several times",
  "out",
  "out evaluate",
  "scope",
  "scope, several times",
];

test("issue 7.16: advice() of random programs, carried out, changes no value and saves the bytes it claims", async () => {
  const { programs, failures } = await run(1, 120);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(120);
  expect(kinds.filter((kind) => !carried.has(kind))).toEqual([]);
});
