import { expect, test } from "vitest";
import * as np from "../../../src/index.js";
import { lineOf } from "../../support/lineOf.js";
import text from "./limit.test.js?raw";

const { memory } = np;

test("memory.limit({ live }) refuses before anything changes, and says what holds the memory", () => {
  using x = np.zeros(1e6);
  using y = np.zeros(1e6);
  const before = memory.usage();
  let refusal: unknown;
  {
    using _ = memory.limit({ live: "20 MB" }, "normalise");
    using s = np.multiply(x, 2);
    using t = np.add(s, y);
    const inside = memory.usage();
    try {
      np.sqrt(t);
    } catch (error) {
      refusal = error;
    }
    expect(memory.usage()).toEqual(inside);
  }
  expect(refusal).toBeInstanceOf(np.MemoryBudgetError);
  const { message, requested, left, limit, label, report } = refusal as np.MemoryBudgetError;
  expect({ requested, left, limit, label }).toEqual({ requested: 8e6, left: 4e6, limit: "live", label: "normalise" });
  const line = lineOf(text, "using _ = memory.limit({ live: " + '"20 MB"');
  expect(message.replaceAll(/#\d+/g, "#n").split("\n")).toEqual([
    'sqrt needs 8.00 MB, but budget "normalise" has 4.00 MB left',
    `  budget    20.0 MB live, set at limit.test.ts:${line}`,
    "  in use    16.0 MB in 2 arrays made under it",
    `              #n  float64 [1000000]  8.00 MB  multiply  limit.test.ts:${line + 1}`,
    `              #n  float64 [1000000]  8.00 MB  add       limit.test.ts:${line + 2}`,
    "  try       sqrt(…, { out }) into such an array that is of no further use",
  ]);
  expect(String(report)).toMatch(/^budget "normalise": 2 arrays, 16,000,000 B allocated, peak 16,000,000 B,/);
  expect(memory.usage().live).toBe(before.live);
});

test("memory.limit counts allocations, bytes in sum, and copies", () => {
  const run = (limits: Parameters<typeof memory.limit>[0]): string => {
    using _ = memory.limit(limits, "b");
    try {
      memory.scope(() => {
        const a = np.zeros(10);
        a.dispose();
        np.zeros(10).copy();
      });
      return "fits";
    } catch (error) {
      return (error as Error).message.split("\n")[0];
    }
  };
  expect(run({ allocs: 3, allocated: 240, live: 160, copies: 1 })).toBe("fits");
  expect(run({ allocs: 2 })).toBe('copy needs 1 allocation, but budget "b" has none left');
  expect(run({ allocated: 239 })).toBe('copy needs 80 B, but budget "b" has 79 B left');
  expect(run({ live: 159 })).toBe('copy needs 80 B, but budget "b" has 79 B left');
  expect(run({ copies: 0 })).toBe('copy needs 1 copy, but budget "b" has none left');
});

test("limits nest: each counts from where it was set, and the inner one ends first", () => {
  using outer = memory.limit({ live: 200 }, "outer");
  const a = np.zeros(10);
  {
    using inner = memory.limit({ live: 100 }, "inner");
    const b = np.zeros(10);
    expect([outer.left("live"), inner.left("live")]).toEqual([40, 20]);
    expect(() => np.zeros(4)).toThrow('budget "inner" has 20 B left');
    b.dispose();
  }
  expect(() => np.zeros(16)).toThrow('budget "outer" has 120 B left');
  np.zeros(15).dispose();
  a.dispose();
});

test("a refused allocation leaves no mark in a trace around it", () => {
  const t = memory.trace(() => {
    using _ = memory.limit({ live: 10 });
    expect(() => np.zeros(10)).toThrow(np.MemoryBudgetError);
  });
  expect([t.allocs, t.events]).toEqual([0, []]);
});

test("freeing arrays from before the limit gives no room under it", () => {
  const old = np.zeros(100);
  using limit = memory.limit({ live: 100 });
  old.dispose();
  expect(limit.left("live")).toBe(100);
  expect(() => np.zeros(13)).toThrow(np.MemoryBudgetError);
});
