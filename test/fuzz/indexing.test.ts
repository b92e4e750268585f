import { expect, test } from "vitest";
import { run } from "./indexing.js";

test("issue 7.13: random indices read and write what a model counts by hand", async () => {
  const { programs, failures } = await run(13, 1000);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(1000);
});
