import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/memory.json?raw";

// The same operation here and in NumPy: how many bytes per element it holds at its highest moment, inputs not counted.
// NumPy's figures come from tracemalloc through scripts/oracle_memory.py. Ours may not be higher, or the row says why.

const { N, bytesPerElement } = JSON.parse(text) as { N: number; bytesPerElement: Record<string, number> };

interface Inputs {
  x: np.NDArray<"float64">;
  y: np.NDArray<"float64">;
  f: np.NDArray<"float32">;
  i: np.NDArray<"int16">;
  m: np.NDArray<"float64">;
  mask: np.NDArray<"bool">;
  index: np.NDArray<"int32">;
  out: np.NDArray<"float64">;
}

function inputs(): Inputs {
  const rng = np.random.defaultRng(7),
    x = rng.standardNormal([N]);
  return {
    x,
    y: rng.standardNormal([N]),
    f: x.astype("float32"),
    i: np.multiply(x, 100).astype("int16"),
    m: x
      .at(`:${300 * 300}`)
      .reshape([300, 300])
      .copy(),
    mask: np.greater(x, 0),
    index: rng.integers(0, N, [N], { dtype: "int32" }),
    out: np.empty([N]),
  };
}

function fastcount({ x, y }: Inputs): np.NDArray {
  const na = np.isnan(x);
  {
    using alsoNa = np.isnan(y);
    np.logicalOr(na, alsoNa, { out: na });
  }
  const lx = x.copy(),
    ly = y.copy();
  lx.set(na, 0);
  ly.set(na, 0);
  return np.logicalNot(na);
}

type Row = readonly [name: string, ours: number, run: (g: Inputs) => unknown, n?: number, why?: string];

const rows: readonly Row[] = [
  ["nanToNum(x, { copy: false })", 0, ({ x }) => np.nanToNum(x, { copy: false })],
  ["nanToNum(x)", 8, ({ x }) => np.nanToNum(x)],
  ["where(x > 0, x, 0)", 9, ({ x }) => np.where(np.greater(x, 0), x, 0)],
  ["std(x)", 0, ({ x }) => np.std(x)],
  ["(x - mean) / std", 16, ({ x }) => np.divide(np.subtract(x, np.mean(x)), np.std(x))],
  [
    "sqrt(x * x + y * y)",
    32,
    ({ x, y }) => np.sqrt(np.add(np.multiply(x, x), np.multiply(y, y))),
    N,
    "NumPy sees by reference counts that a temporary is not used again and writes into it; JavaScript has none, see below",
  ],
  ["f32 += f64", 0, ({ f, x }) => f.iadd(x)],
  ["a[1:] += a[:-1]", 8, ({ x }) => x.at("1:").iadd(x.at(":-1"))],
  ["a[:-1] += a[1:]", 0, ({ x }) => x.at(":-1").iadd(x.at("1:"))],
  ["m += m.T", 8, ({ m }) => m.iadd(m.T), 90_000],
  ["x[mask]", 5, ({ x }) => x.at(np.greater(x, 0))],
  ["x[index]", 8, ({ x, index }) => x.at(index)],
  ["x + 1", 8, ({ x }) => np.add(x, 1)],
  ["x * y, { out }", 0, ({ x, y, out }) => np.multiply(x, y, { out })],
  ["i16 + f64", 8, ({ i, x }) => np.add(i, x)],
  ["x.copy()", 8, ({ x }) => x.copy()],
  ["x.astype(f32)", 4, ({ x }) => x.astype("float32")],
  ["m.T.reshape(-1)", 8, ({ m }) => m.T.reshape([-1]), 90_000],
  ["m + m.T", 8, ({ m }) => np.add(m, m.T), 90_000],
  ["sum(x)", 0, ({ x }) => np.sum(x)],
  ["sum(m, 0)", 0.027, ({ m }) => np.sum(m, 0), 90_000],
  ["mean(i16)", 0, ({ i }) => np.mean(i)],
  ["var(m, 0)", 0.053, ({ m }) => np.var(m, 0), 90_000],
  ["clip(x, -1, 1)", 8, ({ x }) => np.clip(x, -1, 1)],
  ["x[mask] = 0", 0, ({ x, mask }) => x.set(mask, 0)],
  ["concatenate(x, y)", 16, ({ x, y }) => np.concatenate([x, y])],
  ["append(x, 6)", 8, ({ x }) => np.append(x, 6)],
  ["round(x, 2)", 8, ({ x }) => np.round(x, 2)],
  ["countNonzero(m, 0)", 0.04, ({ m }) => np.countNonzero(m, 0), 90_000],
  ["argwhere(mask)", 4, ({ mask }) => np.argwhere(mask)],
  ["fastcount(x, y)", 18, (g) => fastcount(g)],
];

describe("bytes per element at the peak", () => {
  test("every case of the oracle has a row, and no row is without one", () => {
    expect(rows.map(([name]) => name).sort()).toEqual(Object.keys(bytesPerElement).sort());
  });

  for (const [name, ours, run, n = N, why = ""] of rows) {
    test(`${name}: ${ours} here${why === "" ? ", and not less in NumPy" : `; less in NumPy: ${why}`}`, () => {
      np.memory.scope(() => {
        const g = inputs(),
          peak = np.memory.trace(() => np.memory.scope(() => void run(g)), { level: "counters" }).peak / n;
        // A random half of a mask is not just a half; NumPy's figures carry some hundred bytes of CPython's objects.
        expect(peak).toBeCloseTo(ours, 1);
        if (why === "") expect(peak).toBeLessThanOrEqual(bytesPerElement[name] + 0.02);
        else expect(peak).toBeGreaterThan(bytesPerElement[name]);
      });
    });
  }

  test("sqrt(x * x + y * y) of lazy(x), lazy(y): 8 here and one block of 262,144 bytes whatever n is; more in NumPy", () => {
    for (const n of [N, 10 * N]) {
      using x = np.ones([n]);
      const a = np.lazy(x),
        length = np.sqrt(np.add(np.multiply(a, a), np.multiply(a, a)));
      const t = np.memory.trace(() => length.evaluate().dispose(), { level: "counters" });
      expect(t.peak).toBe(8 * n + 262_144);
      expect(t.peak / n).toBeLessThan(bytesPerElement["sqrt(x * x + y * y)"]);
    }
  });
});
