import { describe, expect, test } from "vitest";
import * as np from "../../src/index.js";
import text from "../oracle/products.json?raw";
import { DTYPES, decode } from "../support/oracle.js";
import { bytesOf, layouts, operand } from "./operands.js";

// NumPy's older products (scripts/oracle_products.py) of whole numbers, whose sums are exact in every dtype.

const { memory } = np;

interface Row {
  readonly f: keyof typeof functions;
  readonly shapes: readonly [number[], number[]];
  readonly dtypes: readonly [np.DType, np.DType];
  readonly more?: readonly [np.TensorAxes];
  readonly dtype: np.DType;
  readonly shape: readonly number[];
  readonly data: string;
}
const functions = {
  dot: np.dot,
  vdot: np.vdot,
  inner: np.inner,
  outer: np.outer,
  tensordot: np.tensordot,
  kron: np.kron,
  cross: np.cross,
};
type Call = (x: np.ArrayLike, y: np.ArrayLike, ...more: unknown[]) => np.NDArray<np.DType>;
const rows = (JSON.parse(text) as { older: Row[] }).older;

describe.each(DTYPES)("dot, vdot, inner, outer, tensordot, kron and cross of %s are NumPy's", (dtype) => {
  const own = rows.filter((row) => row.dtypes[0] === dtype);
  test.each(layouts)("%s, and leave nothing", (_, laid) => {
    for (const row of own) memory.scope(() => check(row));
    function check({ f, shapes, dtypes, shape, data, more, ...row }: Row): void {
      const x = laid(operand(shapes[0], dtypes[0], 3)),
        y = laid(operand(shapes[1], dtypes[1], 2)),
        what = `${f} ${dtypes} ${shapes.map((s) => `(${s})`)} ${JSON.stringify(more ?? [])}`;
      const before = memory.usage().live;
      using found = (functions[f] as Call)(x, y, ...(more ?? []));
      expect([found.dtype, found.shape], what).toEqual([row.dtype, shape]);
      expect(memory.usage().live - before, what).toBe(found.nbytes);
      // The sign of a zero is left to BLAS.
      const signless = found.dtype.startsWith("float") ? np.add(found, 0) : found;
      expect(bytesOf(signless).join(), what).toBe([...decode(data)].join());
    }
  });
});

test("dot(x, y, { out }) and outer(x, y, { out }) write into out, also over their operands", () => {
  memory.scope(() => {
    const x = np.reshape(np.arange(12), [3, 4]) as np.NDArray,
      y = np.reshape(np.arange(40), [2, 4, 5]) as np.NDArray,
      out = np.empty([3, 2, 5]);
    expect(np.dot(x, y, { out })).toBe(out);
    expect(np.arrayEqual(out, np.moveaxis(np.matmul(x, y), 0, 1))).toBe(true);
    const square = np.reshape(np.arange(9), [3, 3]) as np.NDArray,
      due = np.matmul(square, square);
    np.dot(square, square, { out: square });
    expect(square.tolist()).toEqual(due.tolist());
    const grid = np.empty([2, 3]);
    expect(np.outer([1, 2], [3, 4, 5], { out: grid })).toBe(grid);
    expect(grid.tolist()).toEqual([
      [3, 4, 5],
      [6, 8, 10],
    ]);
  });
});

test("dot, inner and tensordot copy no operand whose axes need not be one", () => {
  memory.scope(() => {
    const a = np.ones([100, 200]),
      b = np.ones([4, 200, 50]) as unknown as np.NDArray;
    const allocs = (run: () => unknown): [number, number] => {
      const t = memory.trace(run);
      return [t.allocs, t.peak];
    };
    expect(allocs(() => np.dot(a.T.copy().T, b))).toEqual([2, 160_000 + 160_000]);
    expect(allocs(() => np.dot(a, b))).toEqual([1, 100 * 4 * 50 * 8]);
    expect(allocs(() => np.inner(a, a))).toEqual([1, 80_000]);
    expect(allocs(() => np.tensordot(a, a, [0, 0]))).toEqual([1, 320_000]);
  });
});

