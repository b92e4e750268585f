import { expect, test } from "vitest";
import { carried, run } from "./advice.js";

test("issue 7.16: advice() of random programs, carried out, changes no value and saves the bytes it claims", async () => {
  const { programs, failures } = await run(1, 60);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(60);
  expect(Math.min(carried.out, carried.original)).toBeGreaterThan(30);
});
