import { expect, test } from "vitest";
import { run } from "./refusals.js";

test("issue 7.18: whatever allocation is refused, and whatever callback throws, nothing is left behind", async () => {
  const { programs, failures } = await run(1, 400);
  expect(failures).toEqual([]);
  expect(programs).toBe(400);
}, 120_000);
