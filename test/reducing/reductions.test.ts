import { describe, expect, test } from "vitest";
import type { DType, NDArray } from "../../src/index.js";
import * as np from "../../src/index.js";
import { NDArray as Arrays, broadcastTo, full, memory, sum, zeros } from "../../src/index.js";
import text from "../oracle/reductions.json?raw";
import { difference, Failures, refusalDifference } from "../support/compare.js";
import { fill, type Layout, layoutsOf, untouched } from "../support/layouts.js";
import {
  arrayOf,
  bytesOf,
  camel,
  DTYPES,
  decode,
  fn,
  isRefusal,
  itemsize,
  peek,
  poke,
  pool,
  type Refusal,
  type Shaped,
} from "../support/oracle.js";

interface Question {
  readonly op: string;
  readonly dtype: DType;
  readonly pool: string;
  readonly shape: readonly number[];
  /** The shape it is broadcast to. */
  readonly onto?: readonly number[];
  readonly axis: number | readonly number[] | null;
  /** Whether a mask leaves out every third element. */
  readonly where?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Of float sums `result` is the exact value, and this how far from it each may be (scripts/oracle_reductions.py). */
  readonly bound?: readonly number[];
}
type Reduction = Question & ({ readonly result: Shaped } | Refusal);

const table = JSON.parse(text) as Record<string, readonly Reduction[]>;

function lengthOf(shape: readonly number[]): number {
  return shape.reduce((a, b) => a * b, 1);
}

function title(c: Question): string {
  return `${c.pool} (${c.shape.join()})${c.onto ? `→(${c.onto.join()})` : ""} axis ${JSON.stringify(c.axis)} ${JSON.stringify(c.options ?? {})}${c.where ? " where" : ""}`;
}

function maskOf(shape: readonly number[]): NDArray {
  return arrayOf(
    "bool",
    Uint8Array.from({ length: lengthOf(shape) }, (_, i) => Number(i % 3 !== 1)),
    shape,
  );
}

// Infinite and NaN results have bound 0; their neighbours keep theirs.
function wrong(c: Question, want: Shaped, result: unknown): string | null {
  const scalar = c.axis === null && c.options?.keepdims !== true;
  if (scalar !== !(result instanceof Arrays)) return scalar ? "is an array" : `is no array but ${String(result)}`;
  if (result instanceof Arrays) {
    if (result.dtype !== want.dtype) return `is ${result.dtype}, NumPy says ${want.dtype}`;
    if (result.shape.join() !== want.shape.join())
      return `has shape (${result.shape.join()}), not (${want.shape.join()})`;
  }
  return difference(c.op, want.dtype, bytesOf(result, want.dtype), decode(want.data), c.bound);
}

function ask(c: Question, a: NDArray, more: object = {}): unknown {
  const mask = c.where ? { where: maskOf(c.onto ?? c.shape) } : {};
  return fn(c.op)(a, c.axis, { ...c.options, ...mask, ...more });
}

function inLayout(c: Reduction, layout: Layout): string | null {
  const view = fill(layout, c.dtype, pool(c.dtype, c.pool).slice(0, lengthOf(c.shape) * itemsize(c.dtype)));
  const a = c.onto ? broadcastTo(view, c.onto) : view;
  if (isRefusal(c)) return refusalDifference(c, () => ask(c, a));
  return wrong(c, c.result, ask(c, a));
}

// Into an array of the result's dtype, contiguous and not.
function intoOut(c: Question & { readonly result: Shaped }, layout: Layout): string | null {
  const bytes = pool(c.dtype, c.pool),
    a = c.onto ? broadcastTo(arrayOf(c.dtype, bytes, c.shape), c.onto) : arrayOf(c.dtype, bytes, c.shape);
  const out = layout.make(c.result.dtype);
  if (ask(c, a, { out }) !== out) return "does not return out";
  return difference(c.op, c.result.dtype, peek(out), decode(c.result.data), c.bound) ?? untouched(out);
}

const takesOut = (c: Reduction): c is Question & { readonly result: Shaped } =>
  !isRefusal(c) && c.op !== "count_nonzero" && c.options?.dtype === undefined;

