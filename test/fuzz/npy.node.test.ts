import { expect, test } from "vitest";
import { run } from "./npy.js";

test("issue 7.26: load reads what NumPy reads, and refuses what it refuses, of files whole and spoiled", async () => {
  const { programs, failures } = await run(26, 1000);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(1000);
});
