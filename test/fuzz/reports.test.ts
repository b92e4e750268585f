import { expect, test } from "vitest";
import { held, run } from "./reports.js";

test("issue 7.17: every report of random programs says what a model says, and its parts sum to the whole", async () => {
  const { programs, failures } = await run(1, 60);
  expect(failures.slice(0, 5).join("\n")).toBe("");
  expect(programs).toBe(60);
  expect(Object.entries(held).filter(([, count]) => count < 10)).toEqual([]);
});
