import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./leaks.test.js?raw";

const { memory } = np;

test("memory.leaks finds what every run leaves, with its line and its exact bytes", () => {
  const kept: np.NDArray[] = [];
  let first = true;
  const step = (): np.NDArray => {
    const a = np.zeros(1000);
    kept.push(np.exp(a));
    if (first) kept.push(np.ones(7));
    first = false;
    return a;
  };
  const found = memory.leaks(step, { warmups: 0, runs: 3 });
  expect(found.found.map(({ op, perRun, countPerRun, site }) => [op, perRun, countPerRun, site?.line])).toEqual([
    ["exp", 8000, 1, lineOf(text, "kept.push(np.exp" + "(a));")],
  ]);
  expect(found.once.map(({ op, perRun }) => [op, perRun])).toEqual([["ones", 56]]);
  expect([found.perRun, found.runs]).toEqual([8000, 3]);
  const lines = String(found).split("\n");
  expect(lines[0]).toBe("1 leak, 8,000 B per run (the same in 3 of 3 runs)");
  expect(lines[1]).toMatch(/^ {2}\+8,000 B {2}1 array per run {2}leaks\.test\.ts:\d+ {2}exp {2}held by your code/);
  expect(lines.at(-1)).toBe("  not a leak: 56 B ones, in the first run only");
  for (const array of kept) array.dispose();
});

test("memory.leaks leaves out what warms up, and finds nothing where nothing leaks", () => {
  let cache: np.NDArray | null = null;
  const step = (): void => {
    cache ??= np.zeros(10);
    memory.scope(() => void np.add(cache!, 1));
  };
  const found = memory.leaks(step);
  expect([found.found, found.once, String(found)]).toEqual([[], [], "no leaks in 3 runs"]);
  cache!.dispose();
});
