import { describe, expect, test } from "vitest";
import * as np from "../../../src/index.js";

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

describe("issue 7.4: forgetting many small arrays does not end the program", () => {
  const x = np.ones(10),
    heap = (): number => process.memoryUsage().heapUsed;

  test.each<[string, () => unknown]>([
    ["zeros(1)", () => np.zeros(1)],
    ["add(x, 1)", () => np.add(x, 1)],
    ["x.at(…)", () => x.at("1:")],
    ["x.copy({ lazy: true })", () => x.copy({ lazy: true })],
    ["a view of a new array", () => np.zeros(4).at("1:")],
  ])("%s 300,000 times leaves JavaScript's heap and ours flat", (_, make) => {
    const { buffers } = memory.usage(),
      before = heap();
    let most = 0;
    for (let i = 0; i < 300_000; i++) {
      make();
      if (i % 10_000 === 0) most = Math.max(most, heap() - before);
    }
    expect(most).toBeLessThan(100e6);
    expect(memory.usage().buffers - buffers).toBeLessThan(100_000);
  });

  test("zeros(1) with an await each leaves both flat too", async () => {
    const { buffers } = memory.usage(),
      before = heap();
    for (let i = 0; i < 100_000; i++) {
      np.zeros(1);
      await null;
    }
    expect(heap() - before).toBeLessThan(100e6);
    expect(memory.usage().buffers - buffers).toBeLessThan(100_000);
  });

  test("x.set(…) makes no lazy copy that was forgotten, and its memory goes with x", async () => {
    const a = np.ones(1000);
    for (let i = 0; i < 100; i++) a.copy({ lazy: true });
    await memory.collect();
    expect(memory.trace(() => a.set(0, 1)).allocated).toBe(0);
    const before = memory.usage().live;
    a.dispose();
    expect(before - memory.usage().live).toBe(8000);
  });

  test("a handle that was disposed, or a view that has ended, keeps no later array alive", async () => {
    await memory.collect();
    const { live } = memory.usage(),
      dead: np.NDArray[] = [];
    for (let i = 0; i < 1000; i++) {
      const a = np.zeros(100),
        v = a.at("1:"),
        w = a.at("2:");
      v.dispose();
      a.dispose();
      dead.push(a, v, w);
      np.zeros(100);
    }
    const { arrays } = await memory.collect();
    expect(arrays).toBeGreaterThan(990);
    expect(memory.usage().live - live).toBeLessThan(8_000);
    expect(dead.every((a) => a.disposed)).toBe(true);
  });
});
