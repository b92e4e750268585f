import { expect, test } from "vitest";
import { canCollect } from "../../../src/heap/collector.js";
import * as np from "../../../src/index.js";

const { memory } = np;

test("await memory.collect() says whether the collector can be called, and claims nothing where it cannot", async () => {
  using held = np.zeros(10);
  const found = await memory.collect();
  expect(found.available).toBe(canCollect);
  if (!canCollect) expect(found).toEqual({ arrays: 0, bytes: 0, available: false });
  expect(await memory.collect()).toEqual({ arrays: 0, bytes: 0, available: canCollect });
  expect(held.size).toBe(10);
});
