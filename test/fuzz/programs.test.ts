import { expect, test } from "vitest";
import { run } from "./programs.js";

test("issue 7.2, 7.6–7.9: random programs over views give what their copies give, bit for bit", async () => {
  const { programs, failures } = await run(7, 250, false);
  expect(failures.slice(0, 3).join("\n\n")).toBe("");
  expect(programs).toBe(250);
});