test("trace(a) is the sum of a diagonal, with offset, axes, dtype and out", () => {
  memory.scope(() => {
    const a = np.reshape(np.arange(24), [2, 3, 4]) as np.NDArray;
    expect(
      np
        .trace([
          [1, 2],
          [3, 4],
        ])
        .tolist(),
    ).toBe(5);
    expect(np.trace(a).tolist()).toEqual([16, 18, 20, 22]);
    expect(np.trace(a, { offset: 1, axis1: 0, axis2: 2 }).tolist()).toEqual([15, 23, 31]);
    expect(np.trace(a, { offset: 5 }).tolist()).toEqual([0, 0, 0, 0]);
    expect(np.trace(np.ones([3, 3], { dtype: "int8" })).dtype).toBe("int64");
    expect(np.trace(np.ones([3, 3], { dtype: "bool" })).tolist()).toBe(3n);
    expect(np.trace(a, { dtype: "float32" }).dtype).toBe("float32");
    const out = np.empty([4]);
    expect(np.trace(a, { out })).toBe(out);
    expect(() => np.trace([1, 2])).toThrow("diag requires an array of at least two dimensions");
    expect(() => np.trace(a, { axis1: 1, axis2: 1 })).toThrow("axis1 and axis2 cannot be the same");
  });
});

test("cross(a, b, { axis, axisa, axisb, axisc }) takes vectors of two and three elements along any axis", () => {
  memory.scope(() => {
    const a = np.reshape(np.arange(6), [3, 2]) as np.NDArray,
      b = np.reshape(np.arange(6, 0, -1), [2, 3]) as np.NDArray;
    expect(np.cross(a, b, { axisa: 0 }).tolist()).toEqual([
      [-12, 24, -12],
      [-7, 14, -7],
    ]);
    expect(np.cross(a, b, { axisa: 0, axisc: 0 }).tolist()).toEqual([
      [-12, -7],
      [24, 14],
      [-12, -7],
    ]);
    expect(np.cross([1, 2], [3, 4]).tolist()).toBe(-2);
    expect(np.cross([1, 2], [3, 4, 5]).tolist()).toEqual([10, -5, -2]);
    expect(np.cross([3, 4, 5], [1, 2]).tolist()).toEqual([-10, 5, 2]);
  });
});

test("the older products refuse what NumPy refuses, in its sentences, and take no memory", () => {
  memory.scope(() => {
    const a = np.ones([2, 3]),
      before = memory.usage().live;
    const refused = (run: () => unknown, name: string, text: string): void =>
      expect(run).toThrow(expect.objectContaining({ name, message: text }));
    refused(() => np.dot(a, a), "ShapeError", "shapes (2,3) and (2,3) not aligned: 3 (dim 1) != 2 (dim 0)");
    refused(
      () => np.inner(a, a.at(":, 1:")),
      "ShapeError",
      "shapes (2,3) and (2,2) not aligned: 3 (dim 1) != 2 (dim 0)",
    );
    const unfit =
      "output array is not acceptable (must have the right datatype, number of dimensions, and be a C-Array)";
    using narrow = np.ones([2, 2], { dtype: "float32" });
    refused(() => np.dot(a, a.T, { out: narrow }), "ValueError", unfit);
    refused(() => np.dot(a, a.T, { out: a }), "ValueError", "output array has wrong dimensions");
    refused(() => np.vdot(a, a.at("0")), "ValueError", "cannot reshape array of size 3 into shape (6,)");
    refused(() => np.tensordot(a, a, 1), "ShapeError", "shape-mismatch for sum");
    refused(() => np.tensordot(a, a, 3), "IndexError", "tuple index out of range");
    refused(
      () =>
        np.tensordot(a, a, [
          [0, 0],
          [0, 0],
        ]),
      "ValueError",
      "duplicate axes are not allowed in tensordot",
    );
    refused(
      () => np.cross(a, np.ones([4])),
      "ValueError",
      "incompatible dimensions for cross product\n(dimension must be 2 or 3)",
    );
    refused(() => np.cross(1, a), "ValueError", "At least one array has zero dimension");
    refused(
      () => np.cross(a.T, a, { axis: 2 }),
      "AxisError",
      "axisa: axis 2 is out of bounds for array of dimension 2",
    );
    expect(memory.usage().live).toBe(before + narrow.nbytes + 32);
  });
});
