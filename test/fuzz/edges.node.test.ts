import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as np from "../../src/index.js";
import { calls, EXCLUDED } from "./edgeCalls.js";
import { DIFFERENCES } from "./edgeDifferences.js";
import { run } from "./edges.js";

test("issue 7.9, 7.10, 7.14: every public function gives at the edges what NumPy gives, or refuses what it refuses", async () => {
  const { programs, failures } = await run(7, 3000);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(3000);
});

test("issue 7: every public function is judged beside NumPy, or has a reason why not", () => {
  const functions = Object.entries(np)
    .filter(([name, value]) => typeof value === "function" && /^[a-z]/.test(name))
    .map(([name]) => name);
  expect(functions.filter((name) => !(name in calls) && !(name in EXCLUDED))).toEqual([]);
  expect(Object.keys({ ...calls, ...EXCLUDED }).filter((name) => !functions.includes(name))).toEqual([]);
});

test("issue 7: what is refused here and given by NumPy is a sentence of README.md", () => {
  const text = readFileSync("README.md", "utf8").replace(/\s+/g, " ");
  expect(DIFFERENCES.map(({ sentence }) => sentence).filter((sentence) => !text.includes(sentence))).toEqual([]);
});