describe.each(Object.entries(table))("%s(a, axis)", (op, cases) => {
  test.each(DTYPES)(`${camel(op)}(%s) is NumPy's in every layout`, (dtype) => {
    const failures = new Failures();
    for (const c of cases.filter((one) => one.dtype === dtype)) {
      memory.scope(() => {
        for (const layout of layoutsOf(c.shape)) failures.try(`${title(c)} ${layout.name}`, () => inLayout(c, layout));
        if (takesOut(c)) {
          for (const layout of layoutsOf(c.result.shape))
            failures.try(`${title(c)} out ${layout.name}`, () => intoOut(c, layout));
        }
      });
    }
    failures.none();
  });
});

describe("sums keep their precision", () => {
  // Error bounds of pairwise summation (Higham 1993): (leaf + log₂ n)·u·Σ|x|; naive sums of these are off by 1 %.
  const u = 2 ** -24,
    n = 1_000_000;

  test("sum(float32) of a million 0.1 is pairwise", () => {
    const x = Math.fround(0.1);
    const got = memory.scope(() => sum(full([n], 0.1, { dtype: "float32" })) as number);
    expect(Math.abs(got - n * x)).toBeLessThanOrEqual((64 + Math.log2(n)) * u * n * x);
  });

  test("sum(float32, 0) of tall arrays is pairwise too", () => {
    const x = Math.fround(0.1),
      rows = n / 10;
    memory.scope(() => {
      const got = sum(full([rows, 10], 0.1, { dtype: "float32" }), 0) as NDArray<"float32">;
      for (const value of got.data)
        expect(Math.abs(value - rows * x)).toBeLessThanOrEqual((64 + Math.log2(n)) * u * rows * x);
    });
  });

  test("mean(float16) does not overflow on the way", () => {
    memory.scope(() => {
      expect(fn("mean")(full([100_000], 60000, { dtype: "float16" }))).toBe(60000);
    });
  });

  test("sum(int8) and sum(uint64) are exact beyond 64 Ki elements", () => {
    memory.scope(() => {
      expect(sum(full([200_000], -128, { dtype: "int8" }))).toBe(-25_600_000n);
      const big: NDArray = zeros([70_001], { dtype: "uint64" });
      poke(big, new Uint8Array(8).fill(0xff));
      expect(sum(big)).toBe(BigInt.asUintN(64, -70_001n));
    });
  });
});

describe("issue 7.8: reductions by columns at the limits of tiles, rows and blocks", () => {
  // A tile has 2,048 elements, a row of accumulators 8 KiB, a block 32 rows.
  const ROWS = [1, 2, 12, 31, 32, 33, 64, 65],
    COLS = [2047, 2048, 2049, 2208, 4096, 8191, 8192, 8193];

  test("any(ones([12, 2208]), 0) is true everywhere, all(zeros([12, 2208]), 0) nowhere", () => {
    np.memory.scope(() => {
      expect(np.countNonzero(np.any(np.ones([12, 2208]), 0))).toBe(2208);
      expect(np.countNonzero(np.all(np.zeros([12, 2208]), 0))).toBe(0);
    });
  });

  test.each(["bool", "uint8", "int32", "float16", "float64", "complex64"] as const)("of %s as by rows", (dtype) => {
    for (const rows of ROWS) {
      for (const cols of COLS) {
        np.memory.scope(() => {
          const counted = np.arange(rows * cols).reshape([rows, cols]),
            x = np.remainder(counted, 13).astype("bool").astype(dtype) as np.NDArray,
            turned = x.T.copy() as np.NDArray;
          for (const f of [np.any, np.all, np.countNonzero, np.min, np.max, np.sum] as const) {
            const byColumns = f(x, 0) as unknown as np.NDArray,
              byRows = f(turned, 1) as unknown as np.NDArray;
            if (!np.arrayEqual(byColumns, byRows)) expect(`${f} of ${rows} x ${cols}`).toBe("the same by rows");
          }
        });
      }
    }
  });
});

test("argmax(a, axis, { out }) counts as a write of out, as sum does", () => {
  const a = full([2, 3], 1),
    indices = zeros(3, { dtype: "int32" }),
    sums = zeros(3);
  const before = [indices, sums].map(({ buffer }) => buffer.version);
  np.argmax(a, 0, { out: indices });
  sum(a, 0, { out: sums });
  expect([indices, sums].map(({ buffer }, i) => buffer.version - before[i])).toEqual([1, 1]);
});
