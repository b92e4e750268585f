// What the host says of memory where there is a process to ask.
import { expect, test } from "vitest";
import * as np from "../../src/index.js";

test("lesson 69: in Node: rss, heap and external memory; on Linux also what this process alone has", () => {
  using held = np.zeros([1024, 1024]);
  const { rss, uss, heapUsed, external, available, total, limit } = np.memory.host();
  expect([rss, heapUsed, external, total].every((bytes) => bytes !== null && bytes > 0)).toBe(true);
  // Node 26 no longer counts WebAssembly's memory.
  if (Number.parseInt(process.versions.node, 10) <= 24) expect(external!).toBeGreaterThan(held.nbytes);
  if (process.platform === "linux") {
    expect(uss!).toBeGreaterThan(0);
    expect(rss!).toBeGreaterThanOrEqual(uss!);
    expect(available!).toBeLessThanOrEqual(total!);
  } else expect([uss, available]).toEqual([null, null]);
  expect(limit === null || limit <= total!).toBe(true);
});
