import { expect, test } from "vitest";
import { run } from "./npz.js";

test("load reads of spoiled archives what was written or nothing, takes no more than they hold, and leaves nothing", async () => {
  const { programs, failures } = await run(9, 300);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(300);
}, 120_000);
