import { expect, test } from "vitest";
import * as np from "../../../src/index.js";

const { memory } = np;

/** What a run at the size itself takes. */
function really(fn: (n: number) => unknown, n: number): { peak: number; allocated: number; allocs: number } {
  const { peak, allocated, allocs } = memory.trace(() => memory.scope(() => void fn(n)), { level: "counters" });
  return { peak, allocated, allocs };
}

const linear: [string, (n: number) => unknown][] = [
  ["broadcasting", (n) => np.add(np.zeros([n, 1]), np.zeros([1, 8]))],
  ["dtypes", (n) => np.add(np.zeros(n, { dtype: "int8" }), np.zeros(n, { dtype: "float32" }))],
  ["temporaries", (n) => np.sum(np.multiply(np.zeros(n), np.zeros([3, n])), 0)],
  ["scratch that ends at a block", (n) => np.sqrt(np.add(np.lazy(np.zeros(n, { dtype: "int8" })), 0.5)).evaluate()],
  ["a lazy sum", (n) => np.sum(np.multiply(np.lazy(np.zeros(n)), 2))],
  ["overlap", (n) => ((x) => np.add(x.at("1:"), x.at(":-1"), { out: x.at("1:") }))(np.zeros(n))],
  ["a constant", () => np.zeros(5)],
];

test.each(linear)("issue 7.17: estimate is exact where it says so: %s", (_, fn) => {
  const told = memory.estimate(fn, { at: [100, 200], for: 900_000 });
  expect(told).toMatchObject({ exact: true, ...really(fn, 900_000) });
});

const curved: [string, (n: number) => unknown, number][] = [
  ["squares", (n) => np.zeros([n, n]), 1000],
  ["halves", (n) => np.zeros(Math.floor(n / 2)), 1_000_001],
  ["a growable array", (n) => grown(n), 300_000],
];

function grown(n: number): void {
  using list = memory.growable("float64");
  for (let i = 0; i < n; i++) list.push(i);
}

test.each(curved)("issue 7.17: estimate says `about`, and is near: %s", (_, fn, n) => {
  const told = memory.estimate(fn, { at: [10, 20], for: n }),
    { peak, allocated } = really(fn, n);
  expect(told.exact).toBe(false);
  expect(String(told)).toContain(`(about: the runs up to n = `);
  expect(told.peak / peak).toBeGreaterThan(0.85);
  expect(told.peak / peak).toBeLessThan(1.15);
  expect(told.allocated / allocated).toBeGreaterThan(0.7);
  expect(told.allocated / allocated).toBeLessThan(1.4);
});

test("issue 7.17: estimate of what is too large for one block, or in headers alone, does not fit", () => {
  const small = memory.estimate((n) => Array.from({ length: n }, () => np.zeros(1)), { at: [10, 20], for: 4e8 });
  expect([small.peak, small.left > 0, small.fits]).toEqual([3.2e9, true, false]);
  expect(String(small)).toContain("too much   1.09 GB would be left, but not in one piece");
  expect(memory.estimate((n) => np.zeros(n), { at: [10, 20], for: 9e8 })).toMatchObject({ peak: 7.2e9, fits: false });
  expect(memory.estimate((n) => np.zeros(n), { at: [10, 20], for: 1e8 })).toMatchObject({ peak: 8e8, fits: true });
});

test("issue 7.17: what is freed of older arrays is no part of an estimate", () => {
  const older = np.zeros(1000);
  const told = memory.estimate(
    (n) => {
      older.dispose();
      return np.zeros(n);
    },
    { at: [10, 20], for: 1000 },
  );
  expect(told).toMatchObject({ peak: 8000, exact: true });
});

test.each([
  [undefined, { at: [1, 2], for: 3 }],
  [() => 0, undefined],
  [() => 0, {}],
  [() => 0, { at: [1], for: 3 }],
  [() => 0, { at: [1, 2], for: -3 }],
  [() => 0, { at: [1, Number.NaN], for: 3 }],
  [() => 0, { at: "12", for: 3 }],
  [() => 0, { at: [1, 2], of: 3 }],
])("issue 7.12: estimate(%s, %j) is refused in a sentence", (fn, options) => {
  expect(() => memory.estimate(fn as () => 0, options as never)).toThrow(np.NDArrayError);
});
