import { expect, test } from "vitest";
import { nonsense } from "../support/nonsense.js";
import { everything, run } from "./misuse.js";

test("issue 7.14: every function with nonsense in any place answers, or throws the library's error; the heap stays whole", async () => {
  expect(everything().length).toBeGreaterThan(250);
  expect(Object.keys(nonsense).length).toBeGreaterThan(70);
  const { programs, failures } = await run(1, 250);
  expect(failures.slice(0, 5).join("\n\n")).toBe("");
  expect(programs).toBe(250);
}, 180_000);
