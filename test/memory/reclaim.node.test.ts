import { expect, test } from "vitest";
import * as np from "../../src/index.js";

const { memory } = np;

test("forgetting to dispose in a synchronous loop does not end the program: 300 × 8 MB stay under 1 GB reserved", () => {
  const x = np.zeros(1e6),
    t = memory.trace(
      () => {
        let y = x;
        for (let i = 0; i < 300; i++) y = np.add(x, 1);
        return y.item(0);
      },
      { level: "events" },
    );
  expect(t.result).toBe(1);
  expect(t.allocated).toBe(2_400_000_000);
  expect(memory.usage().reserved).toBeLessThan(1e9);
  expect(t.peak).toBeLessThan(1e9);
  expect(String(t)).toMatch(
    /^trace: 300 arrays(?:.*\n)+collected {5}-[\d.]+ [MG]B of \d+ forgotten arrays, most by reclaim\.node\.test\.ts:11\n {14}\d+ search(es)? took \d+ ms; `using` or memory\.scope frees at once\n/,
  );
  const { arrays, bytes, searches, ms, most } = t.forgotten;
  expect([bytes, most]).toEqual([8e6 * arrays, "reclaim.node.test.ts:11"]);
  expect([arrays > 100, searches > 0, ms > 0]).toEqual([true, true, true]);
  expect(memory.summary()).toMatch(
    /forgotten {2}[\d.]+ [MG]B {2}in \d+ arrays; \d+ search(es)? took \d+ ms\n +most by reclaim\.node\.test\.ts:\d+\n/,
  );
  x.dispose();
});
